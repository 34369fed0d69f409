"""Files that somebody ordered and a worker makes

Revision 0019, after 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'exports',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('by_id', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('wanted', sa.JSON(), nullable=False),
        sa.Column('label', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('done', sa.BigInteger(), nullable=False),
        sa.Column('total', sa.BigInteger(), nullable=False),
        sa.Column('bytes', sa.BigInteger(), nullable=False),
        sa.Column('problem', sa.Text(), nullable=True),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_exports')),
    )
    op.create_index(op.f('ix_exports_feed_id_by_id_at'), 'exports', ['feed_id', 'by_id', 'at'])
    op.create_index(op.f('ix_exports_state_expires_at'), 'exports', ['state', 'expires_at'])


def downgrade() -> None:
    op.drop_table('exports')
