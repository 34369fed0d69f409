"""What of a household still waits for somebody: conflicts, changes, visits nobody has decided about, by household."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldsvc.store.operations import IS_WAITING
from fieldsvc.store.tables import ConflictRow, OperationRow, SubmissionRow

#: What a visit is until somebody has said what comes of it. 存疑 asks for another one.
_UNDECIDED = ("waiting", "passed", "returned", "doubt")


def conflicts(session: Session, feed_id: str, subjects: Collection[str]) -> dict[str, int]:
    """Open conflicts of these households, also those that were put aside."""
    table = ConflictRow
    return _numbers(session, feed_id, table, subjects, table.state == "open", table.severity == "hard")


def operations(session: Session, feed_id: str, subjects: Collection[str]) -> dict[str, int]:
    """What was sent about these households and waits."""
    return _numbers(session, feed_id, OperationRow, subjects, IS_WAITING)


def visits(session: Session, feed_id: str, subjects: Collection[str]) -> dict[str, int]:
    """Forms about these households nobody has decided about; one that waits as a change is not counted again."""
    table = SubmissionRow
    waits = select(OperationRow.id).where(OperationRow.feed_id == feed_id, IS_WAITING, OperationRow.id == table.id)
    undecided = (table.review_state.in_(_UNDECIDED), table.replaced_by_id.is_(None), table.withdrawn_at.is_(None))
    return _numbers(session, feed_id, table, subjects, *undecided, ~waits.exists())


def _numbers(
    session: Session, feed_id: str, table: Any, subjects: Collection[str], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    if not subjects:
        return {}
    query = select(table.subject_id, func.count()).where(
        table.feed_id == feed_id, table.subject_id.in_(list(subjects)), *conditions
    )
    return {str(subject): number for subject, number in session.execute(query.group_by(table.subject_id))}
