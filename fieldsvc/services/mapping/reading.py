"""Households on the map as a supervisor sees them: what is in view, villages in a table, the list of a selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import reach
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.mapping import marks
from fieldsvc.services.mapping.marks import Offered
from fieldsvc.services.reach import Reach
from fieldsvc.store import coverage
from fieldsvc.store.places import read
from fieldsvc.store.places.read import Asked, Box, Cell, Home, Key

#: A view with no more houses than this shows each of them; the answer never holds more than this, or than the grid.
MOST_HOUSES = 300
#: Cells across the longer side of the view: as many as the screen has room for, within these bounds.
FEWEST, MOST_ACROSS = 4, 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the map: an area, a mark, only marked households or only the others, a box in view."""

    area: str | None = None
    mark: str = marks.UNVISITED
    only: bool | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Village:
    """One village: how many households it has, how many of them have a place, and how many of those are marked."""

    id: str
    name: str
    town: str
    households: int
    placed: int
    marked: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Frame:
    """The page around the map: its villages, the box that holds everything, and what can be chosen."""

    villages: Sequence[Village]
    extent: Box | None
    marks: Mapping[str, Offered]
    reach: Reach
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class View:
    """What a view of the map shows: `cells`, or each house where they are few."""

    cells: Sequence[Cell]
    homes: Sequence[Home]


@dataclass(frozen=True, slots=True)
class Selection:
    """A page of the households of a selection, by name."""

    homes: Sequence[Home]
    next: Key | None
    number: int
    reach: Reach
    marks: Mapping[str, Offered]
    wanted: Wanted


#: A selection is counted no further.
MOST_COUNTED = 100_000


def frame(ctx: Context, wanted: Wanted, *, by: Actor) -> Frame:
    """The villages within reach. Raises `not-found`, also for an area out of reach or a mark nobody knows."""
    with ctx.db.read() as session:
        within, known, asked = _asked(ctx, session, wanted, by)
        households = coverage.households(session, by.feed_id, HOUSEHOLDS, asked.areas)
        placed = read.by_area(session, by.feed_id, asked)
        villages = []
        for area in within.areas.values():
            if area.id in households:
                north, east, number, marked = placed.get(area.id, (None, None, 0, 0))
                town = next(iter(within.places(area.id)[:-1]), "")
                villages.append(Village(area.id, area.name, town, households[area.id], number, marked, north, east))
        return Frame(villages, read.extent(session, by.feed_id, asked), known, within, wanted)


def view(ctx: Context, wanted: Wanted, *, by: Actor, across: int = 16) -> View:
    """What stands in the box of `wanted`, in so many cells across its longer side. Raises `not-found`."""
    if wanted.box is None:
        raise NotFound()
    with ctx.db.read() as session:
        _, _, asked = _asked(ctx, session, wanted, by)
        if read.number(session, by.feed_id, asked, MOST_HOUSES + 1) <= MOST_HOUSES:
            return View([], read.homes(session, by.feed_id, asked, limit=MOST_HOUSES))
        west, south, east, north = wanted.box
        return View(
            read.cells(
                session,
                by.feed_id,
                asked,
                max(east - west, north - south, 1e-5) / max(FEWEST, min(across, MOST_ACROSS)),
            ),
            [],
        )


def selection(ctx: Context, wanted: Wanted, *, by: Actor, after: Key | None = None, limit: int = 50) -> Selection:
    """A page of the households that are asked for. Raises `not-found`."""
    with ctx.db.read() as session:
        within, known, asked = _asked(ctx, session, wanted, by)
        found = read.homes(session, by.feed_id, asked, after=after, limit=limit + 1)
        shown = found[:limit]
        key = (shown[-1].label, shown[-1].id) if len(found) > limit else None
        return Selection(shown, key, read.number(session, by.feed_id, asked, MOST_COUNTED), within, known, wanted)


def chosen(ctx: Context, wanted: Wanted, *, by: Actor) -> set[str]:
    """The ids of all that are asked for. Raises `not-found`."""
    with ctx.db.read() as session:
        return read.ids(session, by.feed_id, _asked(ctx, session, wanted, by)[2])


def _asked(ctx: Context, session: Session, wanted: Wanted, by: Actor) -> tuple[Reach, Mapping[str, Offered], Asked]:
    within = reach.of(session, by)
    known = marks.offered(ctx, session)
    if wanted.mark not in known:
        raise NotFound()
    return within, known, Asked(within.narrowed(wanted.area), wanted.box, known[wanted.mark].mark, wanted.only)
