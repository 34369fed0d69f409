"""What an amendment leaves as its visit had it, where that visit never takes effect on this server, or was taken back.

The phone had the visit's receipt, and counts as changed only what the amendment says otherwise. After an older backup
was put back the visit comes again, and may wait or be declined; the amendment ends it. Then the amendment is all that
says what both said, and is judged by what was on the screen before the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fieldsvc.services.intake import wishes
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.chain import withdrawn
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Reading, Wish
from fieldsvc.store.operations import Receipted
from sync.model import Status


def waits_for_its_visit(known: Known, plan: Plan, arrival: Arrival) -> bool:
    """Whether an amendment came before what it amends, or while that is held: it is judged by what becomes of that."""
    id_ = arrival.operation.document.get("replaces")
    if not id_ or arrival.forced or arrival.accepted or not arrival.reading.wishes:
        return False
    status = _status(known, plan, id_)
    return status is Status.HELD or (status is None and id_ not in known.submissions)


def repeats_the_unknown(known: Known, plan: Plan, arrival: Arrival) -> bool:
    """Whether an amendment is decided although what it amends never came: nobody can tell what that had changed."""
    id_ = arrival.operation.document.get("replaces")
    return id_ is not None and _status(known, plan, id_) is None and id_ not in known.submissions


def load_repeated(known: Known, arrivals: Sequence[Arrival]) -> None:
    """Read what these arrivals amend and has no effect, with all that judging it needs."""
    new = {id_ for arrival in arrivals if (id_ := arrival.operation.document.get("replaces"))}
    known.load_taken_back()
    while new := {id_ for id_ in new if _gone(known, id_) is not None and id_ not in known.repeated}:
        found = {id_: arrival for id_ in sorted(new) if (arrival := _revived(known, id_)) is not None}
        known.repeated |= found
        known.load(list(found.values()))
        new = {id_ for arrival in found.values() if (id_ := arrival.operation.document.get("replaces"))}


def amended_without_effect(known: Known, plan: Plan, arrival: Arrival, wish: Wish) -> Iterator[tuple[Arrival, Wish]]:
    """The visits in whose place this one stands and that took no effect, the last first, with the same wish of each."""
    met = {arrival.operation.id}
    while (id_ := arrival.operation.document.get("replaces")) and id_ not in met:
        met.add(id_)
        decided, status = plan.decisions.get(id_), _status(known, plan, id_)
        earlier = decided.arrival if decided else known.repeated.get(id_)
        gone = status in (Status.HELD, Status.REVIEW, Status.REFUSED) or withdrawn(known, plan, id_)
        if earlier is None or not gone:
            return
        arrival = earlier
        for each in arrival.reading.wishes:
            if (each.dataset, each.entity_id) == (wish.dataset, wish.entity_id):
                yield arrival, each


def _status(known: Known, plan: Plan, id_: str) -> Status | None:
    """The verdict on a visit that was decided in this push or has no effect; nothing for any other."""
    decided, stored = plan.decisions.get(id_), known.without_effect.get(id_)
    if id_ in known.ended:
        return Status.REFUSED
    return decided.status if decided else Status(stored.status) if stored else None


def _gone(known: Known, id_: str) -> Receipted | None:
    return known.without_effect.get(id_) or known.taken_back.get(id_)


def _revived(known: Known, id_: str) -> Arrival | None:
    stored = _gone(known, id_)
    operation = operation_of(stored) if stored is not None else None
    if stored is None or operation is None or operation.kind != "submission":
        return None
    read = wishes.try_to_read(known.ctx, known.session, known.feed_id, known.datasets, operation)
    return Arrival(operation, read or Reading(), stored.author_id, stored.device_id, stored.received_at, stored)
