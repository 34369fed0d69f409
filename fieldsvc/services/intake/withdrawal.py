"""Taking back a misfiled visit: its effects are undone by the same rules by which they were made."""

from __future__ import annotations

from dataclasses import replace

from fieldsvc.problems import OutOfScope, TargetUnknown, Withdrawn
from fieldsvc.services.intake.arrival import NO_DATASET, Arrival, Decision, Effect
from fieldsvc.services.intake.ending import end_if_waiting
from fieldsvc.services.intake.judge import decide
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Reading, Wish
from sync.decide import undo
from sync.model import Action, Status, Writer


def decide_withdrawal(known: Known, plan: Plan, arrival: Arrival) -> Decision:
    """The decision on a withdrawal. What others changed since becomes a conflict; a visit in review just ends."""
    id_ = arrival.operation.document["submission"]
    visit = known.submissions.get(id_)
    new = next((row for row in plan.submissions if row["id"] == id_), None)
    author_id = visit.author_id if visit else new["author_id"] if new else None
    if author_id is None:
        return _waiting_for(arrival, id_)
    subject_id = visit.subject_id if visit else str(new and new["subject_id"])
    if author_id != arrival.author_id and not arrival.accepted:
        return Decision(arrival, Status.REVIEW, subject_id, OutOfScope())
    undoing = replace(arrival, reading=Reading(_undoing(known, plan, id_)))
    decision = decide(known, plan, undoing, subject_id)
    if decision.took_effect:
        _note_withdrawn(known, plan, arrival, id_, subject_id)
    return replace(decision, arrival=arrival)


def _waiting_for(arrival: Arrival, submission_id: str) -> Decision:
    """Its visit may still be on its way; when it never comes, a person looks."""
    insisted = arrival.forced or arrival.accepted
    status = Status.REVIEW if insisted else Status.HELD
    wish = Wish(dataset=NO_DATASET, entity_id=submission_id, changes={})
    problem = TargetUnknown(submission=submission_id) if insisted else None
    effects = (Effect(submission_id, wish, status, {}),)
    return Decision(arrival, status, arrival.operation.subject or None, problem, effects)


def _undoing(known: Known, plan: Plan, operation_id: str) -> tuple[Wish, ...]:
    """The wishes that take back what an operation wrote, in this push or long ago; the last version first."""
    written = known.produced.get(operation_id) or [
        (new.stored.entity.id, new.stored.entity.version)
        for new in reversed(plan.versions)
        if new.operation_id == operation_id
    ]
    wishes = []
    for entity_id, version in written:
        stored = known.entities[entity_id]
        after = known.versions[entity_id, version]
        before = known.versions.get((entity_id, version - 1), {})
        numbering = known.datasets.numbering(stored.dataset)
        # The visit brought the source and with it the number. It stays: it is on paper, and nobody gets it again.
        kept = {numbering["property"]: after.get(numbering["property"])} if numbering else {}
        changes, seen = undo({**before, **kept}, after)
        wishes.append(
            Wish(
                dataset=stored.dataset,
                entity_id=entity_id,
                changes={} if version == 1 else changes,
                action=Action.DELETE if version == 1 else Action.UPDATE,
                base_version=version,
                trunk_version=version,
                writer=Writer.SERVER,
                seen=seen,
            )
        )
    return tuple(wishes)


def _note_withdrawn(known: Known, plan: Plan, arrival: Arrival, id_: str, subject_id: str) -> None:
    plan.submission_values.append((id_, {"withdrawn_at": plan.at}))
    plan.change(subject_id, "submission", id_, arrival.operation.id)
    for conflicts in known.conflicts.values():
        for conflict in [each for each in conflicts if each.operation_id == id_]:
            plan.closed.append((conflict.id, "superseded", "withdrawn"))
            plan.change(subject_id, "entity", conflict.entity_id, arrival.operation.id)
            conflicts.remove(conflict)
    end_if_waiting(known, plan, id_, subject_id, Withdrawn())
