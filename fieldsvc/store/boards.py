"""Counts behind the boards: living records of one kind by area and code, in a few grouped statements however many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.ledger.where import household_is_real
from fieldsvc.store.tables import DeadlineRow, EntityRow

Key = tuple[str, str]
#: An area, a value of a property there ("" for none), and how many living records have it.
Count = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a board with the household it is of."""

    id: str
    label: str
    properties: dict[str, Any]
    subject_id: str
    subject: str
    hamlet: str
    area_id: str | None

    @property
    def key(self) -> Key:
        """Where this line stands in the list."""
        return self.subject, self.id


def counts(
    session: Session, feed_id: str, dataset: str, name: str, areas: Sequence[str] | None, where: dict[str, str]
) -> list[Count]:
    """How many records of each area have each value of a property."""
    value = func.coalesce(EntityRow.properties[name].as_string(), "")
    query = (
        select(EntityRow.area_id, value, func.count())
        .where(*_living(feed_id, dataset, areas), *_equal(where))
        .group_by(EntityRow.area_id, value)
    )
    return [(area or "", str(found), number) for area, found, number in session.execute(query)]


def overdue(session: Session, feed_id: str, dataset: str, today: str, areas: Sequence[str] | None) -> dict[str, int]:
    """How many records of each area have a deadline that is over."""
    query = (
        select(DeadlineRow.area_id, func.count(DeadlineRow.entity_id.distinct()))
        .join(EntityRow, and_(EntityRow.feed_id == DeadlineRow.feed_id, EntityRow.id == DeadlineRow.entity_id))
        .where(DeadlineRow.dataset == dataset, DeadlineRow.due < today, *_living(feed_id, dataset, areas))
        .group_by(DeadlineRow.area_id)
    )
    return {area or "": number for area, number in session.execute(query)}


def page(
    session: Session,
    feed_id: str,
    dataset: str,
    areas: Sequence[str] | None,
    where: dict[str, str],
    *,
    overdue_on: str | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[Line]:
    """Records with these values, by their household's name; `overdue_on`: those alone whose deadline is over then."""
    home = aliased(EntityRow)
    query = (
        select(
            EntityRow.id,
            EntityRow.label,
            EntityRow.properties,
            EntityRow.subject_id,
            home.label.label("subject"),
            func.coalesce(home.properties["hamlet"].as_string(), "").label("hamlet"),
            EntityRow.area_id,
        )
        .join(home, and_(home.feed_id == EntityRow.feed_id, home.id == EntityRow.subject_id))
        .where(*_living(feed_id, dataset, areas), *_equal(where))
    )
    if overdue_on is not None:
        over = select(DeadlineRow.entity_id).where(DeadlineRow.feed_id == feed_id, DeadlineRow.due < overdue_on)
        query = query.where(EntityRow.id.in_(over))
    if after is not None:
        query = query.where(tuple_(home.label, EntityRow.id) > tuple_(*after))
    rows = session.execute(query.order_by(home.label, EntityRow.id).limit(limit))
    return [Line(*row) for row in rows]


def _living(feed_id: str, dataset: str, areas: Sequence[str] | None) -> list[ColumnElement[bool]]:
    conditions = [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        EntityRow.practice.is_(False),
        # What is in a practice household, or in one that was closed, is a record like any other; that alone is marked.
        household_is_real(feed_id, EntityRow.subject_id),
    ]
    return conditions if areas is None else [*conditions, EntityRow.area_id.in_(areas)]


def _equal(where: dict[str, str]) -> list[ColumnElement[bool]]:
    return [func.coalesce(EntityRow.properties[name].as_string(), "") == value for name, value in where.items()]
