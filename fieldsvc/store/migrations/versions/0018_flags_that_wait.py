"""What is flagged and waits for a reviewer, found without the flags of earlier years

Revision 0018, after 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

_FLAGGED = sa.text('replaced_by_id IS NULL AND flags IS NOT NULL')


def upgrade() -> None:
    columns = ['feed_id', 'review_state', 'month', 'received_at', 'id']
    op.create_index(
        'ix_submissions_flagged_by_state', 'submissions', columns, sqlite_where=_FLAGGED, postgresql_where=_FLAGGED
    )


def downgrade() -> None:
    op.drop_index('ix_submissions_flagged_by_state', 'submissions')
