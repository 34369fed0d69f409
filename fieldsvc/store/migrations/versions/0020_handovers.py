"""Handovers that were planned, and the audit log by who did it

Revision 0020, after 0019.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'handovers',
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('giver_id', sa.Text(), nullable=False),
        sa.Column('taker_id', sa.Text(), nullable=False),
        sa.Column('subjects', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('by_id', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('moved', sa.BigInteger(), nullable=True),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers')),
    )
    op.create_index(op.f('ix_handovers_feed_id_giver_id'), 'handovers', ['feed_id', 'giver_id'])
    op.create_index(op.f('ix_handovers_feed_id_state_at'), 'handovers', ['feed_id', 'state', 'at'])
    op.create_index(op.f('ix_audit_feed_id_actor_id_position'), 'audit', ['feed_id', 'actor_id', 'position'])


def downgrade() -> None:
    op.drop_index(op.f('ix_audit_feed_id_actor_id_position'), 'audit')
    op.drop_table('handovers')
