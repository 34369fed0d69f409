"""Computes an expression given as a syntax tree. Pure: the clock, the seed and the nodes come with the scope.

A tree is read once and becomes functions that call one another: the server judges each form of a county many thousand
times, and finding out again and again what a tree says took longer than computing it.
The JavaScript twin is `static/core/expr.js`; `tests/vectors` keeps the two equal.
"""

from __future__ import annotations

import math
import operator as on
from collections.abc import Callable, Mapping

from fieldsvc.xlsform.dates import DateValue
from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from fieldsvc.xlsform.memo import Memo
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Entry, LazyEntry, Run, Scope
from fieldsvc.xlsform.values import Scalar, Value, scalar, to_boolean, to_number, to_text
from fieldsvc.xlsform.walking import Filter, filter_of, walk


def evaluate(ast: Ast, at: Scope) -> Value:
    """The value of `ast`. Raises `ExpressionError` where JavaRosa would throw."""
    return ready(ast)(at)


def _made(ast: Ast) -> Run:
    """The function that computes `ast`. What is wrong with it is raised when it is computed, which may be never."""
    operator = ast[0]
    if operator == "p":
        return walk(ast[1], ast[2], _made)
    if operator == "f":
        return _call(ast[1], [_made(arg) for arg in ast[2:]])
    if operator == "s":
        text = str(ast[1])
        return lambda _: text
    if operator == "n":
        number = float(ast[1])
        return lambda _: number
    if operator == "neg":
        one = _made(ast[1])
        return lambda at: -to_number(one(at), at.offset)
    return _binary(operator, _made(ast[1]), _made(ast[2]))


#: Computes an expression; made once of each tree.
ready: Memo[Run] = Memo(_made)
#: What the condition of a list of choices keeps; made once of each tree.
ready_filter: Memo[Filter] = Memo(lambda ast: filter_of(ast, _made))


def _binary(operator: str, a: Run, b: Run) -> Run:
    if operator == "and":
        return lambda at: to_boolean(a(at)) and to_boolean(b(at))
    if operator == "or":
        return lambda at: to_boolean(a(at)) or to_boolean(b(at))
    if operator == "=":
        return lambda at: equal(scalar(a(at)), scalar(b(at)), at.offset)
    if operator == "!=":
        return lambda at: not equal(scalar(a(at)), scalar(b(at)), at.offset)
    compute = _ARITHMETIC.get(operator)
    if compute is None:
        return _fails("unsupported", operator)
    return lambda at: compute(to_number(a(at), at.offset), to_number(b(at), at.offset))


def divide(x: float, y: float) -> float:
    """IEEE division: by zero gives an infinity or NaN, never an error."""
    if y != 0 or math.isnan(x):
        return x / y if y != 0 else math.nan
    return math.nan if x == 0 else math.copysign(math.inf, x) * math.copysign(1.0, y)


def _remainder(x: float, y: float) -> float:
    return math.nan if y == 0 or math.isinf(x) or math.isnan(x) or math.isnan(y) else math.fmod(x, y)


_ARITHMETIC: Mapping[str, Callable[[float, float], Value]] = {
    "+": on.add,
    "-": on.sub,
    "*": on.mul,
    "div": divide,
    "mod": _remainder,
    "<": on.lt,
    "<=": on.le,
    ">": on.gt,
    ">=": on.ge,
}


def equal(a: Scalar, b: Scalar, offset: int) -> bool:
    """Equal as booleans if one is a boolean, as numbers if one is a number, else as text."""
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    if isinstance(a, bool) or isinstance(b, bool):
        return to_boolean(a) == to_boolean(b)
    if isinstance(a, float) or isinstance(b, float):
        x, y = to_number(a, offset), to_number(b, offset)
        return x == y or abs(x - y) < 1e-12
    if isinstance(a, DateValue) and isinstance(b, DateValue):
        # A day is its midnight.
        return (a.day, a.ms or 0) == (b.day, b.ms or 0)
    return to_text(a, offset) == to_text(b, offset)


def _call(name: str, args: list[Run]) -> Run:
    entry: Entry | LazyEntry | None = LAZY.get(name) or FUNCTIONS.get(name)
    if entry is None:
        return _fails("unknown-function", name)
    if not entry.fewest <= len(args) <= entry.most:
        return _fails("wrong-arguments", name)
    if isinstance(entry, LazyEntry):
        lazy = entry.body
        return lambda at: lazy(args, at)
    body = entry.body

    def run(at: Scope) -> Value:
        value = body([arg(at) for arg in args], at)
        # Some bodies count; a number of an expression is always a float.
        return float(value) if type(value) is int else value

    return run


def _fails(code: str, detail: str) -> Run:
    def run(_: Scope) -> Value:
        raise ExpressionError(code, detail)

    return run
