"""Fingerprints of photos, flags on visits, and how far the feed was looked through

Revision 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fingerprints',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('bits', sa.BigInteger(), nullable=False),
    sa.Column('band0', sa.BigInteger(), nullable=False),
    sa.Column('band1', sa.BigInteger(), nullable=False),
    sa.Column('band2', sa.BigInteger(), nullable=False),
    sa.Column('band3', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'sha256', name=op.f('pk_fingerprints'))
    )
    for band in range(4):
        op.create_index(f'ix_fingerprints_band{band}', 'fingerprints', ['feed_id', f'band{band}', 'bits', 'sha256'])

    op.create_table('flags',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('ref', sa.Text(), nullable=False),
    sa.Column('facts', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('raised_at', sa.BigInteger(), nullable=False),
    sa.Column('dismissed_at', sa.BigInteger(), nullable=True),
    sa.Column('dismissed_by', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('feed_id', 'id', name=op.f('pk_flags'))
    )
    op.create_index(op.f('ix_flags_feed_id_submission_id'), 'flags', ['feed_id', 'submission_id'])
    op.create_table('scrutiny',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', name=op.f('pk_scrutiny'))
    )


def downgrade() -> None:
    op.drop_table('scrutiny')
    op.drop_table('flags')
    op.drop_table('fingerprints')
