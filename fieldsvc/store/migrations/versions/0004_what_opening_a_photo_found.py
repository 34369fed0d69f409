"""Why a photo cannot be shown, and which smaller pictures were made here

Revision 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('blobs', sa.Column('unshown', sa.Text(), nullable=True))
    op.add_column('derivatives', sa.Column('made_here', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('derivatives', schema=None) as batch_op:
        batch_op.drop_column('made_here')

    with op.batch_alter_table('blobs', schema=None) as batch_op:
        batch_op.drop_column('unshown')
