"""Ending a visit that never took effect: its author has taken it back, or put another in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fieldsvc.problems import Problem, Replaced
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Decision
from fieldsvc.services.intake.judge import remember_link
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import operations
from sync.model import Status


def end_replaced(known: Known, plan: Plan, decision: Decision) -> None:
    """What this visit amends, and what that amended, as far as it waits and once this one has taken effect.

    Let through or taken up afterwards it would count what both say twice, and contradict its own author. An amendment
    that nobody let through takes no place: what it was to replace goes on waiting.
    """
    if not decision.took_effect:
        return
    for earlier in _amended(known, plan, decision):
        end_if_waiting(known, plan, earlier.id, earlier.subject, Replaced())


def _amended(known: Known, plan: Plan, decision: Decision) -> Iterator[Operation]:
    """The author's own visits to this subject that it stands for, the one it names first."""
    arrival, met = decision.arrival, set[str]()
    id_ = arrival.operation.document.get("replaces")
    while id_ and id_ not in met:
        met.add(id_)
        earlier = _sent(known, plan, id_, arrival.author_id)
        if earlier is None or earlier.subject not in (decision.subject_id, arrival.operation.subject):
            return
        yield earlier
        id_ = earlier.document.get("replaces")


def _sent(known: Known, plan: Plan, id_: str, author_id: str) -> Operation | None:
    """A visit of this author, of this push or an earlier one; also one that was kept for a person undecided."""
    decided = plan.decisions.get(id_)
    stored = None if decided else operations.known(known.session, known.feed_id, [id_]).get(id_)
    operation = decided.arrival.operation if decided else operation_of(stored) if stored else None
    sender = decided.arrival.author_id if decided else stored.author_id if stored else None
    return operation if operation is not None and operation.kind == "submission" and sender == author_id else None


def end_if_waiting(known: Known, plan: Plan, id_: str, subject_id: str, why: Problem) -> None:
    """A visit that waits shall never take effect: its owner is told why, and nobody need look at it again.

    What comes after it on its branch need not wait for it any more.
    """
    decided, stored = plan.decisions.get(id_), operations.known(known.session, known.feed_id, [id_]).get(id_)
    status = decided.status if decided else stored.status if stored else None
    if status not in (Status.HELD, Status.REVIEW):
        return
    if decided is not None:
        effects = tuple(replace(effect, status=Status.REFUSED) for effect in decided.effects)
        plan.decisions[id_] = replace(decided, status=Status.REFUSED, problem=why, effects=effects)
        known.end(id_, {effect.wish.entity_id for effect in effects})
        for effect in effects:
            remember_link(known, decided.arrival, effect)
    elif stored is not None:
        values = {"status": Status.REFUSED, "problem": why.as_json(), "updated_at": plan.at}
        plan.verdicts.append((id_, values))
        wanted = operations.effects_of(known.session, known.feed_id, [id_]).get(id_, ())
        known.end(id_, {effect.entity_id for effect in wanted})
    if stored is not None:
        plan.notice(stored.author_id, {"kind": "verdict", "operation": id_, "subject": subject_id})
