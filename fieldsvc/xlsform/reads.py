"""Which lists a form looks things up in that it does not bring along, and which of their columns it can read.

A list that stands outside the form is either the records of a dataset that the phone holds, or a reference list that is
put into the form when it is published. Knowing the columns keeps both small: of a register of two thousand firms a form
carries the two columns it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fieldsvc.xlsform.definition import Definition, NodeDefinition
from fieldsvc.xlsform.expressions import expressions, parts
from fieldsvc.xlsform.parse import Ast

#: Stands for "all of them", where the form does not say which.
EVERY = "*"


def reads_of(definition: Definition) -> dict[str, list[str]]:
    """The lists outside the form by name, each with the columns its expressions name beside `name`, sorted."""
    found: dict[str, set[str]] = {}
    for tree in trees_of(definition):
        _read(tree, found)
    for node in every_node(definition["nodes"]):
        listed = node.get("choices")
        if listed is not None:
            found.setdefault(listed, set()).add("label")
            found[listed] |= set(_columns([["c", "item", *_one(node.get("filter"))]]))
        if "itemset" in node:
            _note_itemset(node["itemset"], found)
    own = definition["choices"]
    return {name: sorted(columns - {"name"}) for name, columns in sorted(found.items()) if name not in own}


def _one(tree: Ast | None) -> list[Ast]:
    return [] if tree is None else [tree]


def every_node(nodes: Iterable[NodeDefinition]) -> Iterator[NodeDefinition]:
    """These nodes and everything below them."""
    for node in nodes:
        yield node
        yield from every_node(node.get("children", []))


def trees_of(definition: Definition) -> Iterator[Ast]:
    """Every expression of a form: of its questions, its entities and inside the words of its choices."""
    for node in every_node(definition["nodes"]):
        for _, tree in expressions(node):
            yield tree
    for entity in definition.get("entities", []):
        rules: list[Any] = [entity.get("id"), entity.get("create"), entity.get("update"), entity.get("label")]
        yield from (rule for rule in rules if isinstance(rule, list))
    for rows in definition["choices"].values():
        for choice in rows:
            for text in choice["label"].values():
                yield from (piece["$"] for piece in text if isinstance(piece, dict))


def _read(tree: Ast, found: dict[str, set[str]]) -> None:
    match tree:
        case ["p", ["f", "instance", ["s", name]], steps]:
            found.setdefault(name, set()).update(_columns(steps[1:]))
        case ["f", "instance", ["s", name]]:
            found.setdefault(name, set()).add(EVERY)
        case ["f", "pulldata", ["s", name], column, key, _]:
            found.setdefault(name, set()).update(_named(column) | _named(key))
        case ["f", "jr:choice-name", _, ["s", name]]:
            found.setdefault(name, set()).add("label")
    whole = tree[0] == "p" and isinstance(tree[1], list) and tree[1][:2] == ["f", "instance"]
    for part in parts(tree):
        if not (whole and part is tree[1]):
            _read(part, found)


def _columns(steps: list[Ast]) -> Iterator[str]:
    """The columns a path below a list's root names: the step below a row, and what its predicates look at."""
    for step in steps[:1]:
        for predicate in step[2:]:
            yield from _relative(predicate)
    for step in steps[1:2]:
        yield step[1] if step[0] == "c" else EVERY


def _relative(tree: Ast) -> Iterator[str]:
    """The columns a predicate on a row reads from the row itself."""
    match tree:
        case ["p", ".", [["c", name, *_], *_]]:
            yield name
        case ["p", ".", _]:
            yield EVERY
    for part in parts(tree):
        yield from _relative(part)


def _named(tree: Ast) -> set[str]:
    return {tree[1]} if tree[0] == "s" else {EVERY}


def _note_itemset(itemset: Any, found: dict[str, set[str]]) -> None:
    """Choices from a list whose code or label has another column than usual."""
    nodes = itemset["nodes"]
    match nodes:
        case ["p", ["f", "instance", ["s", name]], _]:
            found.setdefault(name, set()).update((itemset["value"], itemset["label"]))
