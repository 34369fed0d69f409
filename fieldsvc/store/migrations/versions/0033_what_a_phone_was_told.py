"""A phone says what it was told of its county, so that a key of before can be let go once nobody seals to it

Revision 0033, after 0032.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('devices', sa.Column('told', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('devices', 'told')
