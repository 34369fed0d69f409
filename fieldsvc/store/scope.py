"""The materialised rights: which subjects a person's phones hold, or held until which position."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, many, rows
from fieldsvc.store.tables import AssignmentRow, EntityRow, ScopeRow

#: The role in which somebody holds the file about themself; phones list it with no household.
OWN = "own"
_scope = columns(ScopeRow)
_ROWS = select(_scope.subject_id, _scope.role, _scope.granted_pos, _scope.revoked_pos).where(
    _scope.feed_id == FEED, _scope.person_id == bindparam("person"), _scope.subject_id.in_(many("ids"))
)


def held(session: Session, feed_id: str, person_id: str, subject_ids: Collection[str]) -> set[str]:
    """Those of the subjects that the person holds now."""
    found = session.scalars(
        select(ScopeRow.subject_id).where(
            ScopeRow.feed_id == feed_id,
            ScopeRow.person_id == person_id,
            ScopeRow.subject_id.in_(subject_ids),
            ScopeRow.revoked_pos.is_(None),
        )
    )
    return set(found)


def areas_held(session: Session, feed_id: str, person_id: str) -> set[str]:
    """The areas of every household the person holds now; what is there to learn with, and their own file, are none."""
    found = session.scalars(
        select(EntityRow.area_id)
        .join(ScopeRow, (ScopeRow.feed_id == EntityRow.feed_id) & (ScopeRow.subject_id == EntityRow.id))
        .where(
            ScopeRow.feed_id == feed_id,
            ScopeRow.person_id == person_id,
            ScopeRow.revoked_pos.is_(None),
            ScopeRow.role != OWN,
            EntityRow.practice.is_(False),
            EntityRow.area_id.is_not(None),
        )
        .distinct()
    )
    return {area_id for area_id in found if area_id is not None}


def rows_for(session: Session, feed_id: str, person_id: str, subject_ids: Collection[str]) -> dict[str, Any]:
    """What the person holds or once held of these subjects, by subject."""
    found = rows(session, _ROWS, feed=feed_id, person=person_id, ids=list(subject_ids)) if subject_ids else ()
    return {row.subject_id: row for row in found}


def holders(session: Session, feed_id: str, subject_id: str, role: str | None = None) -> list[str]:
    """The people who hold a subject now, or those who hold it in one role."""
    query = select(ScopeRow.person_id).where(
        ScopeRow.feed_id == feed_id,
        ScopeRow.subject_id == subject_id,
        ScopeRow.revoked_pos.is_(None),
    )
    if role is not None:
        query = query.where(ScopeRow.role == role)
    return list(session.scalars(query.order_by(ScopeRow.person_id)))


def held_after(session: Session, feed_id: str, person_id: str, after: str, limit: int) -> list[tuple[str, str]]:
    """The next `(subject, role)` the person holds, in order of subject id."""
    found = session.execute(
        select(ScopeRow.subject_id, ScopeRow.role)
        .where(
            ScopeRow.feed_id == feed_id,
            ScopeRow.person_id == person_id,
            ScopeRow.subject_id > after,
            ScopeRow.revoked_pos.is_(None),
        )
        .order_by(ScopeRow.subject_id)
        .limit(limit)
    )
    return [(row.subject_id, row.role) for row in found]


def grant(session: Session, feed_id: str, person_id: str, role: str, grants: Sequence[tuple[str, int]]) -> None:
    """Let a person hold subjects from these positions on, whether or not they once did."""
    known = rows_for(session, feed_id, person_id, [subject for subject, _ in grants])
    new: list[dict[str, Any]] = []
    for subject_id, position in grants:
        if subject_id in known:
            session.execute(
                update(ScopeRow)
                .where(
                    ScopeRow.feed_id == feed_id,
                    ScopeRow.person_id == person_id,
                    ScopeRow.subject_id == subject_id,
                )
                .values(role=role, granted_pos=position, revoked_pos=None)
            )
        else:
            new.append(
                {
                    "feed_id": feed_id,
                    "person_id": person_id,
                    "subject_id": subject_id,
                    "role": role,
                    "granted_pos": position,
                    "revoked_pos": None,
                }
            )
    if new:
        session.execute(insert(ScopeRow), new)


def revoke(session: Session, feed_id: str, person_id: str, revokes: Sequence[tuple[str, int]]) -> None:
    """End holding subjects at these positions."""
    for subject_id, position in revokes:
        session.execute(
            update(ScopeRow)
            .where(
                ScopeRow.feed_id == feed_id,
                ScopeRow.person_id == person_id,
                ScopeRow.subject_id == subject_id,
            )
            .values(revoked_pos=position)
        )


def add_assignment(session: Session, **values: Any) -> None:
    """Record an assignment."""
    session.execute(insert(AssignmentRow).values(**values))


def begin_assignment(session: Session, assignment_id: str, from_pos: int | None) -> None:
    """Note the place in the feed from which an assignment reaches its subjects."""
    session.execute(update(AssignmentRow).where(AssignmentRow.id == assignment_id).values(from_pos=from_pos))


def assignment(session: Session, feed_id: str, assignment_id: str) -> AssignmentRow | None:
    """One assignment."""
    return session.scalars(
        select(AssignmentRow).where(AssignmentRow.feed_id == feed_id, AssignmentRow.id == assignment_id)
    ).first()


def open_assignments(
    session: Session, feed_id: str, *, person_id: str | None = None, subject_id: str | None = None
) -> list[AssignmentRow]:
    """Assignments that have not ended (one with a last day has not ended before it), of a person or to a subject."""
    query = select(AssignmentRow).where(AssignmentRow.feed_id == feed_id, AssignmentRow.to_pos.is_(None))
    if person_id is not None:
        query = query.where(AssignmentRow.person_id == person_id)
    if subject_id is not None:
        query = query.where(AssignmentRow.subject_id == subject_id)
    return list(session.scalars(query.order_by(AssignmentRow.from_at, AssignmentRow.id)))


def end_assignment(session: Session, assignment_id: str, *, to_at: int, to_pos: int | None) -> None:
    """End an assignment; its row stays."""
    session.execute(update(AssignmentRow).where(AssignmentRow.id == assignment_id).values(to_at=to_at, to_pos=to_pos))
