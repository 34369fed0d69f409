"""Where the expressions of a compiled form stand, and the trees inside a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fieldsvc.xlsform.definition import NodeDefinition
from fieldsvc.xlsform.parse import Ast

_COLUMNS = {
    "relevant": "relevant",
    "required": "required",
    "constraint": "constraint",
    "calculate": "calculation",
    "readonly": "readonly",
    "count": "repeat_count",
    "filter": "choice_filter",
    "default": "default",
    "seed": "parameters",
}


def expressions(node: NodeDefinition) -> Iterator[tuple[str, Ast]]:
    """Every expression of a node, with the column its author wrote it in."""
    for key, column in _COLUMNS.items():
        tree: Any = node.get(key)
        if isinstance(tree, list):
            yield column, tree
    for rule in node.get("soft", []):
        yield "bind::fs:soft", rule["test"]
    for trigger in node.get("triggers", []):
        yield "trigger", trigger["value"]
    itemset = node.get("itemset")
    if itemset:
        yield "type", itemset["nodes"]
    texts: list[Any] = [("label", node.get(key, {})) for key in ("label", "hint", "guidance")]
    texts += [(f"{key}_message", text) for key, text in node.get("messages", {}).items()]
    for column, translations in texts:
        for text in translations.values():
            yield from ((column, piece["$"]) for piece in text if isinstance(piece, dict))


def parts(tree: Ast) -> Iterator[Ast]:
    """The trees that stand directly in `tree`, those of predicates included."""
    match tree:
        case [("n" | "s"), _]:
            return
        case ["p", start, steps]:
            if isinstance(start, list):
                yield start
            for step in steps:
                yield from step[2:]
        case ["f", _, *args]:
            yield from args
        case [_, *rest]:
            yield from rest
