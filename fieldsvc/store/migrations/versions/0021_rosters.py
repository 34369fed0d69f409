"""Rosters of other offices beside the register: what differs, what only one of the two has, and what was decided

Revision 0021, after 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

_COPY = """
insert into differences (feed_id, source, roster, ref, names, part, area_id, label, recorded, imported, import_id)
select d.feed_id, d.source, e.dataset, d.entity_id, d.names, 'different', e.area_id, e.label,
       d.recorded, d.imported, d.import_id
from import_differences d join entities e on e.feed_id = d.feed_id and e.id = d.entity_id
"""


def upgrade() -> None:
    op.create_table(
        'differences',
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('roster', sa.Text(), nullable=False),
        sa.Column('ref', sa.Text(), nullable=False),
        sa.Column('names', sa.Text(), nullable=False),
        sa.Column('part', sa.Text(), nullable=False),
        sa.Column('area_id', sa.Text(), nullable=True),
        sa.Column('label', sa.Text(), nullable=False),
        sa.Column('recorded', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('imported', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('import_id', sa.Text(), nullable=False),
        sa.Column('choice', sa.Text(), nullable=True),
        sa.Column('by_id', sa.Text(), nullable=True),
        sa.Column('at', sa.BigInteger(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint('feed_id', 'source', 'roster', 'ref', 'names', name=op.f('pk_differences')),
    )
    op.execute(_COPY)
    op.drop_table('import_differences')


def downgrade() -> None:
    op.create_table(
        'import_differences',
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('entity_id', sa.Text(), nullable=False),
        sa.Column('names', sa.Text(), nullable=False),
        sa.Column('recorded', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('imported', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('import_id', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('feed_id', 'source', 'entity_id', 'names', name=op.f('pk_import_differences')),
    )
    op.drop_table('differences')
