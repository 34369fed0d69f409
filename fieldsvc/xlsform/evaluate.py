"""Computes an expression given as a syntax tree. Pure: the clock, the seed and the nodes come with the scope.

The JavaScript twin is `static/core/expr.js`; `tests/vectors` keeps the two equal.
"""

from __future__ import annotations

import math
from dataclasses import replace

from fieldsvc.xlsform.dates import DateValue
from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from fieldsvc.xlsform.lists import Rows
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Scope
from fieldsvc.xlsform.values import Node, Scalar, Value, scalar, to_boolean, to_number, to_text


def evaluate(ast: Ast, at: Scope) -> Value:
    """The value of `ast`. Raises `ExpressionError` where JavaRosa would throw."""
    operator = ast[0]
    if operator == "p":
        return _walk(ast[1], ast[2], at)
    if operator == "f":
        return _call(ast[1], ast[2:], at)
    if operator == "s":
        return str(ast[1])
    if operator == "n":
        return float(ast[1])
    if operator == "neg":
        return -_number(ast[1], at)
    _, a, b = ast
    if operator == "and":
        return to_boolean(evaluate(a, at)) and to_boolean(evaluate(b, at))
    if operator == "or":
        return to_boolean(evaluate(a, at)) or to_boolean(evaluate(b, at))
    if operator in ("=", "!="):
        same = equal(scalar(evaluate(a, at)), scalar(evaluate(b, at)), at.offset)
        return same if operator == "=" else not same
    return _arithmetic(operator, _number(a, at), _number(b, at))


def _number(ast: Ast, at: Scope) -> float:
    return to_number(evaluate(ast, at), at.offset)


def _arithmetic(operator: str, x: float, y: float) -> Value:
    match operator:
        case "+":
            return x + y
        case "-":
            return x - y
        case "*":
            return x * y
        case "div":
            return divide(x, y)
        case "mod":
            return math.nan if y == 0 or math.isinf(x) or math.isnan(x) or math.isnan(y) else math.fmod(x, y)
        case "<":
            return x < y
        case "<=":
            return x <= y
        case ">":
            return x > y
        case ">=":
            return x >= y
    raise ExpressionError("unsupported", operator)


def divide(x: float, y: float) -> float:
    """IEEE division: by zero gives an infinity or NaN, never an error."""
    if y != 0 or math.isnan(x):
        return x / y if y != 0 else math.nan
    return math.nan if x == 0 else math.copysign(math.inf, x) * math.copysign(1.0, y)


def equal(a: Scalar, b: Scalar, offset: int) -> bool:
    """Equal as booleans if one is a boolean, as numbers if one is a number, else as text."""
    if isinstance(a, bool) or isinstance(b, bool):
        return to_boolean(a) == to_boolean(b)
    if isinstance(a, float) or isinstance(b, float):
        x, y = to_number(a, offset), to_number(b, offset)
        return x == y or abs(x - y) < 1e-12
    if isinstance(a, DateValue) and isinstance(b, DateValue):
        # A day is its midnight.
        return (a.day, a.ms or 0) == (b.day, b.ms or 0)
    return to_text(a, offset) == to_text(b, offset)


def _call(name: str, args: list[Ast], at: Scope) -> Value:
    lazy = LAZY.get(name)
    known = FUNCTIONS.get(name)
    if lazy:
        check_count(name, len(args), lazy.fewest, lazy.most)
        return lazy.body(args, at, evaluate)
    if not known:
        raise ExpressionError("unknown-function", name)
    check_count(name, len(args), known.fewest, known.most)
    value = known.body([evaluate(arg, at) for arg in args], at)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def check_count(name: str, given: int, fewest: int, most: int) -> None:
    """Refuse a call with too few or too many arguments."""
    if not fewest <= given <= most:
        raise ExpressionError("wrong-arguments", name)


def _walk(start: str | Ast, steps: list[Ast], at: Scope) -> list[Node]:
    """The relevant nodes a path reaches.

    An absolute path into a repeat the expression stands in stays in that item, as in JavaRosa, unless the repeat itself
    is asked for: `/data/m/age` is this member's, `count(/data/m)` is all.
    """
    nodes: list[Node]
    if start == "/":
        nodes = [at.world.root]
    elif start == ".":
        nodes = [at.node]
    else:
        assert isinstance(start, list)
        found = evaluate(start, at)
        if not isinstance(found, list):
            raise ExpressionError("not-nodes")
        nodes = found
    for index, (axis, name, *predicates) in enumerate(steps):
        own = start == "/" and index < len(steps) - 1 and not predicates
        reached: list[Node] = []
        for node in nodes:
            if axis == ".":
                reached.append(node)
            elif axis == "..":
                up = node.up()
                if up is not None:
                    reached.append(up)
            else:
                kids = node.kids(name)
                kids = _narrow(kids, at) if own else kids
                for number, predicate in enumerate(predicates):
                    kids = _filter(kids, predicate, at, None if number else _candidates(node, predicate, at))
                reached.extend(kids)
        nodes = reached
    if start == "." and not steps:
        return nodes
    return [node for node in {id(node): node for node in nodes}.values() if node.live()]


def _narrow(nodes: list[Node], at: Scope) -> list[Node]:
    series = nodes[0].series() if nodes else None
    if series is None:
        return nodes
    for chosen, item in at.chosen:
        if chosen is series:
            return [item]
    up: Node | None = at.current
    while up is not None:
        if up.series() is series:
            return [up]
        up = up.up()
    return nodes


def _filter(nodes: list[Node], predicate: Ast, at: Scope, few: list[Node] | None) -> list[Node]:
    """The nodes a predicate keeps; `few` of a list's rows are worth trying where its index has found them."""
    live = [node for node in nodes if node.live()] if few is None else nodes
    kept: list[Node] = []
    for index, node in enumerate(live if few is None else few):
        position = index + 1 if few is None else node.place()
        value = evaluate(predicate, replace(at, node=node, position=position, size=len(live), inside=True))
        chosen = value == position if type(value) is float else to_boolean(value)
        if chosen:
            kept.append(node)
    return kept


def _candidates(root: Node, predicate: Ast, at: Scope) -> list[Node] | None:
    """The rows left by the comparison a predicate begins with, from the list's index; None where there is none.

    The comparison comes first, so the rows left out would never have been looked at further.
    """
    if not isinstance(root, Rows):
        return None
    while predicate[0] == "and":
        predicate = predicate[1]
    match predicate:
        case ["=", ["p", ".", [["c", str(column)]]], other] | ["=", other, ["p", ".", [["c", str(column)]]]]:
            if column == "*" or not fixed(other):
                return None
            value = scalar(evaluate(other, at))
            return root.where(column, to_text(value, at.offset)) if isinstance(value, str | DateValue) else None
    return None


#: What these answer depends on the row that is tried, or on how often they were asked.
_UNSTEADY = {"position", "last", "string-length", "normalize-space", "random", "uuid", "randomize", "once"}


def fixed(tree: Ast) -> bool:
    """Whether an expression in a predicate is the same for every row."""
    match tree:
        case [("n" | "s"), _]:
            return True
        case ["p", "/" | ["f", "current"], steps]:
            return all(len(step) == 2 for step in steps)
        case ["p", *_] | ["f", "indexed-repeat", *_]:
            return False
        case ["f", name, *args]:
            return name not in _UNSTEADY and all(map(fixed, args))
        case [_, *parts]:
            return all(map(fixed, parts))
    return False
