"""What is about a household that is not in the register, since its registration waits or took no effect.

Let through without it, a visit would make a household with no head, no name and no village.
"""

from __future__ import annotations

from fieldsvc.problems import Problem, RegistrationDeclined, RegistrationWaits
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import operations
from sync.model import Status

_WAITS = frozenset({Status.HELD, Status.REVIEW})


def unregistered(known: Known, plan: Plan, arrival: Arrival) -> Problem | None:
    """Why this can take no effect, nor be let through: its household was to begin with something that has no effect."""
    subject_id, kind = arrival.operation.subject, arrival.operation.kind
    if not subject_id or kind not in ("submission", "edit") or known.survivor(subject_id) in known.entities:
        return None
    if begins(arrival.operation, subject_id):
        return None
    about = operations.without_effect_of(known.session, known.feed_id, subject_id)
    waits_not = dict.fromkeys(known.ended, Status.REFUSED)  # since its author took it back in this very push
    found = {each.id: waits_not.get(each.id, each.status) for each in about if begins(operation_of(each), subject_id)}
    found |= {
        id_: decided.status for id_, decided in plan.decisions.items() if begins(decided.arrival.operation, subject_id)
    }
    if not found:
        return None
    return RegistrationWaits() if _WAITS & set(found.values()) else RegistrationDeclined()


def begins(operation: Operation | None, subject_id: str) -> bool:
    """Whether this makes the household, by what it says itself: its form may be lost here."""
    if operation is None or operation.subject != subject_id:
        return False
    said = operation.document
    if operation.kind == "edit":
        return said["entity"] == subject_id and bool(said.get("create"))
    return any(each.get("id") == subject_id and each.get("create") for each in said.get("entities") or ())
