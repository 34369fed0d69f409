"""Files that were ordered: noted, counted while they are made, listed for whoever ordered them, forgotten in time."""

from __future__ import annotations

from collections.abc import Collection, Set
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import ExportRow

#: States in which a file may still be made or fetched.
ALIVE = ("waiting", "making", "ready")
_SHOWN = 50


def add(session: Session, **values: Any) -> None:
    """Note what is wanted."""
    session.add(ExportRow(**values))


def get(session: Session, feed_id: str, export_id: str) -> ExportRow | None:
    """One ordered file."""
    row = session.get(ExportRow, export_id)
    return row if row is not None and row.feed_id == feed_id else None


def of_person(session: Session, feed_id: str, person_id: str) -> list[ExportRow]:
    """What somebody ordered, the newest first."""
    query = select(ExportRow).where(ExportRow.feed_id == feed_id, ExportRow.by_id == person_id)
    return list(session.scalars(query.order_by(ExportRow.at.desc(), ExportRow.id.desc()).limit(_SHOWN)))


def change(session: Session, export_id: str, **values: Any) -> None:
    """Write how far it is."""
    session.execute(update(ExportRow).where(ExportRow.id == export_id).values(**values))


def over(session: Session, now_ms: int) -> list[str]:
    """The files whose time is over and that are not gone yet."""
    query = select(ExportRow.id).where(ExportRow.state.in_(ALIVE), ExportRow.expires_at <= now_ms)
    return list(session.scalars(query.limit(500)))


def alive(session: Session, export_ids: Collection[str]) -> Set[str]:
    """Which of these files may still be made or fetched."""
    query = select(ExportRow.id).where(ExportRow.id.in_(export_ids), ExportRow.state.in_(ALIVE))
    return set(session.scalars(query))
