"""Which rows of a reference list a form can ever find: those whose names its expressions write out.

A list of sixty figures, of which a form asks three, travels to every phone with every form; so each carries its three.
"""

from __future__ import annotations

from collections.abc import Iterator

from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.expressions import parts
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.reads import every_node, trees_of

_ROW = ["p", ".", [["c", "name"]]]


def names_read(definition: Definition) -> dict[str, set[str] | None]:
    """The names by which a form looks rows up, by list; `None` where it may find any row."""
    found: dict[str, set[str] | None] = {}
    for tree in trees_of(definition):
        for name, names in _looked_up(tree):
            known = found.setdefault(name, set())
            found[name] = known | names if known is not None and names is not None else None
    for node in every_node(definition["nodes"]):
        if "choices" in node:
            found[node["choices"]] = None
    return found


def _looked_up(tree: Ast) -> Iterator[tuple[str, set[str] | None]]:
    inside = parts(tree)
    match tree:
        case ["p", ["f", "instance", ["s", name]], [_, [_, _, first, *_], *_]]:
            yield name, _named(first)
            inside = (part for part in parts(tree) if part is not tree[1])
        case ["f", "instance", ["s", name]]:
            yield name, None
        case ["f", "pulldata", ["s", name], _, ["s", "name"], ["s", row]]:
            yield name, {row}
        case ["f", "pulldata" | "jr:choice-name", *_]:
            yield from ((each[1], None) for each in parts(tree) if each[0] == "s")
    for part in inside:
        yield from _looked_up(part)


def _named(predicate: Ast) -> set[str] | None:
    """The name that a predicate demands; none where it might hold for rows of other names, or counts rows."""
    if _counts(predicate):
        return None
    match predicate:
        case ["=", row, ["s", name]] | ["=", ["s", name], row] if row == _ROW:
            return {name}
        case ["and", one, other]:
            demanded = _named(one)
            return demanded if demanded is not None else _named(other)
    return None


def _counts(tree: Ast) -> bool:
    return tree[:2] in (["f", "position"], ["f", "last"]) or any(_counts(part) for part in parts(tree))
