"""Judges a submission again, as the phone did before it let the visit be finished, and derives what it writes.

Pure and total: whatever the answers look like, the result is a list of violations, never an exception. A submission is
never refused for them; a person sees them (see `docs/forms.md`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldsvc.xlsform.answers import from_answer
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.effects import EntityChange, changes_of
from fieldsvc.xlsform.evaluate import equal
from fieldsvc.xlsform.lists import Lists
from fieldsvc.xlsform.rules import WORDS, Kind, Violation, findings, say
from fieldsvc.xlsform.scope import Context
from fieldsvc.xlsform.tree import ABSENT, FormNode, Series, everything, leaves, plant

__all__ = ["Effect", "Judgement", "Violation", "effects_of", "judge", "labels_of", "recalculated", "validate"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a submission writes to one entity, with the versions the phone based it on.

    `changes` holds every property the answers state, also those equal to the base: only who knows the base can tell.
    """

    dataset: str
    id: str
    path: str
    create: bool
    base_version: int | None
    trunk_version: int | None
    branch_id: str | None
    label: str | None
    changes: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a submission breaks and what it writes."""

    violations: list[Violation]
    effects: list[Effect]


def judge(
    definition: Definition,
    answers: Any,
    context: Mapping[str, Any],
    declared: Sequence[Mapping[str, Any]],
) -> Judgement:
    """`validate` and `effects_of` at once, for half the work."""
    root = _planted(definition, answers, context)
    changes = changes_of(root, definition.get("entities", []))
    return Judgement([*_violations(root), *_mismatches(changes, declared)], _effects(changes, declared))


def validate(
    definition: Definition,
    answers: Any,
    context: Mapping[str, Any],
    declared: Sequence[Mapping[str, Any]] | None = None,
) -> list[Violation]:
    """Every rule of the form that `answers` break, in the order of the form.

    Shapes first (unknown names, a text where a group belongs), then required, type, choice, constraint and soft rules
    of what is relevant, calculations the phone did otherwise (soft), and, when `declared` is given, entity entries that
    do not match the form. Reasons given for soft rules are not judged here.
    """
    root = _planted(definition, answers, context)
    if declared is None:
        return _violations(root)
    return [*_violations(root), *_mismatches(changes_of(root, definition.get("entities", [])), declared)]


def effects_of(
    definition: Definition,
    answers: Any,
    context: Mapping[str, Any],
    declared: Sequence[Mapping[str, Any]],
) -> list[Effect]:
    """The entity changes the answers make, each with the versions its entry in `declared` names.

    `declared` is the operation's `entities`. A change without a matching entry (dataset, path and, where the form
    decides it, id) has no effect here and is a violation of kind `entity` in `validate`.
    """
    root = _planted(definition, answers, context)
    return _effects(changes_of(root, definition.get("entities", [])), declared)


def _violations(root: FormNode) -> list[Violation]:
    if not isinstance(root.given, Mapping):
        return [Violation(root.ref(), "hard", "type", WORDS["type"])]
    found = list(_shapes(root))
    for node in leaves(root):
        found.extend(findings(node))
        if _computed_otherwise(node):
            found.append(Violation(node.ref(), "soft", "calculate", WORDS["calculate"]))
    return found


def _effects(changes: list[EntityChange], declared: Sequence[Mapping[str, Any]]) -> list[Effect]:
    effects: list[Effect] = []
    for change in changes:
        entry = _entry_for(change, declared)
        if entry is not None:
            effects.append(_effect(change, entry))
    return effects


def _effect(change: EntityChange, entry: Mapping[str, Any]) -> Effect:
    return Effect(
        change.dataset,
        str(entry["id"]),
        change.path,
        change.create,
        _whole(entry.get("base_version")),
        _whole(entry.get("trunk_version")),
        str(entry["branch_id"]) if entry.get("branch_id") else None,
        change.label,
        change.changes,
    )


def recalculated(definition: Definition, answers: Any, context: Mapping[str, Any]) -> dict[str, str | None]:
    """What every relevant calculation of the form comes to, by ref."""
    root = _planted(definition, answers, context)
    return {node.ref(): node.answer() for node in leaves(root) if "calculate" in node.definition}


def labels_of(definition: Definition, answers: Any, context: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The labels into which answers are filled, as they read with these answers, by ref and language."""
    found: dict[str, dict[str, str]] = {}
    for node in everything(_planted(definition, answers, context)):
        label = node.definition.get("label") or {}
        if isinstance(node, FormNode) and not all(isinstance(text, str) for text in label.values()):
            found[node.ref()] = say(label, node)
    return found


def _planted(definition: Definition, answers: Any, context: Mapping[str, Any]) -> FormNode:
    held = context.get("instances")
    lists = Lists(definition, held if isinstance(held, Mapping) else {}, str(context.get("language", "")))
    return plant(definition, answers, _context(context), lists)


def _context(given: Mapping[str, Any]) -> Context:
    preloads = given.get("preloads")
    return Context(
        now=_whole(given.get("now")) or 0,
        utc_offset=_whole(given.get("utc_offset")) or 0,
        seed=str(given.get("seed", "0")),
        preloads={str(k): str(v) for k, v in preloads.items()} if isinstance(preloads, Mapping) else {},
    )


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _shapes(node: FormNode) -> Iterable[Violation]:
    """What in the answers has no place in the form, or another shape than its place."""

    def wrong(ref: str, kind: Kind) -> Violation:
        return Violation(ref, "hard", kind, WORDS[kind])

    if node.within and not node.id:
        yield wrong(node.ref(), "type")
    if not isinstance(node.given, Mapping):
        return
    parts = {part.name: part for part in node.parts}
    for name, given in node.given.items():
        part = parts.get(name)
        if part is None:
            if not (name == "_id" and node.within):
                yield wrong(f"{node.ref()}/{name}", "unknown")
        elif isinstance(part, Series):
            ids = [item.id for item in part.items]
            if not isinstance(given, list) or len(set(ids)) < len(ids):
                yield wrong(part.ref(), "type")
            for item in part.items:
                yield from _shapes(item)
        elif "children" in part.definition:
            if not isinstance(given, Mapping):
                yield wrong(part.ref(), "type")
            yield from _shapes(part)


def _computed_otherwise(node: FormNode) -> bool:
    if "calculate" not in node.definition or node.definition["kind"] == "note":
        return False
    given = None if node.given is ABSENT else node.given
    if given == node.answer():
        return False
    offset = node.world.context.utc_offset
    return not equal(from_answer(given, node.kind, offset), node.val(), offset)


def _entry_for(change: EntityChange, declared: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    for entry in declared:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str) or not entry["id"]:
            continue
        same = entry.get("dataset") == change.dataset and entry.get("path") == change.path
        if same and change.id in (None, entry["id"]) and bool(entry.get("create")) == change.create:
            return entry
    return None


def _mismatches(changes: list[EntityChange], declared: Sequence[Mapping[str, Any]]) -> Iterable[Violation]:
    used: list[Mapping[str, Any]] = []
    for change in changes:
        entry = _entry_for(change, declared)
        if entry is None:
            yield Violation(change.path, "hard", "entity", WORDS["entity"])
        else:
            used.append(entry)
    for entry in declared:
        if not any(entry is each for each in used):
            path = entry.get("path") if isinstance(entry, Mapping) else ""
            yield Violation(str(path), "hard", "entity", WORDS["entity"])
