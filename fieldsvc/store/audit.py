"""The audit log: append only, each row hashing the one before, so that a removed row shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.purging.views import EMPTIED, PURGE, Seal
from fieldsvc.store.run import FEED, columns, table, write_all
from fieldsvc.store.run import first as first_row
from fieldsvc.store.tables import AuditRow, DeviceRow, FeedRow, PersonRow

FIRST = "0" * 64


_feeds, _audit = columns(FeedRow), columns(AuditRow)
_ALLOCATE = (
    update(table(FeedRow))
    .where(_feeds.id == FEED)
    .values(audit_position=_feeds.audit_position + bindparam("number"))
    .returning(_feeds.audit_position)
)
_HASH = select(_audit.hash).where(_audit.feed_id == FEED, _audit.position == bindparam("position"))
_INSERT = insert(table(AuditRow))


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
    last = int(first_row(session, _ALLOCATE, feed=feed_id, number=len(entries)).audit_position)
    first = last - len(entries) + 1
    before = first_row(session, _HASH, feed=feed_id, position=first - 1)
    previous = before.hash if before else FIRST
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
        previous = row["hash"] = hash_of(row)
        rows.append(row)
    write_all(session, _INSERT, rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as people read it: who, from which phone if it was one, and what exactly."""

    position: int
    at: int
    action: str
    who: str
    unit: str
    device: str | None
    detail: dict[str, Any]
    actor_id: str | None


def of_thing(
    session: Session, feed_id: str, thing: str, action: str, *, before: int | None = None, limit: int = 50
) -> list[Line]:
    """What was done to one thing, the newest first, from before a place in the log."""
    query = (
        select(AuditRow, PersonRow.name, PersonRow.unit, DeviceRow.name.label("device"))
        .join(PersonRow, PersonRow.id == AuditRow.actor_id, isouter=True)
        .join(DeviceRow, DeviceRow.id == AuditRow.device_id, isouter=True)
        .where(AuditRow.feed_id == feed_id, AuditRow.thing == thing, AuditRow.action == action)
        .order_by(AuditRow.position.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(AuditRow.position < before)
    return [
        Line(row.position, row.at, row.action, name or "", unit or "", device, row.detail or {}, row.actor_id)
        for row, name, unit, device in session.execute(query)
    ]


def broken(session: Session, feed_id: str) -> Iterator[int]:
    """The positions whose row does not follow from the one before: an untouched log answers none.

    Rows that a purge has emptied keep their place in the chain; what they come to is in the last purge's own row.
    """
    previous, expected, seal = FIRST, 1, Seal()
    query = select(AuditRow).where(AuditRow.feed_id == feed_id).order_by(AuditRow.position)
    for row in session.scalars(query).yield_per(1000):
        values = {column: getattr(row, column) for column in (*_HASHED, "previous")}
        sound = row.action == EMPTIED or row.hash == hash_of(values)
        if row.position != expected or row.previous != previous or not sound:
            yield row.position
        if row.action == EMPTIED:
            seal.takes(row.position, row.hash)
        elif row.action == PURGE:
            seal.hears(row.position, row.detail)
        previous, expected = row.hash, row.position + 1
    if seal.is_broken:
        yield seal.last


_HASHED = ("feed_id", "position", "at", "actor_id", "device_id", "action", "thing", "detail")
#: What a row consists of where it leaves the database; `hash_of` of the rest is its `hash`.
FIELDS = (*_HASHED, "previous", "hash")


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash a row must carry, from its other fields. `KeyError` when one is missing."""
    content = orjson.dumps([row[name] for name in (*_HASHED, "previous")], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()
