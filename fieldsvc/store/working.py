"""Where somebody works: the areas given to them to help in, and those of the households they help."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.pairings import HELPER, TEAM
from fieldsvc.store.tables import AreaRow, AssignmentRow, EntityRow, ScopeRow

_survivor = AreaRow.__table__.alias()
#: What an area that was merged into another is now.
_PATH = func.coalesce(_survivor.c.path, AreaRow.path)


def given(session: Session, feed_id: str, person_id: str, read_to: int | None) -> set[str]:
    """The paths of the areas given to this person, with everything below them.

    `read_to`: how far their phone had read; an area that was taken away after that was theirs as far as it knew.
    """
    ended = AssignmentRow.to_pos
    open_ = ended.is_(None) if read_to is None else or_(ended.is_(None), ended > read_to)
    found = select(_PATH).select_from(AssignmentRow).join(AreaRow, AreaRow.id == AssignmentRow.area_id)
    found = found.outerjoin(_survivor, _survivor.c.id == AreaRow.merged_into_id).where(
        AssignmentRow.feed_id == feed_id, AssignmentRow.person_id == person_id, AssignmentRow.role == HELPER, open_
    )
    return set(session.scalars(found))


def of_households(session: Session, feed_id: str, person_id: str, read_to: int | None) -> set[str]:
    """The paths of the areas in which the households lie that this person helps; with `read_to` as above."""
    ended = ScopeRow.revoked_pos
    open_ = ended.is_(None) if read_to is None else or_(ended.is_(None), ended > read_to)
    found = (
        select(_PATH)
        .select_from(ScopeRow)
        .join(EntityRow, (EntityRow.feed_id == ScopeRow.feed_id) & (EntityRow.id == ScopeRow.subject_id))
        .join(AreaRow, AreaRow.id == EntityRow.area_id)
        .outerjoin(_survivor, _survivor.c.id == AreaRow.merged_into_id)
        .where(
            ScopeRow.feed_id == feed_id,
            ScopeRow.person_id == person_id,
            ScopeRow.role == HELPER,
            EntityRow.practice.is_(False),
            EntityRow.dataset != TEAM,
            open_,
        )
        .distinct()
    )
    return set(session.scalars(found))


def villages(session: Session, feed_id: str, below: Collection[str], paths: Collection[str]) -> list[tuple[str, str]]:
    """The code and name of each area at or below some paths that has none below itself, and of the areas at others."""
    child = AreaRow.__table__.alias()
    lowest = ~select(child.c.id).where(child.c.parent_id == AreaRow.id, child.c.merged_into_id.is_(None)).exists()
    branches = [AreaRow.path.startswith(path, autoescape=True) & lowest for path in below]
    if not branches and not paths:
        return []
    found = session.execute(
        select(AreaRow.code, AreaRow.name)
        .where(
            AreaRow.feed_id == feed_id,
            AreaRow.merged_into_id.is_(None),
            or_(*branches, AreaRow.path.in_(list(paths))),
        )
        .order_by(AreaRow.code)
    )
    return [(row.code, row.name) for row in found]
