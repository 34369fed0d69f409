"""The lists a form looks things up in: its choice lists and the tables it carries, as nodes expressions can walk.

The JavaScript twin is `static/core/form-lists.js`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.values import Node, Scalar, scalar


class ListNode:
    """A document, root, row or cell of a list."""

    def __init__(self, up: ListNode | None, kids: Callable[[str], list[Node]], value: str = "", at: int = 1) -> None:
        self._up, self._kids, self._value, self._at = up, kids, value, at

    def kids(self, name: str) -> list[Node]:
        return self._kids(name)

    def up(self) -> Node | None:
        return self._up

    def val(self) -> Scalar:
        return self._value

    def live(self) -> bool:
        return True

    def place(self) -> int:
        return self._at

    def series(self) -> object:
        return None

    def key(self) -> str:
        return ""


class Rows(ListNode):
    """The root of a table. It finds rows by what a column says without trying each: a list may have thousands."""

    def __init__(self, up: ListNode, items: list[Node]) -> None:
        super().__init__(up, lambda name: items if name in ("item", "*") else [])
        self._items = items
        self._index: dict[str, dict[str, list[Node]]] = {}

    def where(self, column: str, value: str) -> list[Node]:
        """The rows in which `column` is `value`, in their order; a row without the column counts as blank."""
        if column not in self._index:
            index = self._index[column] = {}
            for row in self._items:
                index.setdefault(str(scalar(row.kids(column))), []).append(row)
        return self._index[column].get(value, [])


def _none(_: str) -> list[Node]:
    return []


def table(rows: Sequence[Mapping[str, str]]) -> ListNode:
    """`rows` as the document that `instance()` returns."""
    items: list[Node] = []
    document = ListNode(None, lambda name: [root] if name in ("root", "*") else [])
    root = Rows(document, items)
    items.extend(_row(root, row, index + 1) for index, row in enumerate(rows))
    return document


def _row(root: ListNode, cells: Mapping[str, str], at: int) -> ListNode:
    def kids(name: str) -> list[Node]:
        return [ListNode(row, _none, cells[name])] if name in cells else []

    row = ListNode(root, kids, "", at)
    return row


class Lists:
    """Finds lists by name and the labels of choices. `held` are tables the phone had beside the form.

    `fill` puts values into a label; the tree it belongs to sets it.
    """

    def __init__(self, definition: Definition, held: Mapping[str, Sequence[Mapping[str, Any]]], language: str) -> None:
        self.definition = definition
        self.language = language if language in definition["languages"] else definition["default_language"]
        self._held = held
        self.fill: Callable[[Any], str] = str
        self._known: dict[str, ListNode | None] = {}
        self._values: dict[str, frozenset[str] | None] = {}

    def _label(self, texts: Mapping[str, Any]) -> str:
        fallback = texts.get(self.definition["default_language"]) or next(iter(texts.values()), "")
        return self.fill(texts.get(self.language, fallback))

    def instance(self, name: str) -> Node | None:
        """The document of list `name`, or None when this server does not hold it."""
        if name not in self._known:
            self._known[name] = self._make(name)
        return self._known[name]

    def values(self, name: str) -> frozenset[str] | None:
        """The values of a list of choices; None where `name` is none of the form's."""
        if name not in self._values:
            choices = self.definition["choices"].get(name)
            self._values[name] = None if choices is None else frozenset(str(each["value"]) for each in choices)
        return self._values[name]

    def _make(self, name: str) -> ListNode | None:
        choices = self.definition["choices"].get(name)
        if choices is not None:
            return table([self._choice(choice) for choice in choices])
        rows = self.definition.get("instances", {}).get(name, self._held.get(name))
        if rows is None:
            return None
        return table([self._row(row) for row in rows])

    def _row(self, given: Mapping[str, Any]) -> dict[str, str]:
        """A row of a reference list or a record, its label in the language of the form."""
        cells = {key: str(value) for key, value in given.items() if value is not None}
        own = cells.get(f"label::{self.language}")
        return {**cells, "label": own} if own else cells

    def _choice(self, choice: Mapping[str, Any]) -> dict[str, str]:
        cells = {key: value for key, value in choice.items() if isinstance(value, str)}
        return {**cells, "name": str(choice["value"]), "label": self._label(choice.get("label", {}))}

    def choice_label(self, choices: str, value: str) -> str:
        """The label of `value`, or `value` itself where the list does not have it."""
        for choice in self.definition["choices"].get(choices, []):
            if choice["value"] == value:
                return self._label(choice.get("label", {}))
        listed = self.instance(choices)
        root = listed.kids("root")[0] if listed else None
        found = root.where("name", value) if isinstance(root, Rows) else []
        return str(scalar(found[0].kids("label"))) if found else value
