"""The audit log: append only, each row hashing the one before, so that a removed row shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AuditRow, FeedRow

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which thing. `detail` holds ids and counts, never names or answers."""

    at: int
    actor_id: str | None
    action: str
    thing: str
    device_id: str | None = None
    detail: dict[str, Any] | None = None


def append(session: Session, feed_id: str, entries: Sequence[Entry]) -> None:
    """Add entries to the feed's audit log. Locks the feed's counter row: call it right before the commit."""
    if not entries:
        return
    last = session.execute(
        update(FeedRow)
        .where(FeedRow.id == feed_id)
        .values(audit_position=FeedRow.audit_position + len(entries))
        .returning(FeedRow.audit_position)
    ).scalar_one()
    first = last - len(entries) + 1
    previous = (
        session.scalars(
            select(AuditRow.hash).where(AuditRow.feed_id == feed_id, AuditRow.position == first - 1)
        ).first()
        or FIRST
    )
    rows = []
    for position, entry in enumerate(entries, start=first):
        row = {
            "feed_id": feed_id,
            "position": position,
            "at": entry.at,
            "actor_id": entry.actor_id,
            "device_id": entry.device_id,
            "action": entry.action,
            "thing": entry.thing,
            "detail": entry.detail,
            "previous": previous,
        }
        previous = row["hash"] = _hash(row)
        rows.append(row)
    session.execute(insert(AuditRow), rows)


def broken(session: Session, feed_id: str) -> Iterator[int]:
    """The positions whose row does not follow from the one before: an untouched log answers none."""
    previous, expected = FIRST, 1
    query = select(AuditRow).where(AuditRow.feed_id == feed_id).order_by(AuditRow.position)
    for row in session.scalars(query).yield_per(1000):
        values = {column: getattr(row, column) for column in (*_HASHED, "previous")}
        if row.position != expected or row.previous != previous or row.hash != _hash(values):
            yield row.position
        previous, expected = row.hash, row.position + 1


_HASHED = ("feed_id", "position", "at", "actor_id", "device_id", "action", "thing", "detail")


def _hash(row: dict[str, Any]) -> str:
    content = orjson.dumps([row[name] for name in (*_HASHED, "previous")], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()
