"""How far the numbers go that the server gives to records

Revision 0029, after 0028.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('numbers',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('series', sa.Text(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'series', name=op.f('pk_numbers'))
    )


def downgrade() -> None:
    op.drop_table('numbers')
