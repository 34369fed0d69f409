"""Which visit stands in the place of which: an amendment and what it amends, in whichever order the two arrive.

A household is visited by the first of a chain of amendments, and the last of it is what lists and exports show. So each
that was amended has its document among the visits and names its successor, also where it took no effect itself.
"""

from __future__ import annotations

from dataclasses import replace

from fieldsvc.problems import Problem, Replaced, Withdrawn
from fieldsvc.services.intake import wishes
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival, Decision
from fieldsvc.services.intake.chain import amendments_of, successor_of, taken_back, withdrawn
from fieldsvc.services.intake.documents import note_submission, note_successor, photos_in
from fieldsvc.services.intake.ending import end_if_waiting, replaced
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.leaving import leave_places, stand_alone
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Reading
from fieldsvc.store.amendments import Amendment
from sync.model import Status


def note_places(known: Known, plan: Plan, decision: Decision) -> None:
    """Let this visit stand for what it amends, and its amendment for it where that was here first.

    What waited is ended with it: let through or taken up afterwards, what both say would count twice and contradict
    its own author. An amendment that nobody let through takes no place: what it was to replace goes on waiting.
    """
    id_ = decision.arrival.operation.id
    if decision.status not in (Status.REVIEW, Status.REFUSED):
        _take_places(known, plan, decision)
    successor, taken = successor_of(known, decision.arrival), taken_back(known, decision.arrival)
    if taken is not None:
        note_successor(known, plan, id_, taken.id)
        plan.submission_values.append((id_, {"withdrawn_at": plan.at}))
    if successor is not None:
        note_successor(known, plan, id_, successor.id)
        end_if_waiting(known, plan, id_, successor.subject_id, Replaced())
    elif decision.status is Status.REVIEW:
        leave_places(known, plan, id_)
        stand_alone(known, plan, id_)


def refuse_if_replaced(known: Known, plan: Plan, arrival: Arrival, why: Problem) -> bool:
    """Refuse a visit to be kept for a person undecided if its amendment took effect or was taken back before it came.

    Should the amendment be taken back, it waits for a person for that reason.

    Answers whether it was refused.
    """
    if arrival.operation.id not in known.amended:
        return False
    known.load([arrival])
    successor = successor_of(known, arrival)
    found = successor or taken_back(known, arrival)
    if found is None:
        return False
    problem = replaced(why.as_json()) if successor else Withdrawn()
    decision = Decision(arrival, Status.REFUSED, found.subject_id, problem)
    plan.decisions[arrival.operation.id] = decision
    _note_undecided(known, plan, decision)
    note_places(known, plan, decision)
    return True


def _take_places(known: Known, plan: Plan, decision: Decision) -> None:
    """Take the place of what this visit names, and as long as that took no effect, of what it named in its turn."""
    later, met = decision.arrival.operation, set[str]()
    subjects = {decision.subject_id or later.subject, later.subject}
    while (id_ := later.document.get("replaces")) and id_ not in met:
        met.add(id_)
        earlier = plan.decisions.get(id_) or _without_effect(known, id_)
        if earlier is None:
            _follow(known, plan, decision, id_, later.id, subjects)
            return
        if subjects.isdisjoint({earlier.subject_id, earlier.arrival.operation.subject}):
            return
        if earlier.status is Status.REVIEW and not decision.took_effect:
            return
        if decision.took_effect:
            _note_undecided(known, plan, earlier)
        if not _has_row(known, plan, id_):
            return
        _take_place(known, plan, id_, later.id)
        if earlier.took_effect or not decision.took_effect:
            return
        end_if_waiting(known, plan, id_, decision.subject_id or later.subject, Replaced())
        later = earlier.arrival.operation


def _take_place(known: Known, plan: Plan, id_: str, later_id: str) -> None:
    """Stand for this visit, and for another amendment of it that did so: a person has chosen between the two."""
    others = amendments_of(known, plan, id_)
    for other in others if later_id not in others else ():
        if not withdrawn(known, plan, other):
            note_successor(known, plan, other, later_id)
    note_successor(known, plan, id_, later_id)


def _follow(known: Known, plan: Plan, decision: Decision, id_: str, later_id: str, subjects: set[str]) -> None:
    """Stand for what took effect before this push; or for what has still to come, if this took effect itself."""
    stored, subject_id = known.submissions.get(id_), decision.subject_id
    if stored is not None and stored.subject_id in subjects:
        _take_place(known, plan, id_, later_id)
    elif stored is None and decision.took_effect and subject_id is not None:
        known.amended[id_] = Amendment(later_id, decision.arrival.author_id, subject_id)


def _without_effect(known: Known, id_: str) -> Decision | None:
    """What was said of an earlier visit that waits or was refused."""
    stored = known.without_effect.get(id_)
    operation = operation_of(stored) if stored is not None else None
    if stored is None or operation is None or operation.kind != "submission":
        return None
    arrival = Arrival(operation, Reading(), stored.author_id, stored.device_id, stored.received_at, stored)
    return Decision(arrival, Status(stored.status), stored.subject_id)


def _note_undecided(known: Known, plan: Plan, decision: Decision) -> None:
    """Give a visit that was kept for a person undecided its row: what replaces it is not the first of a chain."""
    arrival = decision.arrival
    if _has_row(known, plan, arrival.operation.id):
        return
    named = {photo["sha256"] for _, photo in photos_in(arrival.operation.document["answers"])}
    known.load_shown(arrival.author_id, named, kept=True)
    read = wishes.try_to_read(known.ctx, known.session, known.feed_id, known.datasets, arrival.operation)
    read_now = replace(arrival, reading=read or Reading())
    note_submission(known, plan, Decision(read_now, Status.REFUSED, decision.subject_id))


def _has_row(known: Known, plan: Plan, id_: str) -> bool:
    return id_ in known.submissions or any(row["id"] == id_ for row in plan.submissions)
