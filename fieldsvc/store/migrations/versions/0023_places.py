"""Where households live, in a table that a map can read

Revision 0023, after 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    places = op.create_table(
        'places',
        sa.Column('feed_id', sa.Text(), nullable=False),
        sa.Column('entity_id', sa.Text(), nullable=False),
        sa.Column('area_id', sa.Text(), nullable=True),
        sa.Column('latitude', sa.BigInteger(), nullable=False),
        sa.Column('longitude', sa.BigInteger(), nullable=False),
        sa.Column('accuracy', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('feed_id', 'entity_id', name=op.f('pk_places')),
    )
    op.create_index('ix_places_map', 'places', ['feed_id', 'longitude', 'latitude', 'area_id', 'entity_id'])
    _fill(places)


def _fill(places: sa.Table) -> None:
    """The places that the records hold already."""
    entities = sa.table(
        'entities',
        *(sa.column(name) for name in ('feed_id', 'id', 'dataset', 'area_id')),
        sa.column('properties', sa.JSON()),
        *(sa.column(name, sa.Boolean()) for name in ('deleted', 'practice')),
        sa.column('merged_into'),
    )
    living = sa.select(entities).where(
        entities.c.dataset == 'households',
        entities.c.deleted.is_(False),
        entities.c.practice.is_(False),
        entities.c.merged_into.is_(None),
    )
    connection = op.get_bind()
    after = ('', '')
    while rows := connection.execute(
        living.where(sa.tuple_(entities.c.feed_id, entities.c.id) > sa.tuple_(*after))
        .order_by(entities.c.feed_id, entities.c.id)
        .limit(1000)
    ).all():
        after = (rows[-1].feed_id, rows[-1].id)
        found = [
            {'feed_id': row.feed_id, 'entity_id': row.id, 'area_id': row.area_id, **place}
            for row in rows
            if (place := _place((row.properties or {}).get('home_gps')))
        ]
        if found:
            connection.execute(places.insert(), found)


def _place(value: object) -> dict[str, int] | None:
    try:
        numbers = [float(part) for part in str(value or '').split()[:4]]
        if len(numbers) < 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
            return None
        accuracy = round(max(numbers[3], 0)) if len(numbers) > 3 else 0
        return {'latitude': round(numbers[0] * 1e6), 'longitude': round(numbers[1] * 1e6), 'accuracy': accuracy}
    except (ValueError, OverflowError):
        return None


def downgrade() -> None:
    op.drop_table('places')
