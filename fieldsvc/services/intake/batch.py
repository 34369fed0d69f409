"""Deciding a batch of operations in memory, and then whatever was waiting for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from fieldsvc.services import claims, deadlines, numbering
from fieldsvc.services.intake import turns, wishes
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival, Decision
from fieldsvc.services.intake.documents import note_submission, photos_in
from fieldsvc.services.intake.guarding import prepare
from fieldsvc.services.intake.in_order import in_order
from fieldsvc.services.intake.judge import decide
from fieldsvc.services.intake.kept import is_kept
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.messages import take_feedback, take_view
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.repeated import load_repeated
from fieldsvc.services.intake.replacing import note_places
from fieldsvc.services.intake.withdrawal import decide_withdrawal
from fieldsvc.services.workdays import day_of
from fieldsvc.store import areas, operations, pairings, scope
from fieldsvc.store.operations import Receipted
from sync.model import Status

log = structlog.get_logger(__name__)


def decide_batch(known: Known, plan: Plan, arrivals: Sequence[Arrival]) -> None:
    """Decide these in order, then what they release, and note everything in the plan."""
    _prepare(known, arrivals)
    _go_on(known, plan, _decide_each(known, plan, arrivals))


def decide_after(known: Known, plan: Plan) -> None:
    """Decide what waited for something that has just ended, although nothing else arrived."""
    _go_on(known, plan, _release(known, plan, []))


def _go_on(known: Known, plan: Plan, decided: Sequence[Decision]) -> None:
    while decided:
        decided = _release(known, plan, decided)
    today = day_of(plan.at, known.ctx.settings.time_zone)
    numbering.give(known.session, known.feed_id, known.datasets, plan.versions, today)
    deadlines.refresh(known.session, known.feed_id, known.datasets, plan.versions)
    claims.refresh(known.session, known.feed_id, known.datasets, plan.versions)


def _prepare(known: Known, arrivals: Sequence[Arrival]) -> None:
    # Those of a push have had their turn before any was looked up.
    turns.of_operations(known.session, [a.operation for a in arrivals if a.stored is not None])
    turns.of_records(known, arrivals)
    known.load(arrivals)
    load_repeated(known, arrivals)
    prepare(known, arrivals)
    for author in {a.author_id for a in arrivals}:
        named = {
            photo["sha256"]
            for a in arrivals
            if a.author_id == author and a.operation.kind == "submission" and a.operation.id not in known.submissions
            for _, photo in photos_in(a.operation.document["answers"])
        }
        known.load_shown(author, named, kept=any(a.accepted for a in arrivals))


def _decide_each(known: Known, plan: Plan, arrivals: Sequence[Arrival]) -> list[Decision]:
    """Decide these in order, without what one of them has ended meanwhile: that has its verdict and takes no effect.

    Nor what one of them has let go: whoever begins a household may stand among what waits for it.
    """
    found, let_go = list[Decision](), set[str]()
    for each in arrivals:
        if each.operation.id in known.ended or each.operation.id in let_go:
            continue
        before, decision = len(plan.versions), _decide_one(known, plan, each)
        found.append(decision)
        begun = {new.stored.entity.id for new in plan.versions[before:] if new.was_version == 0}
        if decision.subject_id in begun:
            # What waited for its household stands before whatever comes on top of it.
            released = _release(known, plan, [decision])
            let_go |= {other.arrival.operation.id for other in released}
            found += released
    return found


def _decide_one(known: Known, plan: Plan, arrival: Arrival) -> Decision:
    kind, id_ = arrival.operation.kind, arrival.operation.id
    closed = arrival.accepted and _is_closed(known, arrival.stored.subject_id if arrival.stored else None)
    if kind == "withdrawal":
        decision = decide_withdrawal(known, plan, arrival)
    elif kind == "feedback":
        decision = take_feedback(known, plan, arrival)
    elif kind == "view":
        decision = take_view(known, plan, arrival)
    else:
        decision = decide(known, plan, arrival, arrival.operation.subject)
    before = arrival.stored.status if arrival.stored else None
    if _verdict(decision.status, decision.problem_json) == _verdict_before(plan, arrival):
        return decision
    plan.decisions[id_] = decision
    _grant_new_subject(known, plan, decision)
    if closed and decision.subject_id and not _is_closed(known, decision.subject_id):
        _grant_again(known, plan, decision.subject_id)
    if kind == "submission":
        note_submission(known, plan, decision)
        note_places(known, plan, decision)
    if before is not None:
        data = {"kind": "verdict", "operation": id_, "subject": decision.subject_id}
        plan.notice(arrival.author_id, data)
    log.info("intake", op=id_, kind=kind, outcome=str(decision.status), before=before)
    return decision


def _verdict_before(plan: Plan, arrival: Arrival) -> tuple[str, str] | None:
    """What was said of it last, in this push or an earlier one."""
    decided, stored = plan.decisions.get(arrival.operation.id), arrival.stored
    if decided is not None:
        return _verdict(decided.status, decided.problem_json)
    return _verdict(stored.status, stored.problem) if stored is not None else None


def _verdict(status: str, problem: Mapping[str, Any] | None) -> tuple[str, str]:
    return str(status), str((problem or {}).get("code", ""))


def _grant_new_subject(known: Known, plan: Plan, decision: Decision) -> None:
    """Who brings a new household into the register is given it, or their own phone would lose it again.

    It is an assignment as an office makes them, which ends and is handed over, unless they help in the whole area.
    Everybody to whom its area is assigned holds it too. Nobody comes to hold the file of one of our people like that.
    """
    subject_id, author_id = decision.subject_id, decision.arrival.author_id
    if subject_id is None or not decision.took_effect:
        return
    made = next((new for new in plan.versions if new.stored.entity.id == subject_id and new.was_version == 0), None)
    if made is None or made.stored.dataset == pairings.TEAM:
        return
    area = areas.get(known.session, known.feed_id, made.stored.area_id) if made.stored.area_id else None
    above = pairings.people_above(known.session, known.feed_id, area.path) if area else {}
    row = known.scope.get((author_id, subject_id))
    if row is None or row.revoked_pos is not None:
        if above.get(author_id) == pairings.HELPER:
            plan.grant(author_id, subject_id, pairings.HELPER)
        else:
            plan.assign(known.ctx.new_id(), author_id, subject_id, pairings.HELPER)
        known.grant(author_id, subject_id, pairings.HELPER)
    for person_id, role in above.items():
        plan.grant(person_id, subject_id, role)
        if person_id != author_id:
            known.grant(person_id, subject_id, role)


def _is_closed(known: Known, subject_id: str | None) -> bool:
    stored = known.entities.get(known.survivor(subject_id)) if subject_id else None
    return stored is not None and stored.entity.deleted


def _grant_again(known: Known, plan: Plan, subject_id: str) -> None:
    """Whoever is given the village is given a household that comes back: closing it took it from their phones.

    Who helped it alone does so no more; it stands among those that nobody helps.
    """
    stored = known.entities[known.survivor(subject_id)]
    area = areas.get(known.session, known.feed_id, stored.area_id) if stored.area_id else None
    above = pairings.people_above(known.session, known.feed_id, area.path) if area else {}
    for person_id in above.keys() - set(scope.holders(known.session, known.feed_id, subject_id)):
        plan.grant(person_id, subject_id, above[person_id])
        known.grant(person_id, subject_id, above[person_id])


def _release(known: Known, plan: Plan, decided: Sequence[Decision]) -> list[Decision]:
    """Decide again what waited for the things that have just moved; answers what is no longer held."""
    moved = {
        id_
        for decision in decided
        if decision.status is not Status.HELD
        for id_ in (
            decision.arrival.operation.id,  # a withdrawal may be waiting for the visit itself
            *(entity_id for e in decision.effects for entity_id in (e.entity_id, e.wish.entity_id)),
        )
    }
    moved |= {entity_id for entities in known.ended.values() for entity_id in entities}
    awake, known.again = known.again, []
    if not moved and not awake:
        return []
    created = {new.stored.entity.id for new in plan.versions if new.was_version == 0}
    waiting = [
        each.arrival
        for each in plan.decisions.values()
        if (each.status is Status.HELD and moved & {effect.wish.entity_id for effect in each.effects})
        or (each.status is Status.REVIEW and each.arrival.operation.subject in moved & created)
    ]
    ids = operations.waiting_for(known.session, known.feed_id, moved, moved & created)
    waiting += [plan.decisions[id_].arrival for id_ in awake if id_ in plan.decisions]
    unanswered = [id_ for id_ in ids if id_ not in plan.decisions and id_ not in known.ended]
    stored = operations.known(known.session, known.feed_id, unanswered)
    stored = {id_: each for id_, each in stored.items() if not is_kept(each)}
    stored |= {id_: known.without_effect[id_] for id_ in awake if id_ not in plan.decisions}
    ids = [*dict.fromkeys([*awake, *ids])]
    again = [arrival for id_ in ids if id_ in stored and (arrival := revive(known, stored[id_])) is not None]
    _prepare(known, again)
    results = _decide_each(known, plan, in_order((*waiting, *again)))
    return [decision for decision in results if decision.took_effect]


def revive(known: Known, stored: Receipted, *, forced: bool = False, accepted: bool = False) -> Arrival | None:
    """A stored operation, ready to be decided again; nothing when its bytes cannot be read."""
    operation = operation_of(stored)
    if operation is None:
        return None
    reading = wishes.read(known.ctx, known.session, known.feed_id, known.datasets, operation)
    arrival = Arrival(operation, reading, stored.author_id, stored.device_id, stored.received_at, stored)
    return replace(arrival, forced=forced, accepted=accepted)
