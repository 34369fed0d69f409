"""Which subjects an assignment reaches, and how a change of that reach enters the feed.

Rights are materialised (`scope` rows and one feed row per subject), so that a phone's pull asks for the subjects
it holds and never has to work out a tree of areas.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fieldsvc.store import areas, changes, scope
from fieldsvc.store.changes import NewChange
from fieldsvc.store.tables import AreaRow, AssignmentRow, AttachmentRow, EntityRow, ScopeRow, SubmissionRow

#: The role of an assignment that makes somebody the household's helper.
HELPER = "cadre"
#: The role in which somebody holds a household that is there to learn with; phones mark it as such.
LEARNER = "practice"
OWN = scope.OWN
#: Records about a person of ours, each in a file of their own. Whoever is given an area is given none of these.
TEAM = "team_members"


def subject(session: Session, feed_id: str, subject_id: str) -> EntityRow | None:
    """The entity a visit may be about: one that travels with itself."""
    row = session.get(EntityRow, (feed_id, subject_id))
    return row if row is not None and row.subject_id == row.id else None


def area_path(session: Session, feed_id: str, area_id: str) -> str | None:
    """The path of an area, or none where there is no such area."""
    row = areas.get(session, feed_id, area_id)
    return row.path if row is not None else None


def is_own_file(session: Session, feed_id: str, subject_id: str) -> bool:
    """Whether this is the file of one of our own people, closed to their colleagues."""
    row = subject(session, feed_id, subject_id)
    return row is not None and row.dataset == TEAM


def own_files(session: Session, feed_id: str) -> dict[str, str | None]:
    """The people who have the file about themself on their phones, each with the area it lies in."""
    found = session.execute(
        select(EntityRow.id, EntityRow.area_id)
        .join(ScopeRow, (ScopeRow.feed_id == EntityRow.feed_id) & (ScopeRow.subject_id == EntityRow.id))
        .where(
            EntityRow.feed_id == feed_id,
            EntityRow.dataset == TEAM,
            EntityRow.deleted.is_(False),
            ScopeRow.person_id == EntityRow.id,
            ScopeRow.revoked_pos.is_(None),
        )
        .order_by(EntityRow.id)
    )
    return {row.id: row.area_id for row in found}


def subjects_below(session: Session, feed_id: str, area_path: str) -> set[str]:
    """Every subject in the area and below it that an assignment of the area reaches."""
    return set(
        session.scalars(
            select(EntityRow.id).where(
                EntityRow.feed_id == feed_id,
                EntityRow.subject_id == EntityRow.id,
                EntityRow.practice.is_(False),
                EntityRow.dataset != TEAM,
                EntityRow.deleted.is_(False),
                EntityRow.merged_into.is_(None),
                EntityRow.area_id.in_(areas.below(session, feed_id, (area_path,))),
            )
        )
    )


def open_with_paths(session: Session, feed_id: str, person_id: str) -> list[tuple[AssignmentRow, str | None]]:
    """A person's assignments that reach something now, each with the path of its area."""
    rows = session.execute(
        select(AssignmentRow, AreaRow.path)
        .outerjoin(AreaRow, AreaRow.id == AssignmentRow.area_id)
        .where(AssignmentRow.feed_id == feed_id, AssignmentRow.person_id == person_id, AssignmentRow.to_pos.is_(None))
        .order_by(AssignmentRow.from_at, AssignmentRow.id)
    )
    return [(row, path) for row, path in rows]


def reached(session: Session, feed_id: str, person_id: str) -> dict[str, str]:
    """Every subject the person's open assignments reach, with the role in which it does: the helper's before any other.

    Who helps a family and checks the village writes that family's record as its helper.
    """
    found: dict[str, str] = {}
    for row, path in open_with_paths(session, feed_id, person_id):
        reaches = subjects_below(session, feed_id, path) if path else {row.subject_id} - {None}
        for subject_id in reaches:
            if row.role == HELPER:
                found[str(subject_id)] = HELPER
            found.setdefault(str(subject_id), row.role)
    return found


def people_above(session: Session, feed_id: str, area_path: str) -> dict[str, str]:
    """People to whom this area or one above it is assigned, with their role."""
    above = [part for part in area_path.split("/") if part]
    rows = session.execute(
        select(AssignmentRow.person_id, AssignmentRow.role)
        .where(AssignmentRow.feed_id == feed_id, AssignmentRow.area_id.in_(above), AssignmentRow.to_pos.is_(None))
        .order_by(AssignmentRow.from_at, AssignmentRow.id)
    )
    found: dict[str, str] = {}
    for person_id, role in rows:
        if role == HELPER:
            found[person_id] = HELPER
        found.setdefault(person_id, role)
    return found


def due(session: Session, feed_id: str, at: int) -> list[AssignmentRow]:
    """Assignments whose last day is over and that still reach something."""
    return list(
        session.scalars(
            select(AssignmentRow).where(
                AssignmentRow.feed_id == feed_id, AssignmentRow.to_at <= at, AssignmentRow.to_pos.is_(None)
            )
        )
    )


def readdress_visits(session: Session, feed_id: str, subject_id: str, into: str, area_id: str | None) -> list[str]:
    """Let the visits to one subject be visits to another; their ids, oldest first. Their answers stay as they are."""
    ids = list(
        session.scalars(
            select(SubmissionRow.id)
            .where(SubmissionRow.feed_id == feed_id, SubmissionRow.subject_id == subject_id)
            .order_by(SubmissionRow.received_at, SubmissionRow.id)
        )
    )
    for table in (SubmissionRow, AttachmentRow):
        values = {"subject_id": into} | ({"area_id": area_id} if table is SubmissionRow else {})
        session.execute(
            update(table)
            .where(table.feed_id == feed_id, table.subject_id == subject_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    return ids


def rescope(
    session: Session,
    feed_id: str,
    at: int,
    *,
    grants: Mapping[str, Mapping[str, str]] | None = None,
    revokes: Mapping[str, Collection[str]] | None = None,
    also: Sequence[NewChange] = (),
) -> list[int]:
    """Let people hold subjects, or no longer; `also` are feed rows of the same cause. Call it last.

    `grants` is person → subject → role, `revokes` person → subjects. Returns the positions taken, of `also` first.
    """
    wanted = [(person, subject, role) for person, held in (grants or {}).items() for subject, role in held.items()]
    ended = [(person, subject) for person, subjects in (revokes or {}).items() for subject in sorted(subjects)]
    rows = [_row(person, subject, at, {"op": "add", "role": role}) for person, subject, role in wanted]
    rows += [_row(person, subject, at, {"op": "remove"}) for person, subject in ended]
    positions = changes.append(session, feed_id, [*also, *rows])
    placed = iter(positions[len(also) :])
    for person, subject, role in wanted:
        scope.grant(session, feed_id, person, role, [(subject, next(placed))])
    for person, subject in ended:
        scope.revoke(session, feed_id, person, [(subject, next(placed))])
    return positions


def _row(person_id: str, subject_id: str, at: int, data: dict[str, Any]) -> NewChange:
    return NewChange(changes.person_topic(person_id), "scope", subject_id, at, data={**data, "subject": subject_id})
