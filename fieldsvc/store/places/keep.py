"""Keeping the places in step with the records: whoever writes a household writes its place in the same transaction."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from fieldsvc.store.run import columns, table, write_all
from fieldsvc.store.tables import EntityRow, PlaceRow

#: The dataset whose records stand on the map, and the property that says where.
HOUSEHOLDS, HOME = "households", "home_gps"
MILLIONTHS = 1_000_000
_DELETE = delete(table(PlaceRow)).where(
    and_(columns(PlaceRow).feed_id == bindparam("feed"), columns(PlaceRow).entity_id == bindparam("entity"))
)
_INSERT = insert(table(PlaceRow))


def refresh(session: Session, feed_id: str, written: Sequence[dict[str, Any]]) -> None:
    """Write anew the places of these households (columns of their current rows by name)."""
    write_all(session, _DELETE, [{"feed": feed_id, "entity": row["id"]} for row in written])
    write_all(session, _INSERT, list(_places(feed_id, written)))


def rebuild(session: Session, feed_id: str) -> None:
    """Make all places of a feed anew from its records, after rows were written past `refresh`."""
    session.execute(delete(PlaceRow).where(PlaceRow.feed_id == feed_id))
    names = ("id", "area_id", "properties", "deleted", "merged_into", "practice")
    query = select(*(getattr(EntityRow, name) for name in names)).where(
        EntityRow.feed_id == feed_id, EntityRow.dataset == HOUSEHOLDS
    )
    rows = [dict(zip(names, row, strict=True)) for row in session.execute(query)]
    write_all(session, _INSERT, list(_places(feed_id, rows)))


def _places(feed_id: str, rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for row in rows:
        place = None if row["deleted"] or row["merged_into"] or row["practice"] else _place(row["properties"].get(HOME))
        if place is not None:
            latitude, longitude, accuracy = place
            yield {
                "feed_id": feed_id,
                "entity_id": row["id"],
                "area_id": row["area_id"],
                "latitude": latitude,
                "longitude": longitude,
                "accuracy": accuracy,
            }


def _place(value: object) -> tuple[int, int, int] | None:
    """Millionths of a degree and metres of "lat lon alt accuracy"; nothing for what is none."""
    try:
        numbers = [float(part) for part in str(value or "").split()[:4]]
    except ValueError:
        return None
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)) or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return None
    accuracy = min(max(numbers[3], 0.0), 1e7) if len(numbers) > 3 else 0.0
    return round(numbers[0] * MILLIONTHS), round(numbers[1] * MILLIONTHS), round(accuracy)
