"""What a submission would write to entities, read from its answers: each declaration, at each relevant container.

The JavaScript twin is in `static/core/form-answers.js`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldsvc.xlsform.definition import EntityDeclaration
from fieldsvc.xlsform.tree import FormNode, attempt, below
from fieldsvc.xlsform.values import to_boolean, to_text


@dataclass(frozen=True, slots=True)
class EntityChange:
    """What one declaration writes at one container. `id` is None where the form leaves it to the phone."""

    dataset: str
    path: str
    item: str | None
    id: str | None
    create: bool
    label: str | None
    changes: dict[str, str | None]


def changes_of(root: FormNode, declarations: list[EntityDeclaration]) -> list[EntityChange]:
    """The changes every declaration asks for, in the order of declarations and then of the form.

    `changes` holds every property the answers state; what is irrelevant or untouched is not in it, what was blanked is
    None.
    """
    found = [_change_at(node, declaration) for declaration in declarations for node in below(root, declaration["path"])]
    return [change for change in found if change]


def _change_at(node: FormNode, declaration: EntityDeclaration) -> EntityChange | None:
    create = _when(declaration.get("create"), node)
    identity = (node.id if node.within else None) if create else _text(declaration.get("id"), node)
    if not create and not (identity and _when(declaration.get("update"), node)):
        return None
    changes: dict[str, str | None] = {}
    for name, ref in declaration["saves"].items():
        source = next(iter(below(node, ref)), None)
        if source is None or not _stated(source):
            continue
        answer = source.answer()
        if source.definition.get("type") == "barcode" and isinstance(answer, Mapping):
            continue  # a photographed code: what it says is read later, and is for a person to take over
        value = answer.get("sha256") if isinstance(answer, Mapping) else answer
        changes[name] = str(value) if value else None
    label = _text(declaration.get("label"), node)
    return EntityChange(declaration["dataset"], node.ref(), _item(node), identity, create, label, changes)


def _stated(node: FormNode) -> bool:
    """Whether the answers say anything here: a calculation that is blank says nothing, a blanked answer does."""
    if "calculate" in node.definition:
        return node.answer() is not None
    return node.given is None or isinstance(node.given, str | Mapping)


def _when(rule: Any, node: FormNode) -> bool:
    return attempt(rule, node, node.world, to_boolean, False) if isinstance(rule, list) else bool(rule)


def _text(ast: Any, node: FormNode) -> str | None:
    if ast is None:
        return None
    offset = node.world.context.utc_offset
    return attempt(ast, node, node.world, lambda value: to_text(value, offset), "") or None


def _item(node: FormNode | None) -> str | None:
    while node is not None:
        if node.within:
            return node.id
        node = node.parent
    return None
