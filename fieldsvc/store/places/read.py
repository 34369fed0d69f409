"""Households on a map: counted by the cells of a grid, listed where they are few, by village where there is no map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from fieldsvc.store import coverage
from fieldsvc.store.places.keep import MILLIONTHS
from fieldsvc.store.tables import EntityRow, PlaceRow

Key = tuple[str, str]
#: West, south, east, north in degrees.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """What households are marked for: nobody visited them in `month`, or they have a record of `dataset` whose `stage`
    is none of `ends`.
    """

    month: int | None = None
    dataset: str = ""
    stage: str = ""
    ends: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which households: of these areas (None: all), in a box, and with `only` the marked ones or the others alone."""

    areas: Sequence[str] | None
    box: Box | None = None
    mark: Mark | None = None
    only: bool | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Households of one cell of the grid, at their mean place."""

    latitude: float
    longitude: float
    number: int
    marked: int


@dataclass(frozen=True, slots=True)
class Home:
    """One household at its place; `accuracy` in metres, 0 if unknown."""

    id: str
    label: str
    area_id: str | None
    latitude: float
    longitude: float
    accuracy: int
    marked: bool


def extent(session: Session, feed_id: str, asked: Asked) -> Box | None:
    """The smallest box that holds them all; nothing where there are none."""
    table = PlaceRow
    query = select(
        func.min(table.longitude), func.min(table.latitude), func.max(table.longitude), func.max(table.latitude)
    )
    found = session.execute(query.where(*_where(feed_id, asked))).one()
    west, south, east, north = found
    if west is None:
        return None
    return west / MILLIONTHS, south / MILLIONTHS, east / MILLIONTHS, north / MILLIONTHS


def number(session: Session, feed_id: str, asked: Asked, at_most: int) -> int:
    """How many there are, counted no further than `at_most`."""
    some = select(PlaceRow.entity_id).where(*_where(feed_id, asked)).limit(at_most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def cells(session: Session, feed_id: str, asked: Asked, size: float) -> list[Cell]:
    """Their numbers by cells of `size` degrees. A box decides how many cells there can be."""
    step = max(round(size * MILLIONTHS), 1)
    east, north = PlaceRow.longitude // step, PlaceRow.latitude // step
    rows = session.execute(
        select(
            func.avg(PlaceRow.latitude),
            func.avg(PlaceRow.longitude),
            func.count(),
            func.sum(_marked(feed_id, asked.mark)),
        )
        .where(*_where(feed_id, asked))
        .group_by(east, north)
    )
    return [Cell(float(y) / MILLIONTHS, float(x) / MILLIONTHS, number, int(marked)) for y, x, number, marked in rows]


def homes(session: Session, feed_id: str, asked: Asked, *, after: Key | None = None, limit: int) -> list[Home]:
    """Some of them by name."""
    query = (
        select(
            PlaceRow.entity_id,
            EntityRow.label,
            PlaceRow.area_id,
            PlaceRow.latitude,
            PlaceRow.longitude,
            PlaceRow.accuracy,
            _marked(feed_id, asked.mark),
        )
        .join(EntityRow, (EntityRow.feed_id == PlaceRow.feed_id) & (EntityRow.id == PlaceRow.entity_id))
        .where(*_where(feed_id, asked))
        .order_by(EntityRow.label, PlaceRow.entity_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(EntityRow.label, PlaceRow.entity_id) > tuple_(*after))
    return [
        Home(id_, label, area, y / MILLIONTHS, x / MILLIONTHS, accuracy, bool(marked))
        for id_, label, area, y, x, accuracy, marked in session.execute(query)
    ]


def ids(session: Session, feed_id: str, asked: Asked) -> set[str]:
    """All of them."""
    return set(session.scalars(select(PlaceRow.entity_id).where(*_where(feed_id, asked))))


def within(feed_id: str, box: Box) -> Select[Any]:
    """The households that lie in a box, for what is about them."""
    return select(PlaceRow.entity_id).where(*_where(feed_id, Asked(None, box)))


def by_area(session: Session, feed_id: str, asked: Asked) -> Mapping[str, tuple[float, float, int, int]]:
    """Of each area the mean place, how many households have one, and how many of these are marked."""
    rows = session.execute(
        select(
            PlaceRow.area_id,
            func.avg(PlaceRow.latitude),
            func.avg(PlaceRow.longitude),
            func.count(),
            func.sum(_marked(feed_id, asked.mark)),
        )
        .where(*_where(feed_id, asked))
        .group_by(PlaceRow.area_id)
    )
    return {
        area: (float(y) / MILLIONTHS, float(x) / MILLIONTHS, number, int(marked))
        for area, y, x, number, marked in rows
        if area is not None
    }


def _where(feed_id: str, asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [PlaceRow.feed_id == feed_id]
    if asked.areas is not None:
        conditions.append(PlaceRow.area_id.in_(asked.areas))
    if asked.box is not None:
        west, south, east, north = (round(degrees * MILLIONTHS) for degrees in asked.box)
        conditions += [PlaceRow.longitude.between(west, east), PlaceRow.latitude.between(south, north)]
    if asked.only is not None and asked.mark is not None:
        marked = PlaceRow.entity_id.in_(_those(feed_id, asked.mark))
        # An unvisited household is one that is not among the visited: the mark itself is the absence.
        conditions.append(marked if asked.only is (asked.mark.month is None) else ~marked)
    return conditions


def _marked(feed_id: str, mark: Mark | None) -> ColumnElement[int]:
    if mark is None:
        return literal(0)
    among = PlaceRow.entity_id.in_(_those(feed_id, mark))
    return case((among, 0), else_=1) if mark.month is not None else case((among, 1), else_=0)


def _those(feed_id: str, mark: Mark) -> Select[Any]:
    """The households with an open record, or those that were visited in the month."""
    if mark.month is not None:
        return coverage.visited_subjects(feed_id, mark.month)
    stage = func.coalesce(EntityRow.properties[mark.stage].as_string(), "")
    return select(EntityRow.subject_id).where(
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == mark.dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        stage.not_in(mark.ends),
    )
