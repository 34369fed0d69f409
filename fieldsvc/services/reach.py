"""What the office pages of one supervisor cover: their areas with names, as a tree, ready to filter by.

Rights themselves are decided in `access`; this only lays the areas out for reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.store import household_record
from fieldsvc.store.tables import AreaRow


@dataclass(frozen=True, slots=True)
class Area:
    """One area within reach. `depth` counts from the topmost area the supervisor answers for."""

    id: str
    code: str
    name: str
    level: str
    path: str
    depth: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The areas a supervisor answers for. `ids` None means everything in the feed."""

    areas: Mapping[str, Area]
    ids: tuple[str, ...] | None

    def narrowed(self, area_id: str | None) -> tuple[str, ...] | None:
        """The area and all below it, for a filter; raises `not-found` for an area out of reach."""
        if area_id is None:
            return self.ids
        chosen = self.areas.get(area_id)
        if chosen is None:
            raise problems.NotFound()
        return tuple(area.id for area in self.areas.values() if area.path.startswith(chosen.path))

    def places(self, area_id: str | None) -> list[str]:
        """Town and village of an area, from the top of what is within reach."""
        area = self.areas.get(area_id or "")
        if area is None:
            return []
        above = [other for other in self.areas.values() if area.path.startswith(other.path)]
        names = [one.name for one in sorted(above, key=lambda one: one.depth)]
        return names[-2:]

    def roots(self) -> list[str]:
        """The names of the topmost areas."""
        return [area.name for area in self.areas.values() if area.depth == 0]


def of(session: Session, by: Actor, action: str = Action.REVIEW) -> Reach:
    """Where somebody may do this, reviewing if nothing else is said; raises `not-found` for who may nowhere."""
    paths = access.area_paths(by, action)
    if not paths:
        raise problems.NotFound()
    ids = access.supervised_areas(session, by, action)
    inside = None if ids is None else set(ids)
    rows = [row for row in household_record.areas(session, by.feed_id) if inside is None or row.id in inside]
    return Reach(areas={row.id: _area(row, paths) for row in rows}, ids=ids)


def whole(session: Session, feed_id: str) -> Reach:
    """Everything of a feed, for what the server does by itself."""
    rows = household_record.areas(session, feed_id)
    top = tuple(row.path for row in rows if row.parent_id is None)
    return Reach(areas={row.id: _area(row, top) for row in rows}, ids=None)


def _area(row: AreaRow, paths: tuple[str, ...]) -> Area:
    top = min((path for path in paths if row.path.startswith(path)), key=len, default=row.path)
    return Area(row.id, row.code, row.name, row.level, row.path, depth=row.path.count("/") - top.count("/"))
