"""One index of what counts nowhere: practice households are found in it as well, and need none of their own

Revision 0027, after 0026.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def _gone(*columns: str) -> None:
    op.create_index(
        'ix_entities_gone',
        'entities',
        list(columns),
        sqlite_where=sa.text('deleted IS 1 OR merged_into IS NOT NULL OR practice IS 1'),
        postgresql_where=sa.text('deleted IS true OR merged_into IS NOT NULL OR practice IS true'),
    )


def upgrade() -> None:
    op.drop_index('ix_entities_practice', 'entities')
    op.drop_index('ix_entities_gone', 'entities')
    _gone('feed_id', 'practice', 'id')


def downgrade() -> None:
    op.drop_index('ix_entities_gone', 'entities')
    _gone('feed_id', 'id')
    op.create_index(
        'ix_entities_practice',
        'entities',
        ['feed_id', 'id'],
        sqlite_where=sa.text('practice IS 1'),
        postgresql_where=sa.text('practice IS true'),
    )
