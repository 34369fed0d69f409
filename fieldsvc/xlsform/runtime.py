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
from fieldsvc.xlsform.rules import WORDS, Kind, Violation, findings
from fieldsvc.xlsform.scope import Context
from fieldsvc.xlsform.tree import ABSENT, FormNode, Series, everything, plant

__all__ = ["Effect", "Violation", "effects_of", "recalculated", "validate"]


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


def validate(
    definition: Definition,
    answers: Any,
    context: Mapping[str, Any],
    declared: Iterable[Mapping[str, Any]] | None = None,
) -> list[Violation]:
    """Every rule of the form that `answers` break, in the order of the form.

    Shapes first (unknown names, a text where a group belongs), then required, type, choice, constraint and soft rules
    of what is relevant, calculations the phone did otherwise (soft), and, when `declared` is given, entity entries that
    do not match the form. Reasons given for soft rules are not judged here.
    """
    root = _planted(definition, answers, context)
    found = list(_shapes(root))
    if not isinstance(answers, Mapping):
        return [Violation(definition["root"], "hard", "type", WORDS["type"])]
    for node in everything(root):
        if not isinstance(node, FormNode) or node.definition.get("children") is not None:
            continue
        if not node.live():
            continue
        found.extend(findings(node))
        if _computed_otherwise(node):
            found.append(Violation(node.ref(), "soft", "calculate", WORDS["calculate"]))
    if declared is not None:
        found.extend(_mismatches(changes_of(root, definition.get("entities", [])), list(declared)))
    return found


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
    effects: list[Effect] = []
    for change in changes_of(root, definition.get("entities", [])):
        entry = _entry_for(change, declared)
        if entry is None:
            continue
        effects.append(
            Effect(
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
        )
    return effects


def recalculated(definition: Definition, answers: Any, context: Mapping[str, Any]) -> dict[str, str | None]:
    """What every relevant calculation of the form comes to, by ref."""
    root = _planted(definition, answers, context)
    return {
        node.ref(): node.answer()
        for node in everything(root)
        if isinstance(node, FormNode) and "calculate" in node.definition and node.live()
    }


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

    if isinstance(node.given, Mapping):
        known = {part.name for part in node.parts} | ({"_id"} if node.within else set())
        for name in node.given:
            if name not in known:
                yield wrong(f"{node.ref()}/{name}", "unknown")
    if node.within and not (isinstance(node.given, Mapping) and node.id):
        yield wrong(node.ref(), "type")
    for part in node.parts:
        if isinstance(part, Series):
            ids = [item.id for item in part.items]
            if not (part.given is ABSENT or isinstance(part.given, list)) or len(set(ids)) < len(ids):
                yield wrong(part.ref(), "type")
            for item in part.items:
                yield from _shapes(item)
        elif part.definition.get("children") is not None:
            if not (part.given is ABSENT or isinstance(part.given, Mapping)):
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


def _mismatches(changes: list[EntityChange], declared: list[Mapping[str, Any]]) -> Iterable[Violation]:
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
