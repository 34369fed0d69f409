"""An index of the few households to learn with, so that a board need not look for them among all records

Revision 0024, after 0023.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_entities_practice',
        'entities',
        ['feed_id', 'id'],
        sqlite_where=sa.text('practice IS 1'),
        postgresql_where=sa.text('practice IS true'),
    )


def downgrade() -> None:
    op.drop_index('ix_entities_practice', 'entities')
