"""Ending a visit that never took effect: its author has taken it back, or put another in its place."""

from __future__ import annotations

from dataclasses import replace

from fieldsvc.problems import Problem
from fieldsvc.services.intake.judge import remember_link
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import operations
from sync.model import Status


def end_if_waiting(known: Known, plan: Plan, id_: str, subject_id: str, why: Problem) -> None:
    """A visit that waits shall never take effect: its owner is told why, and nobody need look at it again.

    What comes after it on its branch need not wait for it any more.
    """
    decided, stored = plan.decisions.get(id_), known.without_effect.get(id_)
    status = decided.status if decided else stored.status if stored else None
    if status not in (Status.HELD, Status.REVIEW) or id_ in known.ended:
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
