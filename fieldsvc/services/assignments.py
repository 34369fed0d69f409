"""Who visits whom: a person is given a household or a whole area, in a role, from one day to another.

A grant fills the subject in on the person's phones; an end lets work that was begun before it go first. Both are
rows of the feed, so a phone learns of them in the same order as of everything else.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from fieldsvc.problems import HouseholdClosed, NotAllowed, NotFound
from fieldsvc.services import access
from fieldsvc.services.access import ROLES, Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import areas, audit, changes, entities, feeds, pairings, people, scope
from fieldsvc.store.changes import NewChange
from fieldsvc.store.locks import lock_things
from fieldsvc.store.tables import AssignmentRow


def assign(
    ctx: Context,
    by: Actor,
    person_id: str,
    *,
    subject_id: str | None = None,
    area_id: str | None = None,
    role: str = "cadre",
    until: int | None = None,
    reason: str | None = None,
) -> str:
    """Give a person one subject or a whole area, until a moment or until further notice; the assignment's id.

    Checkers of a cross-check get another town for some weeks: that is an area with `until`. Raises `not-allowed`
    for the file of another person's own, `household-closed` for a household that is closed.
    """
    with ctx.db.write() as session:
        return _assign(ctx, session, by, person_id, subject_id, area_id, role, until, reason)


def end(ctx: Context, by: Actor, assignment_id: str, *, reason: str | None = None) -> None:
    """End an assignment now. What the person holds for another reason stays; a second end changes nothing."""
    with ctx.db.write() as session:
        row = scope.assignment(session, by.feed_id, assignment_id)
        if row is None:
            raise NotFound
        _require_reach(session, by, row.subject_id, row.area_id)
        if row.to_pos is None:
            _end(ctx, session, by.feed_id, by.person_id, row, reason)


def end_within(ctx: Context, session: Session, by: Actor, row: AssignmentRow, *, reason: str | None = None) -> None:
    """`end` in a transaction that somebody else began."""
    _require_reach(session, by, row.subject_id, row.area_id)
    _end(ctx, session, by.feed_id, by.person_id, row, reason)


def hand_over(ctx: Context, by: Actor, subject_id: str, *, giver: str, taker: str, reason: str | None = None) -> None:
    """Give a subject to another person from now on, in the giver's role; nothing in between is nobody's."""
    with ctx.db.write() as session:
        _require_reach(session, by, subject_id, None)
        lock_giver(session, giver)
        if not pass_on(ctx, session, by, subject_id, giver=giver, taker=taker, reason=reason):
            raise NotFound


def lock_giver(session: Session, giver: str) -> None:
    """Let handovers by one person wait for each other: each would find the same household in their hands."""
    lock_things(session, [f"giver:{giver}"])


def pass_on(
    ctx: Context, session: Session, by: Actor, subject_id: str, *, giver: str, taker: str, reason: str | None
) -> bool:
    """`hand_over` inside the caller's transaction; false when the giver does not hold the subject any more, or it is
    the file of their own, which nobody takes over.
    """
    held = [
        row
        for row in scope.open_assignments(session, by.feed_id, person_id=giver, subject_id=subject_id)
        if row.to_pos is None
    ]
    if not held or held[0].role == pairings.OWN:
        return False
    _assign(ctx, session, by, taker, subject_id, None, held[0].role, held[0].to_at, reason)
    for row in held:
        _end(ctx, session, by.feed_id, by.person_id, row, reason)
    return True


def end_due(ctx: Context) -> int:
    """End every assignment whose last moment has passed; how many. For the nightly sweep."""
    number = 0
    with ctx.db.write() as session:
        for feed in feeds.all_feeds(session):
            for row in pairings.due(session, feed.id, ctx.now_ms()):
                _end(ctx, session, feed.id, None, row, row.reason)
                number += 1
    return number


def _assign(
    ctx: Context,
    session: Session,
    by: Actor,
    person_id: str,
    subject_id: str | None,
    area_id: str | None,
    role: str,
    until: int | None,
    reason: str | None,
) -> str:
    if role not in ROLES:
        raise ValueError(f"there is no role {role}")
    if (subject_id is None) == (area_id is None):
        raise ValueError("an assignment names a subject or an area")
    path = _require_reach(session, by, subject_id, area_id)
    if subject_id is not None:
        known = entities.load(session, by.feed_id, [subject_id])[subject_id]
        if known.entity.deleted:
            raise HouseholdClosed
        if known.dataset == pairings.TEAM and person_id != subject_id:
            raise NotAllowed
        role = pairings.OWN if known.dataset == pairings.TEAM else pairings.LEARNER if known.practice else role
    person = people.get(session, person_id)
    if person is None or person.feed_id != by.feed_id:
        raise NotFound
    now, assignment_id = ctx.now_ms(), ctx.new_id()
    before = pairings.reached(session, by.feed_id, person_id)
    reaches = pairings.subjects_below(session, by.feed_id, path) if path else {str(subject_id)}
    scope.add_assignment(
        session,
        id=assignment_id,
        feed_id=by.feed_id,
        person_id=person_id,
        subject_id=subject_id,
        area_id=area_id,
        role=role,
        from_at=now,
        to_at=until,
        from_pos=None,
        to_pos=None,
        reason=reason,
    )
    audit.append(session, by.feed_id, [_entry(now, by.person_id, "assign", person_id, assignment_id)])
    after = pairings.reached(session, by.feed_id, person_id)
    new = {subject: after[subject] for subject in sorted(reaches) if before.get(subject) != after[subject]}
    told = [_area_told(person_id, area_id, now)] if area_id else []
    positions = pairings.rescope(session, by.feed_id, now, grants={person_id: new}, also=told)
    scope.begin_assignment(session, assignment_id, positions[-1] if positions else None)
    return assignment_id


def _end(
    ctx: Context, session: Session, feed_id: str, actor_id: str | None, row: AssignmentRow, reason: str | None
) -> None:
    now = ctx.now_ms()
    before = pairings.reached(session, feed_id, row.person_id)
    # Position 0 marks it ended for the questions below; its true place in the feed follows.
    scope.end_assignment(session, row.id, to_at=now, to_pos=0)
    after = pairings.reached(session, feed_id, row.person_id)
    lost = before.keys() - after.keys()
    audit.append(session, feed_id, [_entry(now, actor_id, "end-assignment", row.person_id, row.id)])
    told = _notices(session, feed_id, row, lost, now, reason)
    if row.area_id:
        told.append(_area_told(row.person_id, row.area_id, now))
    kept = {subject: role for subject, role in sorted(after.items()) if before[subject] != role}
    grants = {row.person_id: kept} if kept else {}
    positions = pairings.rescope(session, feed_id, now, grants=grants, revokes={row.person_id: lost}, also=told)
    scope.end_assignment(session, row.id, to_at=now, to_pos=positions[-1] if positions else 0)


def _area_told(person_id: str, area_id: str, now: int) -> NewChange:
    """Let this person's phones learn anew in which villages they may register: there may be no household in any."""
    return NewChange(changes.person_topic(person_id), changes.VILLAGES, area_id, now)


