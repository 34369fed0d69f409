"""What waits for a person before it takes effect, and everything needed to say yes or no to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, asked, chosen_villages, definitions, masked, reach, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.asked import Asked, Filled
from fieldsvc.services.context import Context
from fieldsvc.services.intake.beginning import would_lie_in
from fieldsvc.services.intake.known import Known
from fieldsvc.services.left_behind import Left, left_behind
from fieldsvc.services.masked import Value
from fieldsvc.store import entities, household_record, operations, visit_record, waiting
from fieldsvc.store.operations import Receipted
from fieldsvc.store.tables import EntityRow
from fieldsvc.store.visit_record import Effect
from fieldsvc.store.waiting import Key, WaitingLine
from sync.branch import as_said
from sync.model import Policy, Rules, Status


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """One page of waiting operations, and how many there are."""

    lines: Sequence[WaitingLine]
    next: Key | None
    total: int
    reach: reach.Reach


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operation wants of one entity, beside what the entity says `now`: nothing where it is none of the
    reader's. Of what is still undecided `changes` leave out what would stay as it is. What is `counted` says the same
    number as `now` and adds to it all the same: its author had seen another."""

    entity_id: str
    dataset: str
    label: str
    now: Mapping[str, Any] | None
    changes: Mapping[str, Any]
    counted: frozenset[str]
    created: bool
    deleted: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The record that is there already, where there may be only one and the operation would write a second."""

    entity_id: str
    subject_id: str
    subject: str
    dataset: str
    label: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One operation that waits, whole. `standing` is `None` too when that record is none of the reader's.

    `registered`: its household is in the register. `filled` are the answers of a form that is no visit yet, `names` the
    records they point to; `withdraws` is the visit it takes back, where the reader may review that, and `leaves` what
    that would leave on a household that it ends; `text` and `looked_at` are of messages and of views. `closed` says
    what becomes of a household that is closed: accepted, this `returns` it, or it has to come back `first`.
    """

    id: str
    kind: str
    subject_id: str
    registered: bool
    label: str
    places: Sequence[str]
    author: str
    device: str | None
    received_at: int
    status: str
    problem: Mapping[str, Any]
    is_visit: bool
    readable: bool
    wishes: Sequence[Wish]
    filled: Filled | None
    names: Mapping[str, str]
    withdraws: str | None
    leaves: Left | None
    text: str | None
    looked_at: Sequence[str]
    standing: Standing | None
    closed: str
    datasets: Mapping[str, Mapping[str, Any]]

    def values(self) -> Iterator[Value]:
        """Every value of a record that the page holds, masked or not."""
        for wish in self.wishes:
            yield from (Value(wish.entity_id, wish.dataset, name) for name in wish.changes)
        if self.standing:
            there = self.standing
            yield from (Value(there.entity_id, there.dataset, name) for name in there.properties)
        if self.filled:
            yield from self.filled.saved.values()


