"""Planning a handover, taking the plan back, and carrying it out when its day has come.

A handover of today is a plan whose moment has come: there is one way in which households change hands.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, TakerUnknown
from fieldsvc.services import access, assignments, enrol
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.apart import apart
from fieldsvc.services.context import Context
from fieldsvc.services.workdays import day_of
from fieldsvc.store import audit, feeds, handovers, people
from fieldsvc.store.tables import HandoverRow


def hand_over(
    ctx: Context,
    by: Actor,
    *,
    giver: str,
    taker: str,
    subjects: Collection[str] | None,
    day: date | None = None,
    reason: str | None = None,
) -> int | None:
    """Give these households, or with none all that `by` may assign, to who signs in as `taker`.

    Today or without a day at once: how many went. On a later day: `None`, and it happens by itself. Raises
    `not-found` for a household out of reach and `taker-unknown` for nobody, a retired person, or the giver.
    """
    now = ctx.now_ms()
    with ctx.db.write() as session:
        receiver = people.by_login(session, taker)
        if receiver is None or receiver.feed_id != by.feed_id or receiver.id == giver:
            raise TakerUnknown
        for subject_id in subjects or ():
            access.require(session, by, Action.ASSIGN, subject_id)
        later = day is not None and day > day_of(now, ctx.settings.time_zone)
        row = HandoverRow(
            id=ctx.new_id(),
            feed_id=by.feed_id,
            giver_id=giver,
            taker_id=receiver.id,
            subjects=None if subjects is None else sorted(subjects),
            at=_morning(day, ctx.settings.time_zone) if day is not None and later else now,
            reason=reason,
            by_id=by.person_id,
            state="planned",
            moved=None,
            created_at=now,
        )
        session.add(row)
        session.flush()
        if not later:
            return _carry_out(ctx, session, by, row)
        _note(ctx, session, by.person_id, "plan-handover", row)
        return None


def cancel(ctx: Context, by: Actor, handover_id: str) -> bool:
    """Take a plan back; false when it was carried out or taken back meanwhile. Raises `not-found`."""
    with ctx.db.write() as session:
        row = handovers.get(session, by.feed_id, handover_id)
        if row is None or not may_see(session, by, row):
            raise NotFound
        if not handovers.finish(session, handover_id, state="cancelled"):
            return False
        _note(ctx, session, by.person_id, "cancel-handover", row)
        return True


def carry_out_due(ctx: Context) -> int:
    """Carry out every plan whose moment has come, each in a transaction of its own; how many. For the sweep.

    It happens with the rights the planner has by then: households that went elsewhere meanwhile stay where they are,
    and a plan of somebody who is retired by then, or may assign nowhere, fails.
    """
    with ctx.db.read() as session:
        now = ctx.now_ms()
        due = [(feed.id, one.id) for feed in feeds.all_feeds(session) for one in handovers.due(session, feed.id, now)]
    for feed_id, handover_id in due:
        apart(f"handover:{handover_id}", partial(_carry_out_one, ctx, feed_id, handover_id))
    return len(due)


def may_see(session: Session, by: Actor, row: HandoverRow) -> bool:
    """Whether a plan is theirs, or all it names is within their reach."""
    if row.by_id == by.person_id:
        return True
    if row.subjects is None:
        return access.supervised_areas(session, by, Action.ASSIGN) is None
    return all(access.may(session, by, Action.ASSIGN, subject_id) for subject_id in row.subjects)


def _carry_out_one(ctx: Context, feed_id: str, handover_id: str) -> None:
    with ctx.db.write() as session:
        row = handovers.get(session, feed_id, handover_id)
        if row is not None and row.state == "planned":  # not taken back since it was found
            _carry_out(ctx, session, enrol.actor_within(ctx, session, row.by_id), row)


def _carry_out(ctx: Context, session: Session, by: Actor | None, row: HandoverRow) -> int:
    assignments.lock_giver(session, row.giver_id)
    taker = people.get(session, row.taker_id)
    may = by is not None and bool(access.area_paths(by, Action.ASSIGN))
    if by is None or not may or taker is None or not taker.active:
        # Retired or moved to another post since: the households stay, and the plan says that it failed.
        if handovers.finish(session, row.id, state="failed", moved=0):
            _note(ctx, session, row.by_id, "hand-over", row, 0)
        return 0
    if not handovers.finish(session, row.id, state="done"):
        return 0  # carried out by another sweep, or taken back, while this one waited
    areas = access.supervised_areas(session, by, Action.ASSIGN)
    held = [one.subject_id for one in handovers.held(session, row.feed_id, row.giver_id, areas)]
    wanted = held if row.subjects is None else [one for one in row.subjects if one in set(held)]
    moved = sum(
        assignments.pass_on(ctx, session, by, one, giver=row.giver_id, taker=row.taker_id, reason=row.reason)
        for one in wanted
    )
    handovers.count(session, row.id, moved)
    _note(ctx, session, by.person_id, "hand-over", row, moved)
    return moved


def _note(ctx: Context, session: Session, by: str, action: str, row: HandoverRow, moved: int | None = None) -> None:
    detail = {"handover": row.id, "to": row.taker_id, "moved": moved}
    entry = audit.Entry(ctx.now_ms(), by, action, f"person:{row.giver_id}", detail=detail)
    audit.append(session, row.feed_id, [entry])


def _morning(day: date, time_zone: str) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(time_zone)).timestamp() * 1000)
