"""Approvals of many at once, and conflicts put aside or handed to somebody

Revision 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

_HANDED = sa.text("assignee_id IS NOT NULL AND state = 'open'")


def upgrade() -> None:
    op.add_column('reviews', sa.Column('bulk', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('conflicts', sa.Column('held_at', sa.BigInteger(), nullable=True))
    for name in ('assignee_id', 'moved_by_id', 'note'):
        op.add_column('conflicts', sa.Column(name, sa.Text(), nullable=True))
    columns = ['feed_id', 'assignee_id']
    op.create_index('ix_conflicts_handed', 'conflicts', columns, postgresql_where=_HANDED, sqlite_where=_HANDED)


def downgrade() -> None:
    op.drop_index('ix_conflicts_handed', 'conflicts')
    for name in ('note', 'moved_by_id', 'assignee_id', 'held_at'):
        op.drop_column('conflicts', name)
    op.drop_column('reviews', 'bulk')
