"""Where a house was said to stand: every point of its record, by whom, when and why, and how far each was moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy.orm import Session

from fieldsvc.geo.datum import metres
from fieldsvc.services.capture import fix_of
from fieldsvc.store import audit, household_record, visit_record
from fieldsvc.store.tables import EntityVersionRow, OperationRow

#: A house is not moved more often than that.
MOST = 20


@dataclass(frozen=True, slots=True)
class Point:
    """One point: "lat lon altitude accuracy", or blank. `moved`: metres from the one before it."""

    value: str
    at: int
    by: str
    reason: str
    moved: float | None


def history(session: Session, feed_id: str, entity_id: str, name: str) -> list[Point]:
    """Every point a record had under this property, the newest first; one is the present one."""
    versions = household_record.versions(session, feed_id, [entity_id]).get(entity_id, [])
    written = [row for row in versions if name in row.changed][-MOST:]
    people = visit_record.people(session, [row.author_id for row in written])
    sent = visit_record.operations(session, feed_id, [row.operation_id for row in written if row.operation_id])
    at_desk = audit.of_thing(session, feed_id, f"entity:{entity_id}", "update")
    found: list[Point] = []
    for row in written:
        person, value = people.get(row.author_id or ""), str(row.properties.get(name) or "")
        operation = sent.get(row.operation_id or "")
        reason = _sent_reason(operation) if operation else _desk_reason(row, versions, at_desk)
        found.append(Point(value, row.at, person.name if person else "", reason, _apart(found, value)))
    return found[::-1]


def apart(one: object, other: object) -> float | None:
    """Metres between two points; None where one of them is none."""
    here, there = fix_of(one), fix_of(other)
    return metres(here[:2], there[:2]) if here and there else None


def _apart(before: Sequence[Point], value: str) -> float | None:
    return apart(before[-1].value, value) if before else None


def _sent_reason(operation: OperationRow) -> str:
    """Why a phone says it moved the point; a form has its own reasons, beside its answers."""
    return str(orjson.loads(operation.body).get("reason") or "")


def _desk_reason(row: EntityVersionRow, versions: Sequence[EntityVersionRow], lines: Sequence[audit.Line]) -> str:
    """The log's line about this version: written with it, so before any later version."""
    later = next((one.at for one in versions if one.version > row.version), None)
    own = (line for line in reversed(lines) if line.at >= row.at and (later is None or line.at <= later))
    return next((str(line.detail.get("reason", "")) for line in own), "")
