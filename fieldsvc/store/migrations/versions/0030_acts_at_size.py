"""The acts of one kind are found in a log of a million lines: who took what out is a handful among them

Revision 0030, after 0029.
"""

from __future__ import annotations

from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_audit_feed_id_action_position', 'audit', ['feed_id', 'action', 'position'])


def downgrade() -> None:
    op.drop_index('ix_audit_feed_id_action_position', 'audit')
