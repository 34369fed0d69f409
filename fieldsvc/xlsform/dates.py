"""Dates and times of expressions, in the local time the context names. The clock is never asked: `now` is given.

The JavaScript twins are `static/core/expr-days.js` and `expr-dates.js`; both sides count days from 1970-01-01, so that
they agree to the day for every year a birth date can have.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from fieldsvc.xlsform.problems import ExpressionError

DAY = 86_400_000
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
_SHAPE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T([0-9]{2}:[0-9]{2}.*))?")
_CLOCK = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class DateValue:
    """A local day (days since 1970-01-01) and, for a moment, the milliseconds into it."""

    day: int
    ms: int | None = None


def to_day(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar, extended backwards."""
    y = year - 1 if month < 3 else year
    era = y // 400
    year_of_era = y - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def from_day(day: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    z = day + 719468
    era = z // 146097
    d = z - era * 146097
    year_of_era = (d - d // 1460 + d // 36524 - d // 146096) // 365
    day_of_year = d - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    m = (5 * day_of_year + 2) // 153
    month = m + 3 if m < 10 else m - 9
    return year_of_era + era * 400 + (1 if month <= 2 else 0), month, day_of_year - (153 * m + 2) // 5 + 1


def parse_time(text: str, offset: int) -> int | None:
    """Milliseconds since local midnight; a zone may carry it out of the day. None if `text` is no time."""
    clock = _CLOCK.fullmatch(text)
    if not clock:
        return None
    hours, minutes, seconds = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(((clock[4] or "") + "000")[:3])
    return ms + (offset - _zone(clock[5])) * 60_000 if clock[5] else ms


def _zone(text: str) -> int:
    if text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[3:].replace(":", "") or 0)
    return -minutes if text[0] == "-" else minutes


def parse_date(text: str, offset: int) -> DateValue | None:
    """The day or moment `text` names in ISO form, or None. A moment with a zone is moved to local time."""
    shape = _SHAPE.fullmatch(text)
    if not shape:
        return None
    year, month, date = int(shape[1]), int(shape[2]), int(shape[3])
    if not 1 <= month <= 12:
        return None
    day = to_day(year, month, date)
    if from_day(day)[1:] != (month, date):
        return None
    if not shape[4]:
        return DateValue(day)
    ms = parse_time(shape[4], offset)
    return None if ms is None else DateValue(day + ms // DAY, ms % DAY)


def from_millis(ms: int, offset: int) -> DateValue:
    """`ms` UTC as a local moment."""
    local = ms + offset * 60_000
    return DateValue(local // DAY, local % DAY)


def from_days(days: float) -> DateValue:
    """The day, and the moment in it when there is a fraction; years 0 to 9999."""
    if not -719_528 <= days < 2_932_897:
        raise ExpressionError("not-a-date", str(days))
    day = math.floor(days)
    ms = math.floor((days - day) * DAY + 0.5)
    return DateValue(day + ms // DAY, ms % DAY) if ms else DateValue(day)


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def format_date(date: DateValue, offset: int) -> str:
    """ISO text: a day, or a moment with its offset."""
    year, month, day = from_day(date.day)
    iso = f"{year:04}-{month:02}-{day:02}"
    if date.ms is None:
        return iso
    away = abs(offset)
    return f"{iso}T{_clock(date.ms)}{'-' if offset < 0 else '+'}{away // 60:02}:{away % 60:02}"


def pattern_date(date: DateValue, pattern: str) -> str:
    """`date` by a strftime-like pattern, names in English."""
    year, month, day = from_day(date.day)
    ms = date.ms or 0
    weekday = (date.day + 4) % 7
    hour, minute = ms // 3_600_000, ms // 60_000 % 60
    letters = "YymnBbdeHhMS3aAw%"
    values = [f"{year:04}", f"{year % 100:02}", f"{month:02}", str(month), MONTHS[month - 1], MONTHS[month - 1][:3]]
    values += [f"{day:02}", str(day), f"{hour:02}", str(hour), f"{minute:02}", f"{ms // 1000 % 60:02}"]
    values += [f"{ms % 1000:03}", WEEKDAYS[weekday][:3], WEEKDAYS[weekday], str(weekday), "%"]
    parts = dict(zip(letters, values, strict=True))

    def replaced(found: re.Match[str]) -> str:
        if found[1] not in parts:
            raise ExpressionError("date-pattern", found[1])
        return parts[found[1]]

    return re.sub(r"%([^\n])", replaced, pattern)
