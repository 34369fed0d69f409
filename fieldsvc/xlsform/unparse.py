"""A syntax tree as an author would write it: what `parse` reads, for people who compare two versions of a form."""

from __future__ import annotations

from fieldsvc.xlsform.parse import Ast

_STRENGTH = {
    operator: level
    for level, operators in enumerate([["or"], ["and"], ["=", "!="], ["<", "<=", ">", ">="], ["+", "-"]])
    for operator in operators
} | {"*": 5, "div": 5, "mod": 5}
_NEGATED = 6


def unparse(tree: Ast, *, short: bool = False) -> str:
    """The expression of `tree`; with `short`, a plain path to a question is written `${name}`, as in a spreadsheet."""
    return _text(tree, 0, short)


def _text(tree: Ast, around: int, short: bool) -> str:
    match tree:
        case ["n", number]:
            return str(number)
        case ["s", text]:
            return f'"{text}"' if "'" in text else f"'{text}'"
        case ["neg", part]:
            return f"-{_text(part, _NEGATED, short)}"
        case ["f", name, *args]:
            return f"{name}({', '.join(_text(arg, 0, short) for arg in args)})"
        case ["p", start, steps]:
            return _path(start, steps, short)
        case [operator, left, right]:
            strength = _STRENGTH[operator]
            # Operators of one strength are read from the left; on the right they need brackets.
            text = f"{_text(left, strength, short)} {operator} {_text(right, strength + 1, short)}"
            return f"({text})" if strength < around else text
    raise AssertionError(tree)


def _path(start: str | Ast, steps: list[Ast], short: bool) -> str:
    plain = all(len(step) == 2 and step[0] in ("c", "..") for step in steps)
    if short and plain and steps and steps[-1][0] == "c" and (start == "/" or steps[0][0] == ".."):
        return f"${{{steps[-1][1]}}}"
    shown = "/".join(_step(step, short) for step in steps)
    if start == "/":
        return f"/{shown}"
    if start == ".":
        return shown if steps and steps[0][0] != "." else ("./" + shown if steps else ".")
    return f"{_text(start, 0, short)}/{shown}" if isinstance(start, list) else shown


def _step(step: Ast, short: bool) -> str:
    axis, name, *predicates = step
    return str(name if axis == "c" else axis) + "".join(f"[{_text(one, 0, short)}]" for one in predicates)
