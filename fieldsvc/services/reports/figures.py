"""The figures of a period as they are now, village by village, and the sums that must come out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.ledgers.periods import Period
from fieldsvc.services.context import Context
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.reach import Reach
from fieldsvc.store import coverage, report_figures

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One column of a report. `money`: its numbers are hundredths of a yuan."""

    code: str
    label: Text
    dataset: str = ""
    date: str = ""
    total: str | None = None

    @property
    def money(self) -> bool:
        """Whether it is a sum rather than a number of records."""
        return self.total is not None


@dataclass(frozen=True, slots=True)
class Village:
    """One row: a village and its numbers by figure."""

    area_id: str
    name: str
    town: str
    numbers: Mapping[str, int]


HOUSEHOLDS_FIGURE = Figure("households", {"zh": "农户", "en": "Households"})
VISITED = Figure("visited", {"zh": "已走访户", "en": "Households visited"})
VISITS = Figure("visits", {"zh": "走访", "en": "Visits"})


@cache
def figures() -> tuple[Figure, ...]:
    """The columns of every report: households and visits, then what `fieldsvc/forms/reports.toml` declares."""
    said = tomllib.loads(resources.files("fieldsvc.forms").joinpath("reports.toml").read_text(encoding="utf-8"))
    declared = [
        Figure(one["code"], {"zh": one["zh"], "en": one["en"]}, one["dataset"], one["date"], one.get("sum"))
        for one in said["figures"]
    ]
    return (HOUSEHOLDS_FIGURE, VISITED, VISITS, *declared)


def villages(
    ctx: Context, session: Session, feed_id: str, period: Period, within: Reach, area_id: str | None
) -> list[Village]:
    """Every village with households in the area, in the order of the area codes. Raises `not-found` out of reach."""
    areas = within.narrowed(area_id)
    zone = ZoneInfo(ctx.settings.time_zone)
    span = (_ms(period.first, zone), _ms(period.last + timedelta(days=1), zone))
    days = (period.first.isoformat(), period.last.isoformat())
    visits = report_figures.visits(session, feed_id, period.months, span, areas)
    counted: dict[str, dict[str, int]] = {
        HOUSEHOLDS_FIGURE.code: coverage.households(session, feed_id, HOUSEHOLDS, areas),
        VISITED.code: {area: homes for area, (_, homes) in visits.items()},
        VISITS.code: {area: number for area, (number, _) in visits.items()},
    }
    for one in figures():
        if one.dataset:
            counted[one.code] = report_figures.records(session, feed_id, one.dataset, one.date, days, areas, one.total)
    there = {area for numbers in counted.values() for area in numbers}
    return [
        Village(
            area.id,
            area.name,
            next(iter(within.places(area.id)[:-1]), ""),
            {code: numbers.get(area.id, 0) for code, numbers in counted.items()},
        )
        for area in within.areas.values()
        if area.id in there
    ]


def totals(rows: Sequence[Village]) -> dict[str, int]:
    """What the villages come to together."""
    return {one.code: sum(row.numbers.get(one.code, 0) for row in rows) for one in figures()}


def doubts(rows: Sequence[Village]) -> list[tuple[str, str]]:
    """Sums that cannot be right, as the village's name and a code: a person looks before it is published."""
    found = []
    for row in rows:
        numbers = row.numbers
        if numbers.get("visited", 0) > numbers.get("households", 0):
            found.append((row.name, "more-visited-than-there"))
        if numbers.get("visited", 0) > numbers.get("visits", 0):
            found.append((row.name, "more-visited-than-visits"))
        if any(number < 0 for number in numbers.values()):
            found.append((row.name, "negative"))
    return found


def _ms(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)
