"""A form as tables: its questions as columns, each repeat as a table of its own. Pure: answers in, rows out.

Groups are flattened into paths. Versions of a form share columns by path, the newest version's words winning, so that
one export holds a year of visits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldsvc.xlsform.compare import both
from fieldsvc.xlsform.definition import Definition, NodeDefinition

#: The columns of a repeat's table that say where its rows belong.
INSTANCE, PARENT, ITEM = "instance_id", "parent_id", "item_id"
_NUMBERS = {"int", "decimal", "range"}
_MANY = {"select_multiple", "rank"}


@dataclass(frozen=True, slots=True)
class Column:
    """One question: its path from the table's own node, its words, and what its codes mean."""

    path: str
    ref: str
    type: str
    label: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers to calculate with."""
        return self.type in _NUMBERS

    def shown(self, value: Any, language: str | None) -> str:
        """A value as a cell: codes, or with a language what they mean; an attachment by its digest."""
        if value is None:
            return ""
        if isinstance(value, Mapping):
            return str(value.get("sha256", ""))
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        if language is None or not self.codes:
            return text
        parts = text.split() if self.type in _MANY else [text]
        named = [self.codes[part][language] if part in self.codes else part for part in parts]
        return ("、" if language == "zh" else ", ").join(named)


@dataclass(slots=True)
class Table:
    """The form itself (`ref` is its root) or one of its repeats, with its columns by path."""

    name: str
    ref: str
    label: Mapping[str, str]
    columns: dict[str, Column] = field(default_factory=dict)


def tables(definitions: Sequence[Definition]) -> list[Table]:
    """The tables of a form from its versions, the newest first."""
    found: dict[str, Table] = {}
    for definition in definitions:
        root = definition["root"]
        main = found.setdefault("", Table(definition["form"], "", both(definition["title"], definition["form"])))
        _collect(definition, definition["nodes"], main, root, found)
    return list(found.values())


def rows(found: Sequence[Table], answers: Mapping[str, Any], instance: str) -> Iterator[tuple[Table, dict[str, Any]]]:
    """The rows of one submission: first its own, then one per item of each repeat; values as answered, by path."""
    by_ref = {table.ref: table for table in found}
    own: dict[str, Any] = {}
    items: list[tuple[Table, dict[str, Any]]] = []
    _walk(answers, "", "", own, items, by_ref, instance, instance)
    yield by_ref[""], own
    yield from items


def headings(table: Table, language: str | None) -> dict[str, str]:
    """What stands over each column: paths, or words with the path where two questions say the same."""
    if language is None:
        return {path: path for path in table.columns}
    said = {path: column.label[language] for path, column in table.columns.items()}
    twice = {text for text in said.values() if list(said.values()).count(text) > 1}
    return {path: f"{text} [{path}]" if text in twice else text for path, text in said.items()}


def _collect(
    definition: Definition, nodes: Sequence[NodeDefinition], table: Table, start: str, found: dict[str, Table]
) -> None:
    """`start` is the ref that the table's own paths are counted from."""
    root = definition["root"]
    for node in nodes:
        children: list[NodeDefinition] = node.get("children", [])
        if node["kind"] == "repeat":
            ref = node["ref"].removeprefix(root)
            label = both(node.get("label", {}), node["name"])
            inner = found.setdefault(ref, Table(node["name"], ref, label))
            _collect(definition, children, inner, node["ref"], found)
        elif node["kind"] == "group":
            _collect(definition, children, table, start, found)
        elif node["kind"] != "note":
            path = node["ref"].removeprefix(f"{start}/")
            codes = _codes(definition, node.get("choices", ""))
            label = both(node.get("label", {}), node["name"])
            column = Column(path, node["ref"], node.get("type", "string"), label, codes)
            known = table.columns.get(path)
            # Codes an older version had are still in its answers.
            merged = Column(path, known.ref, known.type, known.label, {**codes, **known.codes}) if known else column
            table.columns[path] = merged


def _codes(definition: Definition, listed: str) -> dict[str, dict[str, str]]:
    """What the codes of a choice list mean, or of a reference list that the form carries."""
    own = definition["choices"].get(listed)
    if own is not None:
        return {choice["value"]: both(choice["label"], choice["value"]) for choice in own}
    carried = definition.get("instances", {}).get(listed, [])
    return {
        row["name"]: both({"zh": row["label"], "en": row.get("label::en", row["label"])}, row["name"])
        for row in carried
        if "label" in row
    }


def _walk(
    tree: Mapping[str, Any],
    ref: str,
    path: str,
    own: dict[str, Any],
    items: list[tuple[Table, dict[str, Any]]],
    by_ref: Mapping[str, Table],
    instance: str,
    parent: str,
) -> None:
    for name, value in tree.items():
        here, at = f"{ref}/{name}", f"{path}/{name}" if path else name
        if here in by_ref and isinstance(value, list):
            for number, item in enumerate(value, start=1):
                if isinstance(item, Mapping):
                    key = str(item.get("_id") or f"{parent}/{name}[{number}]")
                    row: dict[str, Any] = {INSTANCE: instance, PARENT: parent, ITEM: key}
                    items.append((by_ref[here], row))
                    _walk(item, here, "", row, items, by_ref, instance, key)
        elif isinstance(value, Mapping) and "sha256" not in value:
            _walk(value, here, at, own, items, by_ref, instance, parent)
        elif name != "_id":
            own[at] = value
