"""Opening and closing conflicts as operations are decided; the queue that people read is `conflicts.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, many, rows, table
from fieldsvc.store.tables import ConflictRow
from sync.model import Conflict

_conflicts = columns(ConflictRow)
_OPEN = (
    select(table(ConflictRow))
    .where(
        _conflicts.feed_id == FEED,
        _conflicts.entity_id.in_(many("ids")),
        _conflicts.state == "open",
        _conflicts.severity == "hard",
    )
    .order_by(_conflicts.opened_at, _conflicts.id)
)


def open_of_entities(session: Session, feed_id: str, entity_ids: Sequence[str]) -> list[Conflict]:
    """The open hard conflicts of these entities, oldest first."""
    if not entity_ids:
        return []
    found = rows(session, _OPEN, feed=feed_id, ids=list(entity_ids))
    return [
        Conflict(
            entity_id=row.entity_id,
            names=tuple(row.names),
            base=row.base,
            current=row.current,
            candidate=row.candidate,
            current_version=row.current_version,
            base_version=row.base_version or 0,
            operation_id=row.candidate_operation_id,
            branch_id=row.branch_id,
            id=row.id,
        )
        for row in found
    ]


def names_of_entities(session: Session, feed_id: str, entity_ids: Sequence[str]) -> dict[str, list[str]]:
    """The disputed properties of each of these entities that has any."""
    found: dict[str, list[str]] = {}
    for conflict in open_of_entities(session, feed_id, entity_ids):
        found.setdefault(conflict.entity_id, []).extend(conflict.names)
    return found


def of_operations(session: Session, feed_id: str, operation_ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """A conflict of each `(operation, entity)` that opened one and that still waits."""
    if not operation_ids:
        return {}
    found = session.execute(
        select(ConflictRow.candidate_operation_id, ConflictRow.entity_id, ConflictRow.id).where(
            ConflictRow.feed_id == feed_id,
            ConflictRow.candidate_operation_id.in_(operation_ids),
            ConflictRow.state == "open",
        )
    )
    return {(row.candidate_operation_id, row.entity_id): row.id for row in found}


def add(session: Session, opened: Sequence[dict[str, Any]]) -> None:
    """Open conflicts, or record values that lost without one."""
    if opened:
        session.execute(insert(ConflictRow), list(opened))


def end(session: Session, conflict_id: str, *, state: str, reason: str, at: int) -> None:
    """Close a conflict that needs no decision any more."""
    session.execute(
        update(ConflictRow)
        .where(ConflictRow.id == conflict_id, ConflictRow.state == "open")
        .values(state=state, reason=reason, decided_at=at, version=ConflictRow.version + 1)
        .execution_options(synchronize_session=False)
    )


def retarget(session: Session, conflict_id: str, entity_id: str, subject_id: str) -> None:
    """Move an open conflict to the record that survived a merge."""
    session.execute(
        update(ConflictRow)
        .where(ConflictRow.id == conflict_id, ConflictRow.state == "open")
        .values(entity_id=entity_id, subject_id=subject_id, version=ConflictRow.version + 1)
        .execution_options(synchronize_session=False)
    )
