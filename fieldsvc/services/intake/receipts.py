"""What a phone is told about each operation it sent.

A withdrawal's receipt tells of no record. It names none itself, and what it took back may be somebody else's by now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import NotUnique, Problem
from fieldsvc.services.intake.arrival import Decision
from fieldsvc.store import conflict_rows, operations
from fieldsvc.store.operations import Receipted
from sync.model import Status

_NAMES_NO_RECORD = "withdrawal"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The current verdict on one operation. `position` is its place in the feed, 0 if it was not stored."""

    id: str
    status: str
    sha256: str | None = None
    duplicate: bool = False
    received_at: int | None = None
    position: int = 0
    problem: dict[str, Any] | None = None
    effects: tuple[dict[str, Any], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The receipt as it travels; what is absent is empty or false."""
        body: dict[str, Any] = {"id": self.id, "status": self.status}
        if self.duplicate:
            body["duplicate"] = True
        for name in ("sha256", "received_at", "problem"):
            if (value := getattr(self, name)) is not None:
                body[name] = _told(value) if name == "problem" else value
        if self.position:
            body["position"] = self.position
        if self.effects:
            body["effects"] = list(self.effects)
        return body


def _told(problem: dict[str, Any]) -> dict[str, Any]:
    """The problem as its sender reads it: a record in another household, which has no name here, is none of theirs.

    Nor where an amendment has ended what waited for that: its end says what it waited for.
    """
    was = problem.get("was") or {}
    if was.get("problem"):
        return {**problem, "was": {**was, "problem": _told(was["problem"])}}
    if problem.get("code") != NotUnique.code or problem.get("record_label"):
        return problem
    return {name: value for name, value in problem.items() if name not in ("record", "record_label")}


def refusal(operation_id: str, problem: Problem) -> Receipt:
    """The receipt of an operation that is not kept here: the phone keeps it."""
    return Receipt(operation_id, Status.REFUSED, problem=problem.as_json())


def unread(operation_id: str, text: str, problem: Problem) -> Receipt:
    """The receipt of bytes that are not the operation's: it has their digest, and nothing of them is kept here."""
    sha256 = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return Receipt(operation_id[:100], Status.HELD, sha256, problem=problem.as_json())


def of_decision(decision: Decision, position: int) -> Receipt:
    """The receipt of an operation decided just now."""
    arrival = decision.arrival
    return Receipt(
        id=arrival.operation.id,
        status=decision.status,
        sha256=arrival.operation.sha256,
        received_at=arrival.received_at,
        position=position,
        problem=decision.problem_json,
        effects=tuple(
            _effect(e.wish.entity_id, e.wish.dataset, e.status, e.version, next(iter(e.conflict_ids), None))
            for e in decision.effects
            if e.wish.dataset and arrival.operation.kind != _NAMES_NO_RECORD
        ),
    )


def of_ids(session: Session, feed_id: str, author_id: str, ids: Collection[str]) -> dict[str, Receipt]:
    """The current receipts of these operations, as far as they are this author's."""
    known = operations.known(session, feed_id, list(ids)) if ids else {}
    mine = [each for each in known.values() if each.author_id == author_id]
    return current(session, feed_id, mine, duplicate=False)


def current(session: Session, feed_id: str, known: Collection[Receipted], *, duplicate: bool) -> dict[str, Receipt]:
    """The receipts of operations stored earlier, with the verdicts of today."""
    ids = [each.id for each in known]
    effects = operations.effects_of(session, feed_id, ids)
    disputed = [each.id for each in known if each.status == Status.CONFLICT]
    conflicts = conflict_rows.of_operations(session, feed_id, disputed)
    return {
        each.id: Receipt(
            id=each.id,
            status=each.status,
            sha256=each.sha256,
            duplicate=duplicate,
            received_at=each.received_at,
            position=each.position,
            problem=each.problem,
            effects=tuple(
                _effect(e.entity_id, e.dataset, e.status, e.result_version, conflicts.get((each.id, e.entity_id)))
                for e in effects.get(each.id, ())
                if e.dataset and each.kind != _NAMES_NO_RECORD
            ),
        )
        for each in known
    }


def _effect(entity_id: str, dataset: str, status: str, version: int | None, conflict: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {"entity": entity_id, "dataset": dataset, "status": status}
    if version is not None:
        body["version"] = version
    if conflict is not None:
        body["conflict"] = conflict
    return body
