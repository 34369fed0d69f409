"""The functions that make, read and print dates and times.

A number of days is a local day for `date` and arithmetic, and a moment in UTC for `date-time` and `decimal-date-time`:
so it is in JavaRosa, and the two are each other's inverse.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from fieldsvc.xlsform.dates import (
    DAY,
    DateValue,
    from_days,
    from_millis,
    parse_date,
    parse_time,
    pattern_date,
)
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Entry, Scope
from fieldsvc.xlsform.values import Value, scalar, to_text


def _read(value: Value, at: Scope, *, days: bool = False) -> DateValue | None:
    """The day or moment `value` names; None when blank. With `days` a number is a local day, else a moment in UTC."""
    one = scalar(value)
    if one == "":
        return None
    if isinstance(one, bool):
        raise ExpressionError("not-a-date", str(one))
    if isinstance(one, float):
        local = from_days(math.trunc(one) if math.isfinite(one) else one)
        return local if days else from_millis(int(one * DAY), at.offset)
    date = parse_date(one, at.offset) if isinstance(one, str) else one
    if date is None:
        raise ExpressionError("not-a-date", str(one))
    return date


def _dated(body: Callable[[DateValue, str], Value], *, days: bool = False) -> Callable[[list[Value], Scope], Value]:
    """What to do with a date and perhaps a pattern; a blank stays blank, and no number no number."""

    def call(args: list[Value], at: Scope) -> Value:
        one = scalar(args[0])
        if isinstance(one, float) and math.isnan(one):
            return "" if len(args) > 1 else one
        date = _read(one, at, days=days)
        pattern = to_text(args[1], at.offset) if len(args) > 1 else ""
        return "" if date is None else body(date, pattern)

    return call


def _now(at: Scope) -> DateValue:
    return from_millis(at.world.context.now, at.offset)


def _decimal_date_time(args: list[Value], at: Scope) -> Value:
    """Days since 1970 in UTC, whatever the place."""
    one = scalar(args[0])
    if isinstance(one, float):
        return one
    date = _read(one, at)
    return (date.day * DAY + (date.ms or 0) - at.offset * 60_000) / DAY if date else ""


def _decimal_time(args: list[Value], at: Scope) -> Value:
    one = scalar(args[0])
    if isinstance(one, float):
        return one - math.floor(one) if math.isfinite(one) else math.nan
    time = parse_time(one, at.offset) if isinstance(one, str) else None
    if time is not None:
        return time / 86_400_000 % 1
    date = _read(one, at)
    return (date.ms or 0) / 86_400_000 if date else ""


_printed = Entry(2, 2, _dated(pattern_date))

DATES = {
    "today": Entry(0, 0, lambda _, at: DateValue(_now(at).day)),
    "now": Entry(0, 0, lambda _, at: _now(at)),
    "date": Entry(1, 1, _dated(lambda date, _: DateValue(date.day), days=True)),
    "date-time": Entry(1, 1, _dated(lambda date, _: DateValue(date.day, date.ms or 0))),
    "format-date": _printed,
    "format-date-time": _printed,
    "decimal-date-time": Entry(1, 1, _decimal_date_time),
    "decimal-time": Entry(1, 1, _decimal_time),
}
