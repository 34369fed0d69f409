"""Ending a visit that never took effect: its author has taken it back, or put another in its place.

What another's amendment has ended may wait again, so its end says what it waited for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

from fieldsvc.problems import Problem, Replaced
from fieldsvc.services.intake import chain
from fieldsvc.services.intake.documents import note_successor
from fieldsvc.services.intake.judge import remember_link
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import operations
from fieldsvc.store.operations import Receipted
from sync.model import Status

_WAITS = (Status.HELD, Status.REVIEW)


def waits(known: Known, plan: Plan, id_: str) -> bool:
    """Whether a visit waits still, for something that is missing or for a person."""
    decided, stored = plan.decisions.get(id_), known.without_effect.get(id_)
    status = decided.status if decided else stored.status if stored else None
    return status in _WAITS and id_ not in known.ended


def end_if_waiting(known: Known, plan: Plan, id_: str, subject_id: str, why: Problem) -> None:
    """A visit that waits shall never take effect: its owner is told why, and nobody need look at it again.

    What comes after it on its branch need not wait for it any more.
    """
    if not waits(known, plan, id_):
        return
    decided, stored = plan.decisions.get(id_), known.without_effect.get(id_)
    if decided is not None:
        effects = tuple(replace(effect, status=Status.REFUSED) for effect in decided.effects)
        why = _remembering(why, str(decided.status), decided.problem_json)
        plan.decisions[id_] = replace(decided, status=Status.REFUSED, problem=why, effects=effects)
        known.end(id_, {effect.wish.entity_id for effect in effects})
        for effect in effects:
            remember_link(known, decided.arrival, effect)
    elif stored is not None:
        why = _remembering(why, stored.status, stored.problem)
        values = {"status": Status.REFUSED, "problem": why.as_json(), "updated_at": plan.at}
        plan.verdicts.append((id_, values))
        wanted = operations.effects_of(known.session, known.feed_id, [id_]).get(id_, ())
        known.end(id_, {effect.entity_id for effect in wanted})
    if stored is not None:
        plan.notice(stored.author_id, {"kind": "verdict", "operation": id_, "subject": subject_id})


def replaced(problem: Mapping[str, Any] | None) -> Replaced:
    """Why a visit ends that would wait for a person with this problem, had it not been amended already."""
    return Replaced(was={"status": str(Status.REVIEW), "problem": problem})


def wait_again(known: Known, plan: Plan, id_: str) -> None:
    """Let what an amendment ended wait as before, now that this was taken back; so what it amended in its turn.

    For a person it waits with the very problem it had. What waited for something to arrive is decided again in this
    push, since that may be here now; so is what came in this push itself.
    """
    earlier = chain.earlier(known, plan, chain.replaced_by_it(known, plan, id_))
    ended = takewhile(lambda each: _was_replaced(known, plan, each), [id_, *earlier])
    for each in reversed(list(ended)):
        _wait_again(known, plan, each)


def _wait_again(known: Known, plan: Plan, id_: str) -> None:
    stored = known.without_effect.get(id_)
    note_successor(known, plan, id_, None)
    known.ended.pop(id_, None)
    plan.verdicts[:] = [each for each in plan.verdicts if each[0] != id_]
    if id_ in plan.decisions or stored is None:
        known.again.append(id_)
        return
    status, problem = _before(stored)
    if status == Status.HELD:
        known.again.append(id_)
        return
    values = {"status": Status.REVIEW, "problem": problem, "updated_at": plan.at}
    plan.verdicts.append((id_, values))
    flags = {**(known.submissions[id_].flags or {}), "review": problem["code"]}
    plan.submission_values.append((id_, {"flags": flags}))
    plan.notice(stored.author_id, {"kind": "verdict", "operation": id_, "subject": stored.subject_id})


def _before(stored: Receipted) -> tuple[str, Mapping[str, Any]]:
    """What was said of it before it was ended; of what was ended before this was kept, that it was."""
    problem = stored.problem or {}
    if stored.status in _WAITS:
        return stored.status, problem
    was = problem.get("was") or {}
    return was.get("status", Status.REVIEW), was.get("problem") or {k: v for k, v in problem.items() if k != "was"}


def _was_replaced(known: Known, plan: Plan, id_: str) -> bool:
    decided, stored = plan.decisions.get(id_), known.without_effect.get(id_)
    if decided is not None:
        return isinstance(decided.problem, Replaced)
    if stored is None or id_ not in known.submissions:
        return False
    return id_ in known.ended or (stored.problem or {}).get("code") == Replaced.code


def _remembering(why: Problem, status: str, problem: Mapping[str, Any] | None) -> Problem:
    return Replaced(was={"status": status, "problem": problem}) if isinstance(why, Replaced) else why
