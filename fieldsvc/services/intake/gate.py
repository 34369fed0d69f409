"""Whether an operation may take effect unseen, as far as rights and targets go.

Nothing is turned away here: what may not pass waits for a supervisor. The best documented field failure of
this kind of system is a phone that kept a household after it was reassigned, and a server that said 403.
"""

from __future__ import annotations

from fieldsvc.problems import (
    EntityDeleted,
    FormVersionUnknown,
    OutOfScope,
    OutsideCounty,
    OwnFile,
    Problem,
    RuleBroken,
    TargetUnknown,
)
from fieldsvc.services.access import Action as Right
from fieldsvc.services.access import may_in_area
from fieldsvc.services.cursors import position_of
from fieldsvc.services.intake import beginning
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.bounds import outside
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import people
from fieldsvc.store.pairings import TEAM
from fieldsvc.store.submissions import RETURNED


def objection(known: Known, plan: Plan, arrival: Arrival, subject_id: str) -> Problem | None:
    """What a person must look at first; nothing, when the operation may be decided by the engine."""
    if arrival.reading.problem is not None:
        return arrival.reading.problem
    if not in_scope(known, arrival, subject_id) or amends_anothers(known, arrival):
        return OutOfScope()
    if (problem := beginning.against(known, plan, arrival, subject_id)) is not None:
        return problem
    for wish in arrival.reading.wishes:
        if wish.dataset not in known.datasets:
            return TargetUnknown(dataset=wish.dataset)
        stored = known.entities.get(known.survivor(wish.entity_id))
        if arrival.operation.kind == "edit" and outside(wish, stored, known.datasets.figures):
            return OutsideCounty(entity=wish.entity_id)
        if stored is None:
            continue
        if stored.dataset != wish.dataset:
            return RuleBroken(entity=wish.entity_id)
        if not in_scope(known, arrival, stored.subject_id):
            return OutOfScope()
    return EntityDeleted() if is_in_a_closed_household(known, arrival, subject_id) else None


def is_in_a_closed_household(known: Known, arrival: Arrival, subject_id: str) -> bool:
    """Whether this only writes what is in a household that is closed. The engine asks about tombstones, and somebody
    new in it, or a case that had ended, is none: they would live on where nobody counts or visits them.
    """
    id_ = known.survivor(subject_id) if subject_id else subject_id
    home, touched = known.entities.get(id_), [known.survivor(wish.entity_id) for wish in arrival.reading.wishes]
    return home is not None and home.entity.deleted and bool(touched) and id_ not in touched


def never(known: Known, plan: Plan, arrival: Arrival) -> Problem | None:
    """What no acceptance lets through either: making a file of one's own, or anything else that bears a person's id.

    Only an administrator opens one. Whoever made it on a phone would hold it, and read why their colleague is away.
    Nor a visit whose form is not here, as after an older backup was put back: nobody could say what it wishes for, and
    it would stand as applied with nothing written. Nor another village for a household that is in the register.
    """
    if isinstance(arrival.reading.problem, FormVersionUnknown):
        return arrival.reading.problem
    for wish in arrival.reading.wishes:
        survivor = known.survivor(wish.entity_id)
        if survivor not in known.entities and (wish.dataset == TEAM or survivor in known.people):
            return OwnFile()
    return beginning.moved(known, plan, arrival)


def in_scope(known: Known, arrival: Arrival, subject_id: str) -> bool:
    """Whether the author held the subject when this was made, creates it now, or has a role in its area.

    Late work counts: what was made before the phone had received the revocation is accepted, judged by the
    position it had read up to and never by its clock.
    """
    author = arrival.author_id
    for each in (subject_id, known.survivor(subject_id)):
        if (author, each) not in known.scope:
            known.load_scope(author, [each])
        row = known.scope.get((author, each))
        if row is None:
            continue
        if row.revoked_pos is None or position_of(arrival.operation.cursor, known.epoch) < row.revoked_pos:
            return True
    survivor = known.survivor(subject_id)
    if survivor not in known.entities:
        return beginning.begun(known, arrival, subject_id) is not None  # where it may begin is asked apart
    path = known.area_path(survivor)
    needed = Right.REVIEW if known.entities[survivor].dataset == TEAM else Right.VISIT
    return path is not None and may_in_area(known.actor(author), needed, path)


def amends_anothers(known: Known, arrival: Arrival) -> bool:
    """Whether this is put in the place of a visit of somebody else who still holds the subject.

    What was sent back is for whoever it was sent back to, and after a handover all is for the new helper.
    """
    id_ = arrival.operation.document.get("replaces")
    visit = known.submissions.get(id_) if id_ else None
    found = visit or (known.without_effect.get(id_) if id_ else None)
    if found is None or found.subject_id is None:
        return False
    author, subject = found.author_id, found.subject_id
    if author == arrival.author_id or (visit is not None and visit.review_state == RETURNED):
        return False
    return subject in (arrival.operation.subject, known.survivor(arrival.operation.subject)) and holds(
        known, author, subject
    )


def holds(known: Known, person_id: str, subject_id: str) -> bool:
    """Whether somebody works here still and holds this subject, by an assignment or by a role in its area."""
    if (person_id, subject_id) not in known.scope:
        known.load_scope(person_id, [subject_id])
    row = known.scope.get((person_id, subject_id))
    path = known.area_path(subject_id)
    held = (row is not None and row.revoked_pos is None) or may_in_area(known.actor(person_id), Right.VISIT, path)
    person = people.get(known.session, person_id)
    return held and person is not None and person.active


def only_checks(known: Known, arrival: Arrival, subject_id: str) -> bool:
    """Whether the author may write about this subject as a checker and as nothing else.

    Whoever is also its helper, or reviews its village, writes as that.
    """
    author = known.actor(arrival.author_id)
    rows = (known.scope.get((arrival.author_id, each)) for each in (subject_id, known.survivor(subject_id)))
    held = {row.role for row in rows if row is not None}
    path = known.area_path(known.survivor(subject_id))
    if held - {"checker"} or (path is not None and may_in_area(author, Right.REVIEW, path)):
        return False
    return bool(held) or (path is not None and may_in_area(author, Right.VISIT, path))
