"""Campaigns: a frozen list of households, and towns that check each other's

Revision 0022, after 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'campaigns',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('area_id', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('form_id', sa.Text(), nullable=True),
        sa.Column('drawn', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('from_at', sa.BigInteger(), nullable=False),
        sa.Column('to_at', sa.BigInteger(), nullable=False),
        sa.Column('by_id', sa.Text(), nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns')),
    )
    op.create_index(op.f('ix_campaigns_feed_id_at_id'), 'campaigns', ['feed_id', 'at', 'id'])
    op.create_table(
        'campaign_targets',
        sa.Column('campaign_id', sa.Text(), nullable=False),
        sa.Column('subject_id', sa.Text(), nullable=False),
        sa.Column('area_id', sa.Text(), nullable=True),
        sa.Column('label', sa.Text(), nullable=False),
        sa.Column('added_at', sa.BigInteger(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint('campaign_id', 'subject_id', name=op.f('pk_campaign_targets')),
    )
    op.create_table(
        'crossings',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('campaign_id', sa.Text(), nullable=False),
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('checkers_area_id', sa.Text(), nullable=False),
        sa.Column('checked_area_id', sa.Text(), nullable=False),
        sa.Column('by_id', sa.Text(), nullable=False),
        sa.Column('begun_at', sa.BigInteger(), nullable=True),
        sa.Column('counts', sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_crossings')),
    )
    op.create_index(op.f('ix_crossings_campaign_id'), 'crossings', ['campaign_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_crossings_campaign_id'), table_name='crossings')
    op.drop_table('crossings')
    op.drop_table('campaign_targets')
    op.drop_index(op.f('ix_campaigns_feed_id_at_id'), table_name='campaigns')
    op.drop_table('campaigns')
