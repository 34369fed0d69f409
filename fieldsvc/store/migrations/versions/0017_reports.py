"""Reports whose figures were frozen

Revision 0017, after 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'reports',
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('area_id', sa.Text(), nullable=False),
        sa.Column('period', sa.Text(), nullable=False),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.Column('cut_off_at', sa.BigInteger(), nullable=False),
        sa.Column('frozen_by_id', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('feed_id', 'area_id', 'period', name=op.f('pk_reports')),
    )


def downgrade() -> None:
    op.drop_table('reports')
