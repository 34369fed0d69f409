"""Indexes for what the office lists and counts at a million visits: ledgers, reports, who was given a whole area

Revision 0025, after 0024.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

_COUNTED = ('area_id', 'subject_id', 'review_state', 'withdrawn_at', 'replaced_by_id')
_SUBMISSIONS = {
    'ix_submissions_by_form': (
        'feed_id',
        'form_id',
        'month',
        'received_at',
        'id',
        'area_id',
        'review_state',
        'withdrawn_at',
        'replaced_by_id',
    ),
    'ix_submissions_by_month': ('feed_id', 'month', *_COUNTED),
    'ix_submissions_by_start': ('feed_id', 'started_at', *_COUNTED),
}


def upgrade() -> None:
    listed = sa.text('replaced_by_id IS NULL')
    for name, columns in _SUBMISSIONS.items():
        op.create_index(name, 'submissions', list(columns), sqlite_where=listed, postgresql_where=listed)
    given = sa.text('area_id IS NOT NULL')
    op.create_index(
        'ix_assignments_of_areas', 'assignments', ['feed_id', 'area_id'], sqlite_where=given, postgresql_where=given
    )


def downgrade() -> None:
    op.drop_index('ix_assignments_of_areas', 'assignments')
    for name in _SUBMISSIONS:
        op.drop_index(name, 'submissions')
