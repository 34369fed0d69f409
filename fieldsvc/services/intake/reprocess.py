"""Deciding again what waited: because a supervisor has read it, or because it waited too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from fieldsvc.problems import (
    DeclinedByOffice,
    FormVersionUnknown,
    HouseholdClosed,
    NotFound,
    OperationFailed,
    OwnOverride,
    PreconditionFailed,
    Problem,
    ReasonMissing,
    Replaced,
)
from fieldsvc.processes.findings import Guard
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import attempt
from fieldsvc.services.intake import beginning, turns
from fieldsvc.services.intake.along import decline_with_it
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.batch import decide_after, decide_batch, revive
from fieldsvc.services.intake.gate import is_in_a_closed_household, never
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.leaving import OUTAGES, leave_places_of
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.unregistered import unregistered
from fieldsvc.store import amendments, audit, feeds, operations
from fieldsvc.store.operations import Receipted
from sync.model import Status

log = structlog.get_logger(__name__)
_DAY = 86_400_000
_AT_ONCE = 100
_WAITS = (Status.REVIEW, Status.HELD)


def accept_reviewed(ctx: Context, operation_id: str, *, by: Actor, reason: str = "") -> str:
    """Let an operation in review take effect; answers its new status. Its author is told.

    It waits on, as `not-unique`, where that would double what nobody has shown the supervisor yet. Raises
    `operation-failed` for one that makes the server fail again, and `replaced` while its amendment waits too:
    that was made from a record without it, and both would count.

    Against a rule of a process that takes a reason, kept in the audit log with the rules: raises `reason-missing`, and
    `own-override` when whoever made the step that somebody else has to do lets it through. Raises `own-file` for what
    nobody may let through, `form-version-unknown` for what cannot be read yet, and `registration-waits` or
    `registration-declined` for what is about a household that is not in the register, `household-closed` for what is in
    one that is closed: it would live on where nobody counts or visits it.
    """
    return attempt(ctx, lambda session: _accept(ctx, session, operation_id, by, reason))


def _accept(ctx: Context, session: Session, operation_id: str, by: Actor, reason: str) -> str:
    known = Known.of(ctx, session, by.feed_id)
    stored = _waiting(known, operation_id, by)
    if amendments.amended_in_review(session, by.feed_id, operation_id, stored.author_id):
        raise Replaced
    overrides = _overridden(stored, by, reason)
    plan = Plan(by.feed_id, ctx.now_ms())
    _let_through(known, plan, stored)
    decision = plan.decisions.get(operation_id)
    detail = {**overrides, **({"reason": reason} if reason else {})} or None
    entry = audit.Entry(plan.at, by.person_id, "accept-operation", f"operation:{operation_id}", detail=detail)
    plan.audit.append(entry)
    plan.write(session)
    return decision.status if decision else stored.status


def _let_through(known: Known, plan: Plan, stored: Receipted) -> None:
    try:
        arrival = revive(known, stored, accepted=True)
        if arrival is None:
            raise PreconditionFailed("This operation cannot be read, so it cannot take effect.")
        decide_batch(known, plan, [arrival])
        closed = never(known, plan, arrival) or unregistered(known, plan, arrival)
        if closed is None and is_in_a_closed_household(known, arrival, arrival.operation.subject):
            closed = HouseholdClosed()
    except (Problem, SQLAlchemyError):
        raise
    except Exception as error:  # what made the server fail when it came may do so still
        log.exception("operation failed again", op=stored.id)
        raise OperationFailed from error
    if closed is not None:
        raise closed


def _overridden(stored: Receipted, by: Actor, reason: str) -> dict[str, Any]:
    """What is set aside by accepting: the rules of a process that the operation breaks, if it does."""
    problem = stored.problem or {}
    if not str(problem.get("code", "")).startswith("process-"):
        return {}
    if not reason.strip():
        raise ReasonMissing
    if Guard.PERSON in problem.get("guards", ()) and stored.author_id == by.person_id:
        raise OwnOverride
    return {"against": problem["code"], "guards": list(problem.get("guards", ()))}


def refuse_reviewed(ctx: Context, operation_id: str, *, by: Actor, reason: str) -> None:
    """Decide that an operation in review shall not take effect. It is kept, and its author is told why.

    With the registration of a household goes what waits for it. What waited for one that was held waits no more.
    """
    attempt(ctx, lambda session: _refuse(ctx, session, operation_id, by, reason))


def _refuse(ctx: Context, session: Session, operation_id: str, by: Actor, reason: str) -> None:
    known = Known.of(ctx, session, by.feed_id)
    stored = _waiting(known, operation_id, by)
    plan = Plan(by.feed_id, ctx.now_ms())
    values = {"status": Status.REFUSED, "problem": DeclinedByOffice(reason).as_json(), "updated_at": plan.at}
    plan.verdicts.append((operation_id, values))
    plan.notice(stored.author_id, {"kind": "verdict", "operation": operation_id, "subject": stored.subject_id})
    leave_places_of(known, plan, stored)
    if stored.subject_id:
        decline_with_it(known, plan, operation_id, stored.subject_id, reason)
    if stored.status == Status.HELD:
        _let_go(known, plan, operation_id)
    plan.audit.append(audit.Entry(plan.at, by.person_id, "refuse-operation", f"operation:{operation_id}"))
    plan.write(session)


def _let_go(known: Known, plan: Plan, id_: str) -> None:
    wanted = operations.effects_of(known.session, known.feed_id, [id_]).get(id_, ())
    known.end(id_, {effect.entity_id for effect in wanted})
    decide_after(known, plan)


def _waiting(known: Known, operation_id: str, by: Actor) -> Receipted:
    stored = turns.at_stored(known, [operation_id]).get(operation_id)
    if stored is None:
        raise NotFound
    if stored.subject_id and known.area_path(stored.subject_id) is not None:
        access.require(known.session, by, Action.REVIEW, stored.subject_id)
    else:
        access.require_to_let_begin(known.session, by, beginning.would_lie_in(known, stored))
    if stored.status not in _WAITS:
        raise PreconditionFailed(status=stored.status)
    return stored


def force_overdue(ctx: Context) -> int:
    """Decide operations whose missing predecessor never came; answers how many. For the nightly sweep.

    A phone lost in a river never sends the missing link, and its owner's other work must not wait for ever.
    """
    with ctx.db.read() as session:
        ids = [feed.id for feed in feeds.all_feeds(session)]
    return sum(_force_feed(ctx, feed_id) for feed_id in ids)


def _force_feed(ctx: Context, feed_id: str) -> int:
    before = ctx.now_ms() - ctx.settings.hold_days * _DAY
    with ctx.db.read() as session:
        late = operations.overdue(session, feed_id, before, _AT_ONCE)
        first = _first_of_their_branches(session, feed_id, late) if late else []
    decided = _decide_again(ctx, feed_id, first, forced=True)
    with ctx.db.read() as session:
        stuck = all(one.status == Status.HELD for one in operations.known(session, feed_id, first).values())
    # What stands first but cannot be read any more is not to hold up what comes behind it.
    return decided + (_decide_again(ctx, feed_id, late, forced=True) if stuck else 0)


def take_up(ctx: Context) -> int:
    """Decide visits again that waited for a version of their form, and it has been published; answers how many.

    After an older backup was put back phones send visits of forms that the server has lost. Published again, their
    visits are judged as if they came now, by what their authors saw: nobody has to let each of them through unseen.
    """
    with ctx.db.read() as session:
        ids = [feed.id for feed in feeds.all_feeds(session)]
    return sum(_take_up_feed(ctx, feed_id) for feed_id in ids)


def _take_up_feed(ctx: Context, feed_id: str) -> int:
    with ctx.db.read() as session:
        again = operations.regained(session, feed_id, FormVersionUnknown.code, _AT_ONCE)
    return _decide_again(ctx, feed_id, again)


def _decide_again(ctx: Context, feed_id: str, ids: Sequence[str], *, forced: bool = False) -> int:
    """Decide these, together or, if that fails, each in a transaction of its own; answers how many were decided.

    One on which the server fails is kept for a person as if it had failed when it came, and holds up no other.
    """
    if not ids:
        return 0
    try:
        return _decide_together(ctx, feed_id, ids, forced=forced)
    except OUTAGES:  # the next sweep tries again
        raise
    except Exception:
        if len(ids) > 1:
            log.exception("operations failed together", operations=len(ids))
            return sum(_decide_again(ctx, feed_id, [id_], forced=forced) for id_ in ids)
        log.exception("operation failed", op=ids[0])
    _keep(ctx, feed_id, ids[0])
    return 0


def _decide_together(ctx: Context, feed_id: str, ids: Sequence[str], *, forced: bool) -> int:
    def work(session: Session) -> int:
        known = Known.of(ctx, session, feed_id)
        plan = Plan(feed_id, ctx.now_ms())
        decide_batch(known, plan, _revived(known, ids, forced=forced))
        plan.write(session)
        return len(plan.decisions)

    return attempt(ctx, work)  # desks correct records without a turn at them


def _keep(ctx: Context, feed_id: str, operation_id: str) -> None:
    def work(session: Session) -> None:
        known, plan = Known.of(ctx, session, feed_id), Plan(feed_id, ctx.now_ms())
        stored = turns.at_stored(known, [operation_id])[operation_id]
        if stored.status not in _WAITS:
            return  # a person has decided it meanwhile
        leave_places_of(known, plan, stored)
        values = {"status": Status.REVIEW, "problem": OperationFailed().as_json(), "updated_at": plan.at}
        plan.verdicts.append((operation_id, values))
        plan.notice(stored.author_id, {"kind": "verdict", "operation": operation_id, "subject": stored.subject_id})
        plan.write(session)

    attempt(ctx, work)


def _revived(known: Known, ids: Sequence[str], *, forced: bool) -> list[Arrival]:
    """Those of them that wait still: they were looked for before this transaction began, and before it was our turn."""
    waits = Status.HELD if forced else Status.REVIEW
    stored = turns.at_stored(known, ids)
    still = [stored[id_] for id_ in ids if id_ in stored and stored[id_].status == waits]
    return [arrival for each in still if (arrival := revive(known, each, forced=forced)) is not None]


def _first_of_their_branches(session: Session, feed_id: str, late: Sequence[str]) -> list[str]:
    """What has to be forced so that these go on: those before which nothing waits in any branch they are of.

    The others follow by themselves. Forced ahead of a link that waits as well, a later one would stand as the newer
    word of its author, and what the earlier one counted would be lost.
    """
    found, behind = dict.fromkeys(late), set[str]()
    new = list(late)
    while new:
        pairs = operations.held_before(session, feed_id, new)
        behind |= {later for later, _ in pairs}
        new = [earlier for earlier in dict.fromkeys(earlier for _, earlier in pairs) if earlier not in found]
        found |= dict.fromkeys(new)
    # Two that each stand before the other are no work of our app; they are not to hold up the night.
    return [id_ for id_ in found if id_ not in behind] or list(late)
