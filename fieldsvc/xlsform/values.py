"""The values an expression works with, and how one kind becomes another: number, text, boolean, date, node-set.

JavaRosa decides in doubt. The JavaScript twin is `static/core/expr-values.js`; `tests/vectors` keeps the two equal.
Texts are counted in characters, not in UTF-16 units: a surname outside the basic plane is one character long.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, Protocol

from fieldsvc.xlsform.dates import DateValue, format_date, parse_date


class Node(Protocol):
    """What a path can stand on: a node of the form being filled, or a row of a list."""

    def kids(self, name: str) -> list[Node]: ...
    def up(self) -> Node | None: ...
    def val(self) -> Scalar: ...
    def live(self) -> bool: ...
    def place(self) -> int: ...
    def series(self) -> object: ...
    def key(self) -> str: ...


Scalar = str | float | bool | DateValue
Value = Scalar | list[Any]

_NUMBER = re.compile(r"[ \t\r\n]*-?([0-9]+\.?[0-9]*|\.[0-9]+)[ \t\r\n]*")
_WORD = re.compile(r"[^ \t\r\n]+")
_EXPONENT = re.compile(r"(-?)([0-9])(?:\.([0-9]+))?e([+-][0-9]+)")


def scalar(value: Value) -> Scalar:
    """The one value of `value`: a node-set gives its first node's, an empty one gives blank."""
    if not isinstance(value, list):
        return value
    first: Scalar = value[0].val() if value else ""
    return first


def flat(args: Iterable[Value]) -> list[Scalar]:
    """All values in `args`, node-sets opened."""
    found: list[Scalar] = []
    for arg in args:
        if isinstance(arg, list):
            found.extend(node.val() for node in arg)
        else:
            found.append(arg)
    return found


def to_number(value: Value, offset: int) -> float:
    """`value` as a number; NaN where it is none. A date, also one written out, is its days since 1970."""
    one = scalar(value)
    if isinstance(one, bool | float | int):
        return float(one)
    if isinstance(one, str):
        if _NUMBER.fullmatch(one):
            return float(one)
        date = parse_date(one, offset)
        if date is None:
            return math.nan
    else:
        date = one
    return date.day + (date.ms or 0) / 86_400_000


def to_text(value: Value, offset: int) -> str:
    """`value` as text, numbers without exponent."""
    one = scalar(value)
    if isinstance(one, str):
        return one
    if isinstance(one, bool):
        return "true" if one else "false"
    return format_date(one, offset) if isinstance(one, DateValue) else number_text(one)


def to_boolean(value: Value) -> bool:
    """False for false, zero, NaN and blank text; every date is true."""
    one = scalar(value)
    if isinstance(one, bool):
        return one
    if isinstance(one, str):
        return one != ""
    return abs(one) > 1e-12 if isinstance(one, float | int) else True


def number_text(number: float) -> str:
    """`number` written out in full: 1e21 as its digits, -0 as 0."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    text = repr(float(number))
    parts = _EXPONENT.fullmatch(text)
    if not parts:
        return text.removesuffix(".0")
    sign, first, rest, power = parts[1], parts[2], parts[3] or "", int(parts[4])
    digits, point = (first + rest).rstrip("0") or "0", 1 + power
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return sign + digits + "0" * (point - len(digits))


def round_at(number: float, places: int) -> float:
    """Round half towards plus infinity at `places` decimals, on the digits as written: 1.005 becomes 1.01.

    People check these figures with a pencil.
    """
    if not math.isfinite(number) or number == 0:
        return number
    shifted = _shift(number, places)
    if not math.isfinite(shifted):
        return number
    whole = math.floor(shifted + 0.5)
    if whole == 0:
        return -0.0 if number < 0 else 0.0
    return _shift(float(whole), -places)


def _shift(number: float, places: int) -> float:
    digits, _, power = repr(number).partition("e")
    return float(f"{digits}e{int(power or 0) + places}")


def whole(number: float) -> int:
    """`number` without its fraction, as far as a place in a text or number can be."""
    return 0 if math.isnan(number) else math.trunc(max(-1e9, min(1e9, number)))


def words(text: str) -> list[str]:
    """Cut at blanks, as a select_multiple keeps its values."""
    return _WORD.findall(text)
