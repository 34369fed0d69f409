"""The conflict queue: values that differ, who wrote them, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import ConflictRow, EntityRow

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Only:
    """A part of the queue: what was put aside or what was not, or what was handed to one person."""

    held: bool | None = None
    assignee_id: str | None = None


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """One household with something to decide: since when, and how many values."""

    subject_id: str
    label: str
    area_id: str | None
    opened_at: int
    number: int

    @property
    def key(self) -> Key:
        """Where this household stands in the queue."""
        return self.opened_at, self.subject_id


def get(session: Session, feed_id: str, conflict_id: str) -> ConflictRow | None:
    """One conflict, whatever its state."""
    row = session.get(ConflictRow, conflict_id)
    return row if row is not None and row.feed_id == feed_id else None


def queue(
    session: Session,
    feed_id: str,
    areas: Sequence[str] | None,
    *,
    after: Key | None = None,
    limit: int = 50,
    only: Only | None = None,
) -> list[QueueGroup]:
    """Households with open hard conflicts, the longest waiting first, after `after`."""
    opened = func.min(ConflictRow.opened_at)
    query = (
        select(ConflictRow.subject_id, EntityRow.label, EntityRow.area_id, opened, func.count())
        .join(
            EntityRow,
            and_(EntityRow.feed_id == ConflictRow.feed_id, EntityRow.id == ConflictRow.subject_id),
            isouter=True,
        )
        .where(ConflictRow.feed_id == feed_id, *_OPEN, EntityRow.practice.is_not(True))
        .group_by(ConflictRow.subject_id, EntityRow.label, EntityRow.area_id)
        .order_by(opened, ConflictRow.subject_id)
        .limit(limit)
    )
    query = query.where(*_among(only))
    if areas is not None:
        query = query.where(EntityRow.area_id.in_(areas))
    if after is not None:
        query = query.having(tuple_(opened, ConflictRow.subject_id) > tuple_(*after))
    return [QueueGroup(row[0], row[1] or "", row[2], row[3], row[4]) for row in session.execute(query)]


def open_number(session: Session, feed_id: str, areas: Sequence[str] | None, only: Only | None = None) -> int:
    """How many open hard conflicts wait in these areas (None: in the whole feed)."""
    query = (
        select(func.count())
        .select_from(ConflictRow)
        .join(
            EntityRow,
            and_(EntityRow.feed_id == ConflictRow.feed_id, EntityRow.id == ConflictRow.subject_id),
            isouter=True,
        )
        .where(ConflictRow.feed_id == feed_id, *_OPEN, *_among(only), EntityRow.practice.is_not(True))
    )
    if areas is not None:
        query = query.where(EntityRow.area_id.in_(areas))
    return session.scalar(query) or 0


def of_subjects(
    session: Session, feed_id: str, subjects: Sequence[str], *, only_open: bool = True, only: Only | None = None
) -> list[ConflictRow]:
    """The hard conflicts of these households, oldest first."""
    if not subjects:
        return []
    query = select(ConflictRow).where(
        ConflictRow.feed_id == feed_id,
        ConflictRow.subject_id.in_(subjects),
        ConflictRow.severity == "hard",
        *_among(only),
    )
    if only_open:
        query = query.where(ConflictRow.state == "open")
    return list(session.scalars(query.order_by(ConflictRow.opened_at, ConflictRow.id)))


def settled_of_subject(session: Session, feed_id: str, subject_id: str, *, limit: int = 200) -> list[ConflictRow]:
    """What was decided about one household, by a person or by merging, the newest first."""
    return list(
        session.scalars(
            select(ConflictRow)
            .where(ConflictRow.feed_id == feed_id, ConflictRow.subject_id == subject_id, ConflictRow.state != "open")
            .order_by(ConflictRow.opened_at.desc(), ConflictRow.id.desc())
            .limit(limit)
        )
    )


def of_entity(session: Session, feed_id: str, entity_id: str) -> list[ConflictRow]:
    """Open hard conflicts about one entity, oldest first."""
    return list(
        session.scalars(
            select(ConflictRow)
            .where(ConflictRow.feed_id == feed_id, ConflictRow.entity_id == entity_id, *_OPEN)
            .order_by(ConflictRow.opened_at, ConflictRow.id)
        )
    )


def of_operation(session: Session, feed_id: str, operation_id: str, entity_ids: Sequence[str]) -> list[ConflictRow]:
    """Conflicts that one operation opened on these entities, in any state."""
    return list(
        session.scalars(
            select(ConflictRow)
            .where(
                ConflictRow.feed_id == feed_id,
                ConflictRow.entity_id.in_(entity_ids),
                ConflictRow.candidate_operation_id == operation_id,
            )
            .order_by(ConflictRow.opened_at, ConflictRow.id)
        )
    )


def operations_in_conflict(session: Session, feed_id: str, operation_ids: Sequence[str]) -> set[str]:
    """Those of these operations whose values stand on either side of an open hard conflict."""
    candidate, current = ConflictRow.candidate_operation_id, ConflictRow.current_operation_id
    rows = session.execute(
        select(candidate, current).where(
            ConflictRow.feed_id == feed_id, *_OPEN, or_(candidate.in_(operation_ids), current.in_(operation_ids))
        )
    )
    return {one for row in rows for one in row if one} & set(operation_ids)


def move(session: Session, conflict_id: str, *, seen_version: int, **values: Any) -> bool:
    """Put an open conflict aside, hand it to somebody, or take that back; False when somebody was quicker."""
    done = session.execute(
        update(ConflictRow)
        .where(ConflictRow.id == conflict_id, ConflictRow.state == "open", ConflictRow.version == seen_version)
        .values(**values, version=seen_version + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0) == 1)


def close(
    session: Session,
    conflict_id: str,
    *,
    seen_version: int,
    state: str,
    choice: str | None,
    value: dict[str, Any] | None,
    reason: str | None,
    at: int,
    by_id: str,
) -> bool:
    """Decide an open conflict if nobody did since it was read; False when somebody was quicker."""
    done = session.execute(
        update(ConflictRow)
        .where(ConflictRow.id == conflict_id, ConflictRow.state == "open", ConflictRow.version == seen_version)
        .values(
            state=state,
            choice=choice,
            value=value,
            reason=reason,
            decided_at=at,
            decided_by_id=by_id,
            version=seen_version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0) == 1)


_OPEN = (ConflictRow.state == "open", ConflictRow.severity == "hard")


def _among(only: Only | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if only is not None and only.held is not None:
        found.append(ConflictRow.held_at.is_not(None) if only.held else ConflictRow.held_at.is_(None))
    if only is not None and only.assignee_id is not None:
        found.append(ConflictRow.assignee_id == only.assignee_id)
    return found
