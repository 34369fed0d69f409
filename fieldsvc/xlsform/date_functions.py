"""The functions that make, read and print dates and times."""

from __future__ import annotations

from collections.abc import Callable

from fieldsvc.xlsform.dates import (
    DateValue,
    from_days,
    from_millis,
    parse_date,
    parse_time,
    pattern_date,
)
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Entry, Scope
from fieldsvc.xlsform.values import Value, scalar, to_number, to_text


def _read(value: Value, at: Scope) -> DateValue | None:
    """The day or moment `value` names; None when blank."""
    one = scalar(value)
    if one == "":
        return None
    if isinstance(one, bool):
        raise ExpressionError("not-a-date", str(one))
    if isinstance(one, float):
        return from_days(one)
    date = parse_date(one, at.offset) if isinstance(one, str) else one
    if date is None:
        raise ExpressionError("not-a-date", str(one))
    return date


def _dated(body: Callable[[DateValue, str], Value]) -> Callable[[list[Value], Scope], Value]:
    """What to do with a date and perhaps a pattern; a blank stays blank."""

    def call(args: list[Value], at: Scope) -> Value:
        date = _read(args[0], at)
        pattern = to_text(args[1], at.offset) if len(args) > 1 else ""
        return "" if date is None else body(date, pattern)

    return call


def _now(at: Scope) -> DateValue:
    return from_millis(at.world.context.now, at.offset)


def _decimal_time(args: list[Value], at: Scope) -> Value:
    one = scalar(args[0])
    time = parse_time(one, at.offset) if isinstance(one, str) else None
    if time is not None:
        return time / 86_400_000 % 1
    date = _read(one, at)
    return (date.ms or 0) / 86_400_000 if date else ""


_printed = Entry(2, 2, _dated(pattern_date))

DATES = {
    "today": Entry(0, 0, lambda _, at: DateValue(_now(at).day)),
    "now": Entry(0, 0, lambda _, at: _now(at)),
    "date": Entry(1, 1, _dated(lambda date, _: DateValue(date.day))),
    "date-time": Entry(1, 1, _dated(lambda date, _: DateValue(date.day, date.ms or 0))),
    "format-date": _printed,
    "format-date-time": _printed,
    "decimal-date-time": Entry(1, 1, _dated(lambda date, _: to_number(date, 0))),
    "decimal-time": Entry(1, 1, _decimal_time),
}
