"""How a photo was taken, and flags whose ground is gone

Revision 0015, after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('attachments', sa.Column('capture', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('flags', sa.Column('withdrawn_at', sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column('flags', 'withdrawn_at')
    op.drop_column('attachments', 'capture')
