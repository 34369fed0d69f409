"""Households to learn with

Revision 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

_COLUMNS = ['feed_id', 'dataset', 'area_id', 'id', 'deleted', 'merged_into']
_LIVING = ('deleted IS false AND merged_into IS NULL', 'deleted IS 0 AND merged_into IS NULL')
_REAL = (f'{_LIVING[0]} AND practice IS false', f'{_LIVING[1]} AND practice IS 0')


def _index(columns: list[str], where: tuple[str, str]) -> None:
    postgresql, sqlite = map(sa.text, where)
    op.create_index('ix_entities_living', 'entities', columns, postgresql_where=postgresql, sqlite_where=sqlite)


def upgrade() -> None:
    op.drop_index('ix_entities_living', table_name='entities')
    op.add_column('entities', sa.Column('practice', sa.Boolean(), server_default=sa.false(), nullable=False))
    _index([*_COLUMNS, 'practice'], _REAL)


def downgrade() -> None:
    op.drop_index('ix_entities_living', table_name='entities')
    op.drop_column('entities', 'practice')
    _index(_COLUMNS, _LIVING)
