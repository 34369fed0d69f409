"""The working days of China: weekdays, less the public holidays, plus the weekend days that are worked to make up.

The State Council names both each autumn for the year to come, so they are data. For a year nobody has entered yet
Monday to Friday count as working days, and `known` says that it is so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

HOLIDAY, WORKDAY = "holiday", "workday"
_SATURDAY = 5
_DAY = timedelta(days=1)
#: No holiday is longer; a file in which more weekdays follow each other as holidays has a wrong date in it.
MOST_IN_A_ROW = 12


class CalendarProblem(ValueError):
    """A calendar file that cannot be used; the sentence names the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One day that is not what its weekday says: a holiday, or a weekend day that is worked."""

    day: date
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. `years` are those whose holidays are known."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = field(default=frozenset())

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Calendar:
        """The calendar these entries make."""
        found = list(entries)
        return cls(
            frozenset(each.day for each in found if each.kind == HOLIDAY),
            frozenset(each.day for each in found if each.kind == WORKDAY),
            frozenset(each.day.year for each in found),
        )

    def known(self, *days: date) -> bool:
        """Whether the holidays of the years of these days have been entered."""
        return all(day.year in self.years for day in days)

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        return day in self.workdays or (day.weekday() < _SATURDAY and day not in self.holidays)

    def add(self, day: date, number: int) -> date:
        """The `number`-th working day after `day` (before it, if negative); `day` itself for none."""
        step = _DAY if number > 0 else -_DAY
        left = abs(number)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + _DAY * n) for n in range(1, (end - start).days + 1))


def read_calendar(text: str) -> list[Entry]:
    """The entries of a CSV with the columns `day`, `kind` and `name`. Raises `CalendarProblem` naming the line."""
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines())
    if not {"day", "kind"} <= set(rows.fieldnames or ()):
        raise CalendarProblem("The first line must name the columns day, kind and name.")
    entries: list[Entry] = []
    seen: set[date] = set()
    for line, row in enumerate(rows, start=2):
        try:
            day = date.fromisoformat((row["day"] or "").strip())
        except ValueError:
            raise CalendarProblem(f"Line {line}: {row['day']!r} is no day such as 2026-10-01.") from None
        kind = (row["kind"] or "").strip()
        if kind not in (HOLIDAY, WORKDAY):
            raise CalendarProblem(f"Line {line}: kind must be {HOLIDAY} or {WORKDAY}, not {kind!r}.")
        if day in seen:
            raise CalendarProblem(f"Line {line}: {day} stands there twice.")
        if kind == WORKDAY and day.weekday() < _SATURDAY:
            raise CalendarProblem(f"Line {line}: {day} is no weekend day, it needs no make-up workday.")
        seen.add(day)
        entries.append(Entry(day, kind, (row.get("name") or "").strip()))
    return entries


def doubts(entries: Iterable[Entry]) -> list[str]:
    """What a person should look at before these entries are used: sentences, none when all is as usual."""
    return [sentence for year in _by_year(entries) for sentence in _doubts_of(*year)]


def _by_year(entries: Iterable[Entry]) -> Iterator[tuple[int, list[Entry]]]:
    years: dict[int, list[Entry]] = {}
    for each in entries:
        years.setdefault(each.day.year, []).append(each)
    yield from sorted(years.items())


def _doubts_of(year: int, entries: list[Entry]) -> Iterator[str]:
    off = sorted(each.day for each in entries if each.kind == HOLIDAY)
    made_up = sum(each.kind == WORKDAY for each in entries)
    weekdays = sum(day.weekday() < _SATURDAY for day in off)
    # By law 11 days a year until 2024, 13 since; what is free beyond them is worked on weekends.
    if not 9 <= weekdays - made_up <= 14:
        yield f"{year}: {weekdays} weekdays off, {made_up} made up; a year usually has 11 to 13 more off."
    run = 0
    for before, day in zip([None, *off], off, strict=False):
        run = run + 1 if before is not None and day - before == _DAY else 1
        if run == MOST_IN_A_ROW:
            yield f"{year}: {MOST_IN_A_ROW} days off in a row up to {day}."
