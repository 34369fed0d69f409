"""Which masked value somebody asks to see: one property of one record, or one answer that is saved to none.

One press shows one of them, and the log of the household whose record it is says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services.access import Actor
from fieldsvc.services.intake.again import operation_of
from fieldsvc.store import household_record, operations
from fieldsvc.store.tables import SubmissionRow

#: The record, its kind, and where the form states it.
Owner = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Value:
    """One value: of which record it is, where it is of one, and what it is called there."""

    entity_id: str | None
    dataset: str
    name: str

    @property
    def key(self) -> str:
        """How a page calls it."""
        return key(self.entity_id or self.dataset, self.name)


@dataclass(frozen=True, slots=True)
class Trace:
    """Under whom it is noted that a value is shown, and as what."""

    subject_id: str
    detail: Mapping[str, Any]


def key(entity_id: str, name: str) -> str:
    """How a page calls one property of one record: a record elsewhere is named by no page, so not by its id."""
    return f"{hashlib.sha256(entity_id.encode()).hexdigest()[:20]}.{name}"


def answered(definition: Mapping[str, Any], answers: Mapping[str, Any], owners: Sequence[Owner]) -> dict[str, Value]:
    """What every answer that is saved to a record is a value of, by its reference with positions."""
    root = str(definition.get("root", "/data"))
    return {
        ref: _value(ref, entity["dataset"], name, owners)
        for entity in definition.get("entities", ())
        for name, question in entity.get("saves", {}).items()
        for ref in _concrete(answers, root, question.removeprefix(f"{root}/").split("/"))
    }


def of_submissions(
    session: Session, rows: Sequence[SubmissionRow], definitions: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Value]]:
    """The same of submissions that are kept, by their ids: which records each names, its own bytes say."""
    stored = operations.known(session, rows[0].feed_id, [row.id for row in rows]) if rows else {}
    read = {id_: operation_of(each) for id_, each in stored.items()}
    return {
        row.id: answered(definitions[row.id], row.answers, owners_of(operation.document) if operation else ())
        for row in rows
        for operation in [read.get(row.id)]
    }


def shown(called: str | None, *saved: Mapping[str, Value]) -> set[str]:
    """The answers in which the value called so stands, in each of these submissions that answers them at all.

    What another of them says in the same place may be of another record, whose value nobody asked for.
    """
    refs = {ref for each in saved for ref, value in each.items() if value.key == called}
    return {ref for ref in refs if all(each[ref].key == called for each in saved if ref in each)}


def owners_of(document: Mapping[str, Any]) -> list[Owner]:
    """The records a submission names, each with where the form states it."""
    return [(one["id"], str(one.get("dataset")), one["path"]) for one in document.get("entities") or ()]


def trace(session: Session, by: Actor, values: Iterable[Value], called: str | None, own: str) -> Trace | None:
    """What to note of the value called so, if one is asked for; `own` is whose page it is. Raises `not-found`."""
    if called is None:
        return None
    value = next((one for one in values if one.key == called), None)
    if value is None:
        raise problems.NotFound()
    if value.entity_id is None:
        return Trace(own, {"dataset": value.dataset, "ref": value.name})
    entity = household_record.entity(session, by.feed_id, value.entity_id)
    detail = {"entity": value.entity_id, "dataset": value.dataset, "property": value.name}
    return Trace(entity.subject_id if entity else own, detail)


def _value(ref: str, dataset: str, name: str, owners: Sequence[Owner]) -> Value:
    above = [(len(path), id_) for id_, kind, path in owners if kind == dataset and ref.startswith(f"{path}/")]
    # A form may state one record within another of the same kind: the nearest is meant.
    return Value(max(above)[1], dataset, name) if above else Value(None, dataset, ref)


def _concrete(answers: Any, ref: str, rest: Sequence[str]) -> Iterator[str]:
    if not rest:
        if answers not in (None, "", []):
            yield ref
    elif isinstance(answers, Mapping):
        inner = answers.get(rest[0])
        if isinstance(inner, list) and rest[1:]:
            for number, item in enumerate(inner, 1):
                yield from _concrete(item, f"{ref}/{rest[0]}[{number}]", rest[1:])
        else:
            yield from _concrete(inner, f"{ref}/{rest[0]}", rest[1:])