def _notices(
    session: Session, feed_id: str, row: AssignmentRow, lost: Collection[str], now: int, reason: str | None
) -> list[NewChange]:
    """Tell the person which subjects leave the phone, with the name that the phone is about to forget."""
    notices = []
    for subject_id in sorted(lost):
        known = pairings.subject(session, feed_id, subject_id)
        data = {
            "kind": "handover",
            "at": now,
            "subject": subject_id,
            "label": known.label if known else "",
            "reason": reason,
        }
        notices.append(NewChange(changes.person_topic(row.person_id), "notice", subject_id, now, data=data))
    return notices


def _require_reach(session: Session, by: Actor, subject_id: str | None, area_id: str | None) -> str | None:
    """The area's path, after asking whether `by` may assign there."""
    if subject_id is not None:
        if pairings.subject(session, by.feed_id, subject_id) is None:
            raise NotFound
        access.require(session, by, Action.ASSIGN, subject_id)
        return None
    area = areas.get(session, by.feed_id, area_id or "")
    if area is None:
        raise NotFound
    access.require_in_area(by, Action.ASSIGN, area.path)
    return area.path


def _entry(at: int, actor_id: str | None, action: str, person_id: str, assignment_id: str) -> audit.Entry:
    return audit.Entry(at, actor_id, action, f"person:{person_id}", detail={"assignment": assignment_id})
