"""Indexes for ledgers at a million visits: what counts in none, and pairings by household

Revision 0026, after 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_entities_gone',
        'entities',
        ['feed_id', 'id'],
        sqlite_where=sa.text('deleted IS 1 OR merged_into IS NOT NULL OR practice IS 1'),
        postgresql_where=sa.text('deleted IS true OR merged_into IS NOT NULL OR practice IS true'),
    )
    op.create_index(
        'ix_assignments_by_subject',
        'assignments',
        ['feed_id', 'subject_id', 'role', 'from_at', 'to_at', 'person_id', 'id'],
    )
    op.drop_index('ix_assignments_feed_id_subject_id', 'assignments')


def downgrade() -> None:
    op.create_index('ix_assignments_feed_id_subject_id', 'assignments', ['feed_id', 'subject_id'])
    op.drop_index('ix_assignments_by_subject', 'assignments')
    op.drop_index('ix_entities_gone', 'entities')
