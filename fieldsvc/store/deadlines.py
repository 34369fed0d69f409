"""Deadlines that run: one row for each clock of each record, found by the day they are due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, select, tuple_
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.run import table, write_all
from fieldsvc.store.tables import DeadlineRow, EntityRow

Key = tuple[str, str, str]
_INSERT = insert(table(DeadlineRow))


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline with the record it is of, and whose household."""

    entity_id: str
    clock: str
    due: str
    dataset: str
    label: str
    properties: dict[str, Any]
    subject_id: str
    subject: str
    area_id: str | None

    @property
    def key(self) -> Key:
        """Where this line stands in the list."""
        return self.due, self.entity_id, self.clock


def replace(session: Session, feed_id: str, entity_ids: Collection[str], rows: Sequence[dict[str, Any]]) -> None:
    """Let these rows be the deadlines of these records."""
    if entity_ids:
        session.execute(
            delete(DeadlineRow).where(DeadlineRow.feed_id == feed_id, DeadlineRow.entity_id.in_(list(entity_ids)))
        )
    write_all(session, _INSERT, [{"feed_id": feed_id, **row} for row in rows])


def number(session: Session, feed_id: str, areas: Sequence[str] | None, since: str, until: str) -> int:
    """How many are due from one day until another, both included."""
    query = select(func.count()).where(DeadlineRow.feed_id == feed_id, DeadlineRow.due.between(since, until))
    return session.scalar(query if areas is None else query.where(DeadlineRow.area_id.in_(areas))) or 0


def page(
    session: Session,
    feed_id: str,
    areas: Sequence[str] | None,
    until: str,
    *,
    after: Key | None = None,
    limit: int = 50,
) -> list[Line]:
    """What is due until that day, the longest overdue first."""
    subject = aliased(EntityRow)
    query: Select[Any] = (
        select(
            DeadlineRow.entity_id,
            DeadlineRow.clock,
            DeadlineRow.due,
            DeadlineRow.dataset,
            EntityRow.label,
            EntityRow.properties,
            DeadlineRow.subject_id,
            subject.label.label("subject"),
            DeadlineRow.area_id,
        )
        .join(EntityRow, and_(EntityRow.feed_id == DeadlineRow.feed_id, EntityRow.id == DeadlineRow.entity_id))
        .join(
            subject,
            and_(subject.feed_id == DeadlineRow.feed_id, subject.id == DeadlineRow.subject_id),
            isouter=True,
        )
        .where(DeadlineRow.feed_id == feed_id, DeadlineRow.due <= until)
    )
    if areas is not None:
        query = query.where(DeadlineRow.area_id.in_(areas))
    keys = (DeadlineRow.due, DeadlineRow.entity_id, DeadlineRow.clock)
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    return [Line(*row) for row in session.execute(query.order_by(*keys).limit(limit))]


def living(session: Session, feed_id: str, dataset: str, after: str, limit: int) -> list[EntityRow]:
    """The next records of a dataset by id, for counting their deadlines anew."""
    query = select(EntityRow).where(
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        EntityRow.id > after,
    )
    return list(session.scalars(query.order_by(EntityRow.id).limit(limit)))


def forget_all(session: Session, feed_id: str) -> None:
    """Remove every deadline of a feed."""
    session.execute(delete(DeadlineRow).where(DeadlineRow.feed_id == feed_id))
