"""Taking back a misfiled visit: its effects are undone by the same rules by which they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from fieldsvc.problems import AmendedSince, ChangedSince, OutOfScope, TargetUnknown, Withdrawn
from fieldsvc.services.intake import chain
from fieldsvc.services.intake.along import decline_with_it
from fieldsvc.services.intake.arrival import NO_DATASET, Arrival, Decision, Effect
from fieldsvc.services.intake.built_upon import built_upon
from fieldsvc.services.intake.documents import note_successor
from fieldsvc.services.intake.ending import end_if_waiting, wait_again, waits
from fieldsvc.services.intake.judge import decide
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.one_visit import one_visit
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.undoing import undoing
from fieldsvc.services.intake.wishes import Reading, Wish
from fieldsvc.store.amendments import Amendment
from sync.model import Status


def decide_withdrawal(known: Known, plan: Plan, arrival: Arrival) -> Decision:
    """The decision on a withdrawal. What others changed since becomes a conflict; a visit in review just ends.

    One that would end a household of which more is left than goes with it waits for a person.
    """
    id_ = arrival.operation.document["submission"]
    made = chain.maker(known, plan, id_)
    if made is None or not made.listed:
        return _waiting_for(arrival, id_)
    subject_id = made.subject_id or ""
    if made.author_id != arrival.author_id and not arrival.accepted:
        return Decision(arrival, Status.REVIEW, subject_id, OutOfScope())
    amendments = chain.amendments_of(known, plan, id_)
    amended = bool(amendments) and not chain.withdrawn(known, plan, amendments[-1])
    if amended and not arrival.accepted:
        return Decision(arrival, Status.REVIEW, subject_id, AmendedSince())
    ids, others = one_visit(known, plan, id_, amendments if amended else (), made)
    standing = [each for each in ids if not chain.withdrawn(known, plan, each)]
    known.load_produced(standing)
    wishes = undoing(known, plan, standing)
    if not arrival.accepted and built_upon(known, plan, subject_id, wishes, ids):
        return Decision(arrival, Status.REVIEW, subject_id, ChangedSince())
    # Nothing of what only waits is in any record: whose household it is, or whether it is one, is nobody's question.
    ends = made.author_id == arrival.author_id and not others and all(waits(known, plan, each) for each in standing)
    undone = replace(arrival, reading=Reading(wishes), accepted=arrival.accepted or (ends and not wishes))
    decision = decide(known, plan, undone, subject_id)
    if decision.took_effect:
        for each in standing:
            _note_withdrawn(known, plan, arrival, each, subject_id)
        for each in standing:
            if each in known.ended:
                decline_with_it(known, plan, each, subject_id)
        for later, before in pairwise(ids):
            _note_place(known, plan, before, later)
        if others:
            _stand_again(known, plan, ids, others)
        missing = chain.replaced_by_it(known, plan, ids[-1])
        if missing is not None and chain.maker(known, plan, missing) is None:  # it may come in this very push
            known.amended[missing] = Amendment(ids[-1], made.author_id, subject_id, withdrawn=True)
    return replace(decision, arrival=arrival)


def _stand_again(known: Known, plan: Plan, ids: Sequence[str], others: Sequence[str]) -> None:
    """What somebody else had sent and was amended is in effect as before, or waits as before."""
    last, decided = others[0], plan.decisions.get(others[0])
    if decided.took_effect if decided else last not in known.without_effect:
        note_successor(known, plan, last, None)
    else:
        wait_again(known, plan, last)
    for later, before in pairwise(others):
        if chain.place_of(known, plan, before) in ids:
            note_successor(known, plan, before, later)


def _note_place(known: Known, plan: Plan, id_: str, later_id: str) -> None:
    """Let lists show one of two that were taken back together, also where the later one never took the place."""
    if chain.place_of(known, plan, id_, later_id) is None:
        note_successor(known, plan, id_, later_id)


def _waiting_for(arrival: Arrival, submission_id: str) -> Decision:
    """Its visit may still be on its way; when it never comes, a person looks."""
    insisted = arrival.forced or arrival.accepted
    status = Status.REVIEW if insisted else Status.HELD
    wish = Wish(dataset=NO_DATASET, entity_id=submission_id, changes={})
    problem = TargetUnknown(submission=submission_id) if insisted else None
    effects = (Effect(submission_id, wish, status, {}),)
    return Decision(arrival, status, arrival.operation.subject or None, problem, effects)


def _note_withdrawn(known: Known, plan: Plan, arrival: Arrival, id_: str, subject_id: str) -> None:
    made = chain.maker(known, plan, id_)
    if made is not None and made.listed:
        plan.submission_values.append((id_, {"withdrawn_at": plan.at}))
        plan.change(subject_id, "submission", id_, arrival.operation.id)
    for conflicts in known.conflicts.values():
        for conflict in [each for each in conflicts if each.operation_id == id_]:
            plan.closed.append((conflict.id, "superseded", "withdrawn"))
            plan.change(subject_id, "entity", conflict.entity_id, arrival.operation.id)
            conflicts.remove(conflict)
    end_if_waiting(known, plan, id_, subject_id, Withdrawn())
