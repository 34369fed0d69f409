"""A form says whether it is a visit, and coverage and reports are still counted from their indexes alone

Revision 0028, after 0027. What a county published before counts as it did until a new version says otherwise; of the
forms that came with the program only the visit record is a visit.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

_SHIPPED = (
    *('archive_papers', 'check', 'clue', 'housing_acceptance', 'housing_case', 'housing_inspection', 'identification'),
    *('income', 'plan', 'plan_quarter', 'power', 'rectification', 'registration', 'relocation', 'water'),
)
_COUNTED = ('area_id', 'subject_id', 'review_state', 'withdrawn_at', 'replaced_by_id')
_LISTED = 'replaced_by_id IS NULL'
_STANDING = "replaces_id IS NULL AND withdrawn_at IS NULL AND review_state != 'rejected'"
_INDEXES = {
    'ix_submissions_standing': (
        _STANDING,
        ('feed_id', 'month', 'subject_id', 'id', 'replaces_id', 'withdrawn_at', 'review_state'),
    ),
    'ix_submissions_by_month': (_LISTED, ('feed_id', 'month', *_COUNTED)),
    'ix_submissions_by_start': (_LISTED, ('feed_id', 'started_at', *_COUNTED)),
}


def upgrade() -> None:
    # In place: a table made anew would have to go first, and versions of forms point to it.
    op.add_column('forms', sa.Column('visit', sa.Boolean(), server_default=sa.true(), nullable=False))
    forms = sa.table('forms', sa.column('id', sa.String()), sa.column('visit', sa.Boolean()))
    op.execute(forms.update().where(forms.c.id.in_(_SHIPPED)).values(visit=False))
    _index_again('form_id')


def downgrade() -> None:
    _index_again()
    op.drop_column('forms', 'visit')


def _index_again(*more: str) -> None:
    for name, (where, columns) in _INDEXES.items():
        op.drop_index(name, 'submissions')
        holds = sa.text(where)
        op.create_index(name, 'submissions', [*columns, *more], sqlite_where=holds, postgresql_where=holds)
