"""Where a house was said to stand: every point of its record, by whom, when and why, how it was come by, and how far
each was moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.orm import Session

from fieldsvc.geo.datum import metres
from fieldsvc.services import capture
from fieldsvc.services.capture import Capture, fix_of
from fieldsvc.store import audit, household_record, visit_record
from fieldsvc.store.tables import EntityVersionRow

#: A house is not moved more often than that.
MOST = 20
#: The source of a point that somebody set on an office page.
DESK = "desk"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: "lat lon altitude accuracy", or blank. `moved`: metres from the one before it.

    `capture`: what was told of it when it was taken, also where a desk went back to it; None where nothing was.
    """

    value: str
    at: int
    by: str
    reason: str
    moved: float | None
    capture: Capture | None


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
        document = orjson.loads(operation.body) if operation else {}
        # A form has its own reasons, beside its answers.
        reason = str(document.get("reason") or "") if operation else _desk_reason(row, versions, at_desk)
        known = _told(document, value) or next((one.capture for one in found if one.value == value), None)
        if known is None and not operation and reason:
            known = Capture(position=value, position_source=DESK)
        found.append(Point(value, row.at, person.name if person else "", reason, _apart(found, value), known))
    return found[::-1]


def apart(one: object, other: object) -> float | None:
    """Metres between two points; None where one of them is none."""
    here, there = fix_of(one), fix_of(other)
    return metres(here[:2], there[:2]) if here and there else None


def _apart(before: Sequence[Point], value: str) -> float | None:
    return apart(before[-1].value, value) if before else None


def _told(document: Mapping[str, Any], point: str) -> Capture | None:
    """What the phone told of the point that it sent."""
    context = document.get("context")
    return capture.of_position(context, point) if isinstance(context, Mapping) else None


def _desk_reason(row: EntityVersionRow, versions: Sequence[EntityVersionRow], lines: Sequence[audit.Line]) -> str:
    """The log's line about this version: written with it, so before any later version."""
    later = next((one.at for one in versions if one.version > row.version), None)
    own = (line for line in reversed(lines) if line.at >= row.at and (later is None or line.at <= later))
    return next((str(line.detail.get("reason", "")) for line in own), "")
