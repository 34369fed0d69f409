"""When an operation was answered first: what waited for a person lay under what came after it, whatever is said later

Revision 0034, after 0033.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('operations', sa.Column('answered_at', sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column('operations', 'answered_at')
