"""The functions of expressions: logic, numbers, choices and nodes; texts, dates and places have modules of their own.

The JavaScript twin is `static/core/expr-functions.js`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from fieldsvc.xlsform.chance import draw, draw_letters, draw_uuid, shuffle
from fieldsvc.xlsform.date_functions import DATES
from fieldsvc.xlsform.geo import GEO
from fieldsvc.xlsform.lists import Rows
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Entry, LazyEntry, Run, Scope
from fieldsvc.xlsform.text_functions import TEXTS
from fieldsvc.xlsform.values import (
    Node,
    Scalar,
    Value,
    flat,
    round_at,
    scalar,
    to_boolean,
    to_number,
    to_text,
    whole,
    words,
)

MANY = 99


def _num(value: Value, at: Scope) -> float:
    return to_number(value, at.offset)


def _text(value: Value, at: Scope) -> str:
    return to_text(value, at.offset)


def _nodes(value: Value) -> list[Node]:
    if not isinstance(value, list):
        raise ExpressionError("not-nodes")
    return value


def _numbers(args: Iterable[Value], at: Scope) -> list[float]:
    """The numbers in `args`; blanks are skipped, so that an unanswered amount does not spoil a sum."""
    return [_num(value, at) for value in flat(args) if value != ""]


def _math(body: Callable[[float], float]) -> Entry:
    """IEEE answers where Python raises: the root of -1 is NaN, exp(1000) is infinite."""

    def call(args: list[Value], at: Scope) -> Value:
        x = _num(args[0], at)
        try:
            return math.nan if math.isnan(x) else float(body(x))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return Entry(1, 1, call)


def _log(body: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: -math.inf if x == 0 else body(x)


def _power(args: list[Value], at: Scope) -> Value:
    x, y = _num(args[0], at), _num(args[1], at)
    if math.isnan(y) or (abs(x) == 1 and math.isinf(y)):
        return math.nan
    try:
        return math.pow(x, y)
    except ValueError:
        return math.inf if x == 0 else math.nan
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf


def _truncate(x: float) -> float:
    return float(math.trunc(x)) if math.isfinite(x) else x


def _round(args: list[Value], at: Scope) -> Value:
    one = scalar(args[0])
    number = _num(one.replace(",", ".", 1) if isinstance(one, str) else one, at)
    return round_at(number, whole(_num(args[1], at)) if len(args) > 1 else 0)


def _least(values: list[float]) -> float:
    return math.nan if not values or any(map(math.isnan, values)) else min(values)


def _most(values: list[float]) -> float:
    return math.nan if not values or any(map(math.isnan, values)) else max(values)


def _total(values: list[float]) -> float:
    """Added from the left, one by one: `math.fsum` would be exact and differ from the phone in the last digit."""
    total = 0.0
    for value in values:
        total += value
    return total


def _between(values: list[float], low: float, high: float) -> bool:
    total = _total(values)
    return (low < 0 or total >= low) and (high < 0 or total <= high)


def _checklist(args: list[Value], at: Scope) -> Value:
    given = flat(args[2:])
    return _between([float(to_boolean(value)) for value in given], _num(args[0], at), _num(args[1], at))


def _weighted(args: list[Value], at: Scope) -> Value:
    """Answers and their weights by turns, or all answers of one node-set with all weights of another."""
    given = flat(args[2:])
    values, weights = given[::2], given[1::2]
    if len(args) == 4 and isinstance(args[2], list) and isinstance(args[3], list):
        values, weights = flat(args[2:3]), flat(args[3:])
        if len(values) != len(weights):
            raise ExpressionError("not-nodes")
    pairs = zip(values, weights, strict=False)
    return _between(
        [_num(weight, at) if to_boolean(value) else 0.0 for value, weight in pairs],
        _num(args[0], at),
        _num(args[1], at),
    )


def _spaced(value: Value, at: Scope) -> str:
    """The codes with a blank around each. An answer without any holds the blank code, and no other answer does."""
    codes = _text(value, at)
    return _apart(codes) if len(codes) <= _SHORT else _apart.__wrapped__(codes)


#: What somebody sends may be as long as a whole operation; what is remembered may not.
_SHORT = 120


@lru_cache(maxsize=1024)
def _apart(codes: str) -> str:
    # A form asks for the same few codes again and again: a tenth of judging a visit was taking them apart.
    return f" {' '.join(words(codes))} "


def _selected_at(args: list[Value], at: Scope) -> Value:
    found, index = words(_text(args[0], at)), _num(args[1], at)
    return found[int(index)] if index in range(len(found)) else ""


def _choice_name(args: list[Value], at: Scope) -> Value:
    choices = _text(args[1], at)
    return ", ".join(at.world.choice_label(choices, value) for value in words(_text(args[0], at)))


def _position(args: list[Value], at: Scope) -> Value:
    if not args:
        return float(at.position)
    found = _nodes(args[0])
    return float(found[0].place()) if found else 0.0


def _instance(args: list[Value], at: Scope) -> Value:
    table = at.world.instance(_text(args[0], at))
    return [table] if table else []


def _pulldata(args: list[Value], at: Scope) -> Value:
    name, column, key, value = (_text(arg, at) for arg in args)
    table = at.world.instance(name)
    root = table.kids("root")[0] if table else None
    rows: list[Node] = root.where(key, value) if isinstance(root, Rows) else []
    return _text(rows[0].kids(column), at) if rows else ""


def _uuid(args: list[Value], at: Scope) -> Value:
    """A version 4 UUID, or as many letters and digits as asked for."""
    return draw_letters(at, whole(_num(args[0], at))) if args else draw_uuid(at)


def _randomize(args: list[Value], at: Scope) -> Value:
    seed = draw(at) * 2147483647 if len(args) == 1 else _num(args[1], at)
    return shuffle(_nodes(args[0]), seed)


FUNCTIONS: dict[str, Entry] = {
    **TEXTS,
    **DATES,
    **GEO,
    "true": Entry(0, 0, lambda *_: True),
    "false": Entry(0, 0, lambda *_: False),
    "not": Entry(1, 1, lambda args, _: not to_boolean(args[0])),
    "boolean": Entry(1, 1, lambda args, _: to_boolean(args[0])),
    "boolean-from-string": Entry(1, 1, lambda args, at: _text(args[0], at) in ("true", "1")),
    "number": Entry(1, 1, lambda args, at: _num(args[0], at)),
    "string": Entry(1, 1, lambda args, at: _text(args[0], at)),
    "int": _math(_truncate),
    "round": Entry(1, 2, _round),
    "abs": _math(abs),
    "pow": Entry(2, 2, _power),
    "floor": _math(lambda x: math.floor(x) if math.isfinite(x) else x),
    "ceiling": _math(lambda x: math.ceil(x) if math.isfinite(x) else x),
    "sqrt": _math(math.sqrt),
    "exp": _math(math.exp),
    "exp10": _math(lambda x: math.pow(10, x)),
    "log": _math(_log(math.log)),
    "log10": _math(_log(math.log10)),
    "sin": _math(math.sin),
    "cos": _math(math.cos),
    "tan": _math(math.tan),
    "asin": _math(math.asin),
    "acos": _math(math.acos),
    "atan": _math(math.atan),
    "atan2": Entry(2, 2, lambda args, at: math.atan2(_num(args[0], at), _num(args[1], at))),
    "pi": Entry(0, 0, lambda *_: math.pi),
    "sum": Entry(1, 1, lambda args, at: _total(_numbers([_nodes(args[0])], at))),
    "min": Entry(1, MANY, lambda args, at: _least(_numbers(args, at))),
    "max": Entry(1, MANY, lambda args, at: _most(_numbers(args, at))),
    "count": Entry(1, 1, lambda args, _: float(len(_nodes(args[0])))),
    "count-non-empty": Entry(
        1, 1, lambda args, at: float(sum(_text(node.val(), at) != "" for node in _nodes(args[0])))
    ),
    "checklist": Entry(2, MANY, _checklist),
    "weighted-checklist": Entry(2, MANY, _weighted),
    "selected": Entry(2, 2, lambda args, at: _spaced(args[1], at) in _spaced(args[0], at)),
    "selected-at": Entry(2, 2, _selected_at),
    "count-selected": Entry(1, 1, lambda args, at: float(len(words(_text(args[0], at))))),
    "jr:choice-name": Entry(2, 2, _choice_name),
    "position": Entry(0, 1, _position),
    "last": Entry(0, 0, lambda _, at: float(at.size)),
    "current": Entry(0, 0, lambda _, at: [at.current]),
    "instance": Entry(1, 1, _instance),
    "pulldata": Entry(4, 4, _pulldata),
    "random": Entry(0, 0, lambda _, at: draw(at)),
    "uuid": Entry(0, 1, _uuid),
    "randomize": Entry(1, 2, _randomize),
}


def _if(args: Sequence[Run], at: Scope) -> Value:
    return scalar((args[1] if to_boolean(args[0](at)) else args[2])(at))


def _coalesce(args: Sequence[Run], at: Scope) -> Value:
    """The first that is neither blank nor no number; else the last."""
    value: Scalar = ""
    for arg in args:
        value = scalar(arg(at))
        if value != "" and not (isinstance(value, float) and math.isnan(value)):
            return value
    return value


def _once(args: Sequence[Run], at: Scope) -> Value:
    kept = at.current.val()
    return scalar(args[0](at)) if kept == "" else kept


def _indexed_repeat(args: Sequence[Run], at: Scope) -> Value:
    target, *pairs = args
    chosen = at.chosen
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=False):
        items = _nodes(repeat(at.choosing(chosen)))
        place = _num(index(at), at)
        if place not in range(1, len(items) + 1):
            return ""
        item = items[int(place) - 1]
        chosen = ((item.series(), item), *chosen)
    return target(at.choosing(chosen))


LAZY: dict[str, LazyEntry] = {
    "if": LazyEntry(3, 3, _if),
    "coalesce": LazyEntry(1, MANY, _coalesce),
    "once": LazyEntry(1, 1, _once),
    "indexed-repeat": LazyEntry(3, 11, _indexed_repeat),
}