def queue(ctx: Context, *, by: Actor, after: Key | None = None, limit: int = 50) -> WaitingPage:
    """A page of operations in review within the supervisor's areas."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        lines = waiting.page(session, by.feed_id, within.ids, after=after, limit=limit + 1)
        more = len(lines) > limit
        return WaitingPage(
            lines=_named(ctx, session, by.feed_id, lines[:limit]),
            next=lines[limit - 1].key if more else None,
            total=waiting.number(session, by.feed_id, within.ids),
            reach=within,
        )


def _named(ctx: Context, session: Session, feed_id: str, lines: Sequence[WaitingLine]) -> Sequence[WaitingLine]:
    """The lines with what a household that waits to begin would be called: somebody looks for one of several."""
    nameless = [line.id for line in lines if not line.label]
    if not nameless:
        return lines
    wanted, known = operations.effects_of(session, feed_id, nameless), definitions.datasets(ctx, session)
    names = {
        (id_, one.entity_id): known.label(one.dataset, one.changes) for id_, found in wanted.items() for one in found
    }
    return [replace(line, label=line.label or names.get((line.id, line.subject_id or "")) or "") for line in lines]


def operation(ctx: Context, operation_id: str, *, by: Actor, reveal: str | None = None) -> Waiting:
    """One operation that waits or waited; the view is written to the audit log.

    So is the one masked value that the page is about to show, called `reveal` as in `masked.key`, with the household it
    is of. Raises `not-found`, also for a name that is not on the page.
    """
    with ctx.db.read() as session:
        found = operations.known(session, by.feed_id, [operation_id]).get(operation_id)
        if found is None:
            raise problems.NotFound()
        within, feed = reach.of(session, by), by.feed_id
        subject = household_record.entity(session, feed, found.subject_id) if found.subject_id else None
        if subject is not None:
            access.require(session, by, Action.REVIEW, subject.id)
            area_id = subject.area_id
        else:
            area_id = _let_see(ctx, session, found, by=by)
        said = asked.read(ctx, session, feed, found)
        done = found.status not in (Status.REVIEW, Status.HELD)
        wishes = _wishes(ctx, session, by, found, said, done=done)
        # Of a household that is not in the register no page of a visit is to be had.
        is_visit = subject is not None and visit_record.get(session, feed, operation_id) is not None
        members = household_record.members(session, feed, subject.id) if subject and said.filled else ()
        filled = [(said.filled.definition, said.filled.answers)] if said.filled else []
        created = next((wish.label for wish in said.wishes if wish.entity_id == found.subject_id), "")
        people = visit_record.people(session, [found.author_id])
        device = visit_record.devices(session, [found.device_id]).get(found.device_id or "")
        shown = Waiting(
            id=found.id,
            kind=found.kind,
            subject_id=found.subject_id or "",
            registered=subject is not None,
            label=(subject.label if subject else created) or "",
            places=within.places(area_id),
            author=people[found.author_id].name if found.author_id in people else "",
            device=device.name if device else None,
            received_at=found.received_at,
            status="done" if done else found.status,
            problem=found.problem or {},
            is_visit=is_visit,
            readable=said.readable,
            wishes=wishes,
            filled=None if is_visit else said.filled,
            names={**chosen_villages.names(session, feed, filled), **{one.id: one.label for one in members}},
            withdraws=(withdrawn := _withdrawn(session, by, said)),
            leaves=left_behind(session, feed, withdrawn) if withdrawn and not done else None,
            text=said.text,
            looked_at=said.looked_at,
            standing=_standing(session, by, found.problem or {}),
            closed=_closed(found, subject, wishes) if subject and subject.deleted and not done else "",
            datasets=household_record.datasets(session),
        )
        trace = masked.trace(session, by, shown.values(), reveal, shown.subject_id or operation_id)
    with ctx.db.write() as session:
        for subject_id in {found.subject_id or operation_id, *([shown.standing.subject_id] if shown.standing else [])}:
            views.note(session, ctx, by, subject_id, {"operation": operation_id})
        if trace:
            views.note(session, ctx, by, trace.subject_id, {"operation": operation_id, **trace.detail})
    return shown


def _let_see(ctx: Context, session: Session, found: Receipted, *, by: Actor) -> str | None:
    """The area in which what begins here would lie, for whoever decides it; raises `not-found` for others."""
    area_id = would_lie_in(Known.of(ctx, session, by.feed_id), found)
    try:
        access.require_to_let_begin(session, by, area_id)
    except problems.NotAllowed as beyond:
        raise problems.NotFound() from beyond
    return area_id


def _wishes(ctx: Context, session: Session, by: Actor, found: Receipted, said: Asked, *, done: bool) -> list[Wish]:
    """What it wants: as it was decided or, of one that was kept undecided, as its author says."""
    decided = [each for each in visit_record.effects(session, by.feed_id, found.id) if each.dataset]
    wanted: Sequence[Effect | asked.Wished] = decided or said.wishes
    rules = {one.dataset: definitions.datasets(ctx, session).rules(one.dataset) for one in wanted}
    return [_wish(session, by, one, said, rules[one.dataset], done=done) for one in wanted]


def _wish(session: Session, by: Actor, one: Effect | asked.Wished, said: Asked, rules: Rules, *, done: bool) -> Wish:
    entity = household_record.entity(session, by.feed_id, one.entity_id)
    stated = next((wish for wish in said.wishes if wish.entity_id == one.entity_id), None)
    label = (stated.label if stated else None) or ""
    now: Mapping[str, Any] | None = {}
    counted = frozenset[str]()
    if entity is not None:
        mine = access.may(session, by, Action.REVIEW, entity.subject_id)
        now, label = (entity.properties, entity.label) if mine else (None, "")
        counted = _counted(session, by.feed_id, stated, rules) if stated and mine and not done else counted
    same = {name for name, value in one.changes.items() if now is not None and _alike(now.get(name), value)}
    counted &= same
    # A form states much that it leaves as it is; of what has been decided it says what it was.
    changes = {name: value for name, value in one.changes.items() if done or name not in same - counted}
    deleted = one.entity_id in said.deletes
    return Wish(one.entity_id, one.dataset, label, now, changes, counted, created=entity is None, deleted=deleted)


def _counted(session: Session, feed_id: str, stated: asked.Wished, rules: Rules) -> frozenset[str]:
    """The counters of which it says another number than the one that its author had seen."""
    counters = {name for name in stated.changes if rules.unit(name).policy is Policy.COUNTER}
    if not counters:
        return frozenset()
    key = (stated.entity_id, stated.shown_version)
    shown = as_said(entities.versions(session, feed_id, {key}).get(key), stated.changes, stated.was) or {}
    return frozenset(name for name in counters if not _alike(shown.get(name), stated.changes[name]))


def _alike(one: str | None, other: str | None) -> bool:
    return (one or None) == (other or None)


def _withdrawn(session: Session, by: Actor, said: Asked) -> str | None:
    visit = visit_record.get(session, by.feed_id, said.withdraws) if said.withdraws else None
    return visit.id if visit and access.may(session, by, Action.REVIEW, visit.subject_id) else None


def _closed(found: Receipted, subject: EntityRow, wishes: Sequence[Wish]) -> str:
    back = any(wish.entity_id == subject.id and not wish.deleted for wish in wishes)
    if back or found.kind == "withdrawal":
        return "returns"
    return "first" if wishes and all(wish.entity_id != subject.id for wish in wishes) else ""


def _standing(session: Session, by: Actor, problem: Mapping[str, Any]) -> Standing | None:
    record = problem.get("record") if problem.get("code") == problems.NotUnique.code else None
    entity = household_record.entity(session, by.feed_id, str(record)) if record else None
    if entity is None or not access.may(session, by, Action.REVIEW, entity.subject_id):
        return None
    subject = household_record.entity(session, by.feed_id, entity.subject_id)
    return Standing(
        entity_id=entity.id,
        subject_id=entity.subject_id,
        subject=subject.label if subject else "",
        dataset=entity.dataset,
        label=entity.label,
        properties=entity.properties,
    )
