"""Values that were written and did not become current: shown to whoever looks at the household, and restorable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, definitions, desk_closed, points, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.points import Point
from fieldsvc.store import conflicts, household_record, visit_record
from fieldsvc.store.tables import ConflictRow, EntityRow


@dataclass(frozen=True, slots=True)
class Lost:
    """Values that somebody wrote of one entity and that do not stand. `why` is a choice or a reason of merging."""

    conflict_id: str
    side: str
    entity_id: str
    dataset: str
    label: str
    values: Mapping[str, Any]
    by: str
    at: int
    why: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What is about to be corrected: properties that only change together, as they stand and as proposed.

    `points`: of a place, every point the record had, the newest first.
    """

    household_id: str
    household: str
    entity_id: str
    label: str
    dataset: str
    version: int
    names: Sequence[str]
    current: Mapping[str, Any]
    proposed: Mapping[str, Any]
    definition: Mapping[str, Any]
    points: Sequence[Point] = ()


def lost_values(session: Session, feed_id: str, subject_id: str) -> list[Lost]:
    """Every value about this household that was written and does not stand, the newest first."""
    rows = conflicts.settled_of_subject(session, feed_id, subject_id)
    ids = [one for row in rows for one in (row.candidate_operation_id, row.current_operation_id) if one]
    sent = visit_record.operations(session, feed_id, ids)
    people = visit_record.people(session, [operation.author_id for operation in sent.values()])
    found = []
    for row in rows:
        entity = household_record.entity(session, feed_id, row.entity_id)
        for side, values, operation_id in _losers(row) if entity else ():
            operation = sent.get(operation_id or "")
            author = people.get(operation.author_id) if operation else None
            if entity is not None and _differs(entity, values):
                found.append(
                    Lost(
                        conflict_id=row.id,
                        side=side,
                        entity_id=row.entity_id,
                        dataset=row.dataset,
                        label=entity.label,
                        values=values,
                        by=author.name if author else "",
                        at=operation.received_at if operation else row.opened_at,
                        why="decided" if row.choice else row.reason or "equal",
                    )
                )
    return found


def begin(
    ctx: Context, household_id: str, entity_id: str, name: str, *, by: Actor, lost: tuple[str, str] | None = None
) -> Correction:
    """A correction of one property and those that change with it; `lost` (conflict, side) proposes a lost value.

    Masked values are shown here, so that this too leaves a trace. Raises `not-found`, and `not-allowed` for what no
    desk corrects.
    """
    with ctx.db.read() as session:
        access.require(session, by, Action.REVIEW, household_id)
        entity = household_record.entity(session, by.feed_id, entity_id)
        subject = household_record.entity(session, by.feed_id, household_id)
        if entity is None or subject is None or entity.subject_id != household_id:
            raise problems.NotFound()
        desk_closed.require_open(entity.dataset)
        rules = definitions.datasets(ctx, session).rules(entity.dataset)
        names = rules.unit(name).names
        desk_closed.require_writable(rules, names)
        current = {one: entity.properties.get(one) for one in names}
        found = Correction(
            household_id=household_id,
            household=subject.label,
            entity_id=entity_id,
            label=entity.label,
            dataset=entity.dataset,
            version=entity.version,
            names=names,
            current=current,
            proposed={**current, **_proposed(session, by.feed_id, entity_id, lost)},
            definition=household_record.datasets(session).get(entity.dataset, {}),
            points=_points(ctx, session, by.feed_id, entity, name),
        )
    with ctx.db.write() as session:
        views.note(session, ctx, by, household_id, {"entity": entity_id, "property": name})
    return found


def _points(ctx: Context, session: Session, feed_id: str, entity: EntityRow, name: str) -> Sequence[Point]:
    is_place = definitions.datasets(ctx, session).properties(entity.dataset).get(name, {}).get("type") == "geopoint"
    return points.history(session, feed_id, entity.id, name) if is_place else ()


def _proposed(session: Session, feed_id: str, entity_id: str, lost: tuple[str, str] | None) -> Mapping[str, Any]:
    row = conflicts.get(session, feed_id, lost[0]) if lost else None
    if row is None or lost is None or row.entity_id != entity_id:
        return {}
    return row.current if lost[1] == "current" else row.candidate


def _losers(row: ConflictRow) -> Iterator[tuple[str, Mapping[str, Any], str | None]]:
    if row.choice != "current":
        if row.choice is not None:
            yield "current", row.current, row.current_operation_id
        if row.choice == "candidate":
            return
    yield "candidate", row.candidate, row.candidate_operation_id


def _differs(entity: EntityRow, values: Mapping[str, Any]) -> bool:
    return any((entity.properties.get(name) or None) != (value or None) for name, value in values.items())
