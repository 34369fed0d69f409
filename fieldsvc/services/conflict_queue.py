"""Values that differ, as a supervisor reads them: the queue by household, and one conflict with all around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, chosen_villages, reach, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import conflicts, household_record, visit_record
from fieldsvc.store.audit import Line
from fieldsvc.store.conflicts import Key, Only, QueueGroup
from fieldsvc.store.tables import ConflictRow, OperationRow
from fieldsvc.store.visit_record import Photo


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: who, when, on which device, and in which visit; `names` what its answers chose."""

    by: str
    at: int | None
    device: str | None
    visit_id: str | None
    photos: Sequence[Photo]
    answers: Mapping[str, Any] | None = None
    definition: Mapping[str, Any] | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One open conflict in short."""

    id: str
    dataset: str
    entity_label: str
    is_subject: bool
    names: Sequence[str]
    current: Mapping[str, Any]
    candidate: Mapping[str, Any]
    current_by: str
    candidate_by: str
    opened_at: int
    version: int
    entity_version: int
    held: bool
    assignee: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """One household of the queue with its questions."""

    head: QueueGroup
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and how many conflicts are open within reach in each of its parts."""

    groups: Sequence[Group]
    next: Key | None
    numbers: Mapping[str, int]
    reach: reach.Reach
    datasets: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict, whole. `current` is the entity's value now; `current_at_opening` what it was then."""

    id: str
    version: int
    state: str
    subject_id: str
    household: str
    entity_label: str
    is_subject: bool
    dataset: str
    names: Sequence[str]
    base: Mapping[str, Any]
    current: Mapping[str, Any]
    candidate: Mapping[str, Any]
    entity_version: int
    current_origin: Origin | None
    candidate_origin: Origin | None
    choice: str | None
    value: Mapping[str, Any]
    reason: str | None
    decided_by: str
    decided_at: int | None
    opened_at: int
    places: Sequence[str]
    datasets: Mapping[str, Mapping[str, Any]]
    others: Sequence[Question]
    lately: Sequence[Line]
    held: bool
    assignee: str
    moved_by: str
    note: str
    reviewers: Mapping[str, str]


#: Parts of the queue: what waits (the default), what was handed to the reader, what was put aside.
PARTS = ("waiting", "mine", "held")


def part(name: str, by: Actor) -> Only:
    """What a part of the queue holds for this reader."""
    return Only(assignee_id=by.person_id) if name == "mine" else Only(held=name == "held")


