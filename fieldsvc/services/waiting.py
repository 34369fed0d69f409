"""What waits for a person before it takes effect, and everything needed to say yes or no to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, reach, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import household_record, operations, visit_record, waiting
from fieldsvc.store.waiting import Key, WaitingLine
from sync.model import Status


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """One page of waiting operations, and how many there are."""

    lines: Sequence[WaitingLine]
    next: Key | None
    total: int
    reach: reach.Reach


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operation wants of one entity, beside what the entity says now."""

    dataset: str
    label: str
    now: Mapping[str, Any]
    changes: Mapping[str, Any]
    created: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The record that is there already, where there may be only one and the operation would write a second."""

    subject_id: str
    subject: str
    dataset: str
    label: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One operation that waits, whole. `standing` is `None` too when that record is none of the reader's."""

    id: str
    kind: str
    subject_id: str
    label: str
    places: Sequence[str]
    author: str
    device: str | None
    received_at: int
    status: str
    problem: Mapping[str, Any]
    is_visit: bool
    wishes: Sequence[Wish]
    standing: Standing | None
    datasets: Mapping[str, Mapping[str, Any]]


def queue(ctx: Context, *, by: Actor, after: Key | None = None, limit: int = 50) -> WaitingPage:
    """A page of operations in review within the supervisor's areas."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        lines = waiting.page(session, by.feed_id, within.ids, after=after, limit=limit + 1)
        more = len(lines) > limit
        return WaitingPage(
            lines=lines[:limit],
            next=lines[limit - 1].key if more else None,
            total=waiting.number(session, by.feed_id, within.ids),
            reach=within,
        )


def operation(ctx: Context, operation_id: str, *, by: Actor) -> Waiting:
    """One operation that waits or waited; the view is written to the audit log."""
    with ctx.db.read() as session:
        found = operations.known(session, by.feed_id, [operation_id]).get(operation_id)
        if found is None:
            raise problems.NotFound()
        within, feed = reach.of(session, by), by.feed_id
        subject = household_record.entity(session, feed, found.subject_id) if found.subject_id else None
        if subject is not None:
            access.require(session, by, Action.REVIEW, subject.id)
        elif within.ids is not None:
            raise problems.NotFound()
        wishes = []
        for effect in visit_record.effects(session, feed, operation_id):
            entity = household_record.entity(session, feed, effect.entity_id)
            now = entity.properties if entity else {}
            wishes.append(Wish(effect.dataset, effect.label, now, effect.changes, created=entity is None))
        people = visit_record.people(session, [found.author_id])
        device = visit_record.devices(session, [found.device_id]).get(found.device_id or "")
        shown = Waiting(
            id=found.id,
            kind=found.kind,
            subject_id=found.subject_id or "",
            label=subject.label if subject else "",
            places=within.places(subject.area_id if subject else None),
            author=people[found.author_id].name if found.author_id in people else "",
            device=device.name if device else None,
            received_at=found.received_at,
            status=found.status if found.status in (Status.REVIEW, Status.HELD) else "done",
            problem=found.problem or {},
            is_visit=visit_record.get(session, feed, operation_id) is not None,
            wishes=wishes,
            standing=_standing(session, by, found.problem or {}),
            datasets=household_record.datasets(session),
        )
    with ctx.db.write() as session:
        for subject_id in {found.subject_id or operation_id, *([shown.standing.subject_id] if shown.standing else [])}:
            views.note(session, ctx, by, subject_id, {"operation": operation_id})
    return shown


def _standing(session: Session, by: Actor, problem: Mapping[str, Any]) -> Standing | None:
    record = problem.get("record") if problem.get("code") == problems.NotUnique.code else None
    entity = household_record.entity(session, by.feed_id, str(record)) if record else None
    if entity is None or not access.may(session, by, Action.REVIEW, entity.subject_id):
        return None
    subject = household_record.entity(session, by.feed_id, entity.subject_id)
    return Standing(
        subject_id=entity.subject_id,
        subject=subject.label if subject else "",
        dataset=entity.dataset,
        label=entity.label,
        properties=entity.properties,
    )
