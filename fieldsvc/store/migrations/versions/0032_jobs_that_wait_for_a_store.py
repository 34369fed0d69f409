"""A job knows since when what it needs is away, because it may have waited for its turn long before

Revision 0032, after 0031.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('jobs', sa.Column('away_since', sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column('jobs', 'away_since')
