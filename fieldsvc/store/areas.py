"""The tree of areas: paths, branches, survivors."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AreaRow, EntityRow

# Once: made anew for each question, it took most of the time in which whether somebody may do a thing was asked.
_survivors = AreaRow.__table__.alias()


def add(session: Session, **values: Any) -> None:
    """Add an area."""
    session.execute(insert(AreaRow).values(**values))


def get(session: Session, feed_id: str, area_id: str) -> AreaRow | None:
    """One area of a feed."""
    return session.scalars(select(AreaRow).where(AreaRow.feed_id == feed_id, AreaRow.id == area_id)).first()


def by_code(session: Session, feed_id: str, code: str) -> AreaRow | None:
    """The area with this code that is still valid."""
    return session.scalars(
        select(AreaRow).where(AreaRow.feed_id == feed_id, AreaRow.code == code, AreaRow.merged_into_id.is_(None))
    ).first()


def by_codes(session: Session, feed_id: str, codes: Collection[str]) -> dict[str, AreaRow]:
    """The areas with these codes that are still valid, by code."""
    if not codes:
        return {}
    found = select(AreaRow).where(
        AreaRow.feed_id == feed_id, AreaRow.code.in_(list(codes)), AreaRow.merged_into_id.is_(None)
    )
    return {row.code: row for row in session.scalars(found)}


def names(session: Session, feed_id: str, codes: Collection[str] | None) -> dict[str, str]:
    """The names of the areas with these codes (of all: `None`), by code; of those merged since as well."""
    if codes is not None and not codes:
        return {}
    found = select(AreaRow.code, AreaRow.name).where(AreaRow.feed_id == feed_id)
    if codes is not None:
        found = found.where(AreaRow.code.in_(list(codes)))
    return dict(session.execute(found.order_by(AreaRow.merged_into_id.is_(None))).all())


def standing_for(session: Session, feed_id: str, code: str) -> AreaRow | None:
    """The area with this code, or what it was merged into: a phone may know it by the code of last year."""
    found = by_code(session, feed_id, code)
    if found is not None:
        return found
    merged = select(AreaRow.merged_into_id).where(AreaRow.feed_id == feed_id, AreaRow.code == code)
    survivor = session.scalars(merged).first()
    return get(session, feed_id, survivor) if survivor else None


def at_path(session: Session, feed_id: str, path: str) -> AreaRow | None:
    """The area with this path."""
    return session.scalars(select(AreaRow).where(AreaRow.feed_id == feed_id, AreaRow.path == path)).first()


def paths(session: Session, feed_id: str, area_ids: Collection[str]) -> dict[str, str]:
    """The paths of these areas, by id."""
    if not area_ids:
        return {}
    found = select(AreaRow.id, AreaRow.path).where(AreaRow.feed_id == feed_id, AreaRow.id.in_(list(area_ids)))
    return {row.id: row.path for row in session.execute(found)}


def topmost(session: Session, feed_id: str) -> AreaRow | None:
    """The area that all others lie in."""
    return session.scalars(select(AreaRow).where(AreaRow.feed_id == feed_id, AreaRow.parent_id.is_(None))).first()


def below(session: Session, feed_id: str, paths: tuple[str, ...]) -> list[str]:
    """The ids of every area at or below these paths, and of areas merged into one of them."""
    if not paths:
        return []
    branches = [AreaRow.path.startswith(path, autoescape=True) for path in paths]
    merged = [_survivors.c.path.startswith(path, autoescape=True) for path in paths]
    return list(
        session.scalars(
            select(AreaRow.id)
            .outerjoin(_survivors, _survivors.c.id == AreaRow.merged_into_id)
            .where(AreaRow.feed_id == feed_id, or_(*branches, *merged))
        )
    )


def path_of_subject(session: Session, feed_id: str, subject_id: str) -> str | None:
    """The path of the area a subject lives in (its survivor's, when the area was merged into another)."""
    return paths_of_subjects(session, feed_id, [subject_id]).get(subject_id)


def paths_of_subjects(session: Session, feed_id: str, subject_ids: Collection[str]) -> dict[str, str]:
    """The path of the area of each of these subjects that lies in one."""
    found = session.execute(
        select(EntityRow.id, func.coalesce(_survivors.c.path, AreaRow.path))
        .select_from(EntityRow)
        .join(AreaRow, AreaRow.id == EntityRow.area_id)
        .outerjoin(_survivors, _survivors.c.id == AreaRow.merged_into_id)
        .where(EntityRow.feed_id == feed_id, EntityRow.id.in_(list(subject_ids)))
    )
    return {row[0]: row[1] for row in found}
