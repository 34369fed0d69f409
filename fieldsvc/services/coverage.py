"""How many households were visited in a month, village by village, and which were not.

Coverage counts households. It never counts what a person did: a cadre's score would make the numbers wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.services import reach
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import coverage, household_record
from fieldsvc.store.coverage import Key, UnvisitedLine

#: The dataset whose records are visited once a month.
HOUSEHOLDS = "households"
#: More lines than this are no list anybody walks with; the page says that it was cut.
MOST_LINES = 3000


@dataclass(frozen=True, slots=True)
class VillageCoverage:
    """One village's count for the month."""

    id: str
    name: str
    town: str
    households: int
    visited: int


@dataclass(frozen=True, slots=True)
class Unvisited:
    """Households nobody visited in the month, who helps them, and how many there are in all and in each village.

    `next` is the key of the last line when more follow.
    """

    lines: Sequence[UnvisitedLine]
    helpers: dict[str, list[str]]
    total: int
    left: Mapping[str, int]
    next: Key | None
    reach: reach.Reach


def by_village(ctx: Context, month: int, *, by: Actor) -> tuple[list[VillageCoverage], list[str]]:
    """Every village within reach with households, in the order of the area codes; and the areas' names."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        return villages(session, by.feed_id, within, month), within.roots()


def unvisited(
    ctx: Context, month: int, area_id: str | None, *, by: Actor, after: Key | None = None, limit: int = MOST_LINES
) -> Unvisited:
    """The list to walk with: households not visited in the month, by village and name, as many as `limit`."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        areas, feed = within.narrowed(area_id), by.feed_id
        visited = coverage.visited(session, feed, HOUSEHOLDS, month, areas)
        there = coverage.households(session, feed, HOUSEHOLDS, areas)
        left = {area: number for area in there if (number := there[area] - visited.get(area, 0))}
        chosen = _villages(left, after, limit + 1)
        found = coverage.unvisited(session, feed, HOUSEHOLDS, month, chosen, after=after, limit=limit + 1)
        lines = found[:limit]
        helpers = household_record.helpers(session, feed, [line.id for line in lines], ctx.now_ms())
        names = {subject: [person.name for person in people] for subject, people in helpers.items()}
        following = lines[-1].key if len(found) > limit else None
        return Unvisited(lines, names, sum(left.values()), left, following, within)


def _villages(left: Mapping[str, int], after: Key | None, number: int) -> list[str]:
    """The villages that so many lines are in: nothing is read of the others."""
    chosen, found = list[str](), 0
    for area in sorted(left):
        if found >= number:
            break
        if after is None or area >= after[0]:
            chosen.append(area)
            found += left[area] if after is None or area > after[0] else 0
    return chosen


def by_town(counted: Sequence[VillageCoverage], within: reach.Reach) -> list[VillageCoverage]:
    """The same counts for whole towns, where there are several within reach; else the villages themselves."""
    towns = [area for area in within.areas.values() if area.level == "town"]
    if len(towns) < 2:
        return list(counted)
    found = []
    for town in towns:
        own = [one for one in counted if within.areas[one.id].path.startswith(town.path)]
        if own:
            households, visited = sum(one.households for one in own), sum(one.visited for one in own)
            found.append(VillageCoverage(town.id, town.name, "", households, visited))
    return found


def villages(session: Session, feed_id: str, within: reach.Reach, month: int) -> list[VillageCoverage]:
    """Every village within reach with households, in the order of the area codes."""
    households = coverage.households(session, feed_id, HOUSEHOLDS, within.ids)
    visited = coverage.visited(session, feed_id, HOUSEHOLDS, month, within.ids)
    return [
        VillageCoverage(
            id=area.id,
            name=area.name,
            town=next(iter(within.places(area.id)[:-1]), ""),
            households=households[area.id],
            visited=visited.get(area.id, 0),
        )
        for area in within.areas.values()
        if area.id in households
    ]
