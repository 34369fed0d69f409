"""What a report is about: a week, a month or a quarter, named as ISO 8601 names them. Pure: no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

KINDS = ("week", "month", "quarter")
_NAMES = {
    "week": re.compile(r"([0-9]{4})-W([0-9]{2})"),
    "month": re.compile(r"([0-9]{4})-([0-9]{2})"),
    "quarter": re.compile(r"([0-9]{4})-Q([1-4])"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A week (`2026-W47`), a month (`2026-11`) or a quarter (`2026-Q4`), from its first day to its last."""

    kind: str
    name: str
    first: date
    last: date

    @property
    def months(self) -> tuple[int, ...]:
        """The months it consists of as yyyymm; none for a week."""
        if self.kind == "week":
            return ()
        start = self.first.year * 100 + self.first.month
        return tuple(start + more for more in range(1 if self.kind == "month" else 3))

    def before(self) -> Period:
        """The period before this one."""
        return of_day(self.kind, self.first - timedelta(days=1))


def of_day(kind: str, day: date) -> Period:
    """The week, month or quarter of a day."""
    if kind == "week":
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
        return Period(kind, f"{year:04}-W{week:02}", first, first + timedelta(days=6))
    if kind == "month":
        first = day.replace(day=1)
        return Period(kind, f"{day:%Y-%m}", first, _end(first, 1))
    quarter = (day.month - 1) // 3
    first = date(day.year, quarter * 3 + 1, 1)
    return Period(kind, f"{day.year:04}-Q{quarter + 1}", first, _end(first, 3))


def of_name(name: str) -> Period | None:
    """The period of that name; nothing for what is none."""
    for kind, pattern in _NAMES.items():
        found = pattern.fullmatch(name)
        if found:
            year, number = int(found.group(1)), int(found.group(2))
            try:
                if kind == "week":
                    return of_day(kind, date.fromisocalendar(year, number, 1))
                return of_day(kind, date(year, number if kind == "month" else number * 3, 1))
            except ValueError:  # month 13, week 54, year 0
                return None
    return None


def _end(first: date, months: int) -> date:
    months += first.month - 1
    return date(first.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)
