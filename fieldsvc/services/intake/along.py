"""What ends with the registration of a household that has taken no effect: all that waits for that household.

Nobody can let it through any more, and on its author's phone it would lie over a household that is in no list.
"""

from __future__ import annotations

from fieldsvc.problems import RegistrationDeclined
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.ending import end_if_waiting
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.unregistered import begins
from fieldsvc.store import entities, operations
from sync.model import Status

_WAITS = frozenset({Status.HELD, Status.REVIEW})


def decline_with_it(known: Known, plan: Plan, id_: str, subject_id: str, reason: str = "") -> None:
    """Decline what waits for a household with this registration, which a person declined or its author took back.

    Not while another registration of the same household waits, which its author sent in the place of this one.
    """
    about = operations.without_effect_of(known.session, known.feed_id, subject_id)
    said: dict[str, Operation | None] = {each.id: operation_of(each) for each in about}
    status = {each.id: Status(each.status) for each in about}
    for other, decided in plan.decisions.items():
        operation = decided.arrival.operation
        if operation.subject == subject_id and operation.kind in ("submission", "edit"):
            said[other], status[other] = operation, decided.status
    if not begins(said.get(id_), subject_id) or _is_registered(known, subject_id):
        return
    waiting = [each for each in said if status[each] in _WAITS and each != id_ and each not in known.ended]
    if any(begins(said[each], subject_id) for each in waiting):
        return
    known.without_effect |= {each.id: each for each in about if each.id in waiting}
    for each in waiting:
        end_if_waiting(known, plan, each, subject_id, RegistrationDeclined(reason))


def _is_registered(known: Known, subject_id: str) -> bool:
    if known.survivor(subject_id) in known.entities:
        return True
    return bool(entities.load(known.session, known.feed_id, [subject_id]))