def queue(ctx: Context, *, by: Actor, of: str = "waiting", after: Key | None = None, limit: int = 25) -> Queue:
    """A page of households with something to decide, the longest waiting first; `of` is one of `PARTS`."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        heads = conflicts.queue(session, by.feed_id, within.ids, after=after, limit=limit + 1, only=part(of, by))
        more = len(heads) > limit
        heads = heads[:limit]
        rows = conflicts.of_subjects(session, by.feed_id, [head.subject_id for head in heads], only=part(of, by))
        grouped: dict[str, list[Question]] = {}
        for subject, question in questions(session, by.feed_id, rows):
            grouped.setdefault(subject, []).append(question)
        return Queue(
            groups=[Group(head, grouped.get(head.subject_id, [])) for head in heads],
            next=heads[-1].key if more else None,
            numbers={name: conflicts.open_number(session, by.feed_id, within.ids, part(name, by)) for name in PARTS},
            reach=within,
            datasets=household_record.datasets(session),
        )


def conflict(ctx: Context, conflict_id: str, *, by: Actor) -> Conflict:
    """One conflict with everything needed to decide it. The view is written to the audit log."""
    with ctx.db.read() as session:
        row = conflicts.get(session, by.feed_id, conflict_id)
        if row is None or not access.may(session, by, Action.REVIEW, row.subject_id):
            raise problems.NotFound()
        found = _load(session, ctx, row, by)
    with ctx.db.write() as session:
        views.note(session, ctx, by, found.subject_id, {"conflict": conflict_id})
    return found


def _load(session: Session, ctx: Context, row: ConflictRow, by: Actor) -> Conflict:
    feed = row.feed_id
    entity = household_record.entity(session, feed, row.entity_id)
    subject = household_record.entity(session, feed, row.subject_id)
    present = entity.properties if entity else {}
    is_open = row.state == "open"
    others = [one for one in conflicts.of_subjects(session, feed, [row.subject_id]) if one.id != row.id]
    people = visit_record.people(session, [row.decided_by_id, row.assignee_id, row.moved_by_id])
    names = {person_id: person.name for person_id, person in people.items()}
    return Conflict(
        id=row.id,
        version=row.version,
        state=row.state,
        subject_id=row.subject_id,
        household=subject.label if subject else "",
        entity_label=entity.label if entity else "",
        is_subject=row.entity_id == row.subject_id,
        dataset=row.dataset,
        names=row.names,
        base=row.base,
        current={name: present.get(name) for name in row.names} if is_open else row.current,
        candidate=row.candidate,
        entity_version=entity.version if entity else row.current_version,
        current_origin=_origin_of_value(session, row),
        candidate_origin=_origin(session, feed, row.candidate_operation_id),
        choice=row.choice,
        value=row.value or {},
        reason=row.reason,
        decided_by=names.get(row.decided_by_id or "", ""),
        decided_at=row.decided_at,
        opened_at=row.opened_at,
        places=reach.of(session, by).places(subject.area_id if subject else None),
        datasets=household_record.datasets(session),
        others=[question for _, question in questions(session, feed, others)],
        lately=views.lately(session, ctx, by, row.subject_id, {"conflict": row.id}) if is_open else (),
        held=row.held_at is not None,
        assignee=names.get(row.assignee_id or "", ""),
        moved_by=names.get(row.moved_by_id or "", ""),
        note=row.note or "",
        reviewers=access.reviewers(session, by, row.subject_id, ctx.now_ms()) if is_open else {},
    )


def questions(session: Session, feed_id: str, rows: Sequence[ConflictRow]) -> list[tuple[str, Question]]:
    """The conflicts in short, each with its household."""
    sent = visit_record.operations(
        session, feed_id, [one for row in rows for one in (row.candidate_operation_id, row.current_operation_id) if one]
    )
    wrote = [operation.author_id for operation in sent.values()]
    people = visit_record.people(session, [*wrote, *(row.assignee_id for row in rows)])
    records = household_record.entities(session, feed_id, {row.entity_id for row in rows})

    def author(operation_id: str | None) -> str:
        operation = sent.get(operation_id or "")
        person = people.get(operation.author_id) if operation else None
        return person.name if person else ""

    found = []
    for row in rows:
        entity = records.get(row.entity_id)
        present = entity.properties if entity else {}
        assignee = people.get(row.assignee_id or "")
        found.append(
            (
                row.subject_id,
                Question(
                    id=row.id,
                    dataset=row.dataset,
                    entity_label=entity.label if entity else "",
                    is_subject=row.entity_id == row.subject_id,
                    names=row.names,
                    current={name: present.get(name) for name in row.names},
                    candidate=row.candidate,
                    current_by=author(row.current_operation_id),
                    candidate_by=author(row.candidate_operation_id),
                    opened_at=row.opened_at,
                    version=row.version,
                    entity_version=entity.version if entity else row.current_version,
                    held=row.held_at is not None,
                    assignee=assignee.name if assignee else "",
                    note=row.note or "",
                ),
            )
        )
    return found


def _origin_of_value(session: Session, row: ConflictRow) -> Origin | None:
    """Who wrote the value that stands: the last version that changed one of the conflict's properties."""
    limit = None if row.state == "open" else row.current_version
    for version in reversed(household_record.versions(session, row.feed_id, [row.entity_id]).get(row.entity_id, [])):
        if limit is not None and version.version > limit:
            continue
        if not set(version.changed) & set(row.names) and version.version > 1:
            continue
        if version.operation_id:
            return _origin(session, row.feed_id, version.operation_id)
        author = visit_record.people(session, [version.author_id]).get(version.author_id or "")
        return Origin(author.name if author else "", version.at, None, None, ())
    return None


def _origin(session: Session, feed_id: str, operation_id: str) -> Origin | None:
    operation: OperationRow | None = visit_record.operations(session, feed_id, [operation_id]).get(operation_id)
    if operation is None:
        return None
    author = visit_record.people(session, [operation.author_id]).get(operation.author_id)
    device = visit_record.devices(session, [operation.device_id]).get(operation.device_id or "")
    visit = visit_record.get(session, feed_id, operation_id)
    definition = household_record.definition(session, visit.form_id, visit.form_version) if visit else None
    filled = [(definition, visit.answers)] if visit and definition else []
    return Origin(
        by=author.name if author else "",
        at=operation.received_at,
        device=device.name if device else None,
        visit_id=visit.id if visit else None,
        photos=visit_record.photos(session, feed_id, [operation_id]).get(operation_id, ()),
        answers=visit.answers if visit else None,
        definition=definition,
        names=chosen_villages.names(session, feed_id, filled),
    )
