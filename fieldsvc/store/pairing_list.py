"""Pairings as a sheet names them, some hundred at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.pairings import HELPER
from fieldsvc.store.run import table, write_all
from fieldsvc.store.tables import AssignmentRow


def open_pairs(session: Session, feed_id: str, subject_ids: Sequence[str]) -> dict[tuple[str, str], AssignmentRow]:
    """Who helps these households now, by household and person."""
    rows = session.scalars(
        select(AssignmentRow).where(
            AssignmentRow.feed_id == feed_id,
            AssignmentRow.subject_id.in_(list(subject_ids)),
            AssignmentRow.role == HELPER,
            AssignmentRow.to_pos.is_(None),
        )
    )
    return {(str(row.subject_id), row.person_id): row for row in rows}


def get(session: Session, feed_id: str, assignment_id: str) -> AssignmentRow | None:
    """One pairing."""
    row = session.get(AssignmentRow, assignment_id)
    return row if row is not None and row.feed_id == feed_id else None


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Record pairings."""
    blank = {"area_id": None, "from_pos": None, "to_pos": None, "reason": None}
    write_all(session, insert(table(AssignmentRow)), [{**blank, **row} for row in rows])


def set_end(session: Session, assignment_id: str, to_at: int | None) -> None:
    """Give a pairing another last moment."""
    session.execute(update(AssignmentRow).where(AssignmentRow.id == assignment_id).values(to_at=to_at))
