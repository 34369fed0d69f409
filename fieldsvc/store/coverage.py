"""Which households were visited in a month, by village. It counts households, never people's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.tables import EntityRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class UnvisitedLine:
    """A household nobody visited in the month, and when somebody last did."""

    id: str
    area_id: str
    label: str
    properties: dict[str, Any]
    last_visit_at: int | None


def households(session: Session, feed_id: str, dataset: str, areas: Sequence[str] | None) -> dict[str, int]:
    """How many living records of `dataset` each area holds."""
    rows = session.execute(
        select(EntityRow.area_id, func.count()).where(*_living(feed_id, dataset, areas)).group_by(EntityRow.area_id)
    )
    return {area: number for area, number in rows if area is not None}


def visited(session: Session, feed_id: str, dataset: str, month: int, areas: Sequence[str] | None) -> dict[str, int]:
    """How many of them were visited in `month` (yyyymm), by the area they belong to now."""
    subjects = _visited_subjects(feed_id, month).subquery()
    rows = session.execute(
        select(EntityRow.area_id, func.count())
        .join(subjects, subjects.c.subject_id == EntityRow.id)
        .where(*_living(feed_id, dataset, areas))
        .group_by(EntityRow.area_id)
    )
    return {area: number for area, number in rows if area is not None}


def unvisited(
    session: Session, feed_id: str, dataset: str, month: int, areas: Sequence[str] | None, *, limit: int
) -> list[UnvisitedLine]:
    """Households without a visit in `month`, ordered by area and name so that a printed list is stable."""
    rows = session.execute(
        select(EntityRow.id, EntityRow.area_id, EntityRow.label, EntityRow.properties)
        .where(
            *_living(feed_id, dataset, areas),
            EntityRow.area_id.is_not(None),
            EntityRow.id.not_in(_visited_subjects(feed_id, month)),
        )
        .order_by(EntityRow.area_id, EntityRow.label, EntityRow.id)
        .limit(limit)
    ).all()
    last = last_visits(session, feed_id, [row.id for row in rows])
    return [UnvisitedLine(row.id, row.area_id, row.label, row.properties, last.get(row.id)) for row in rows]


def _living(feed_id: str, dataset: str, areas: Sequence[str] | None) -> list[ColumnElement[bool]]:
    conditions = [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
    ]
    if areas is not None:
        conditions.append(EntityRow.area_id.in_(areas))
    return conditions


def _visited_subjects(feed_id: str, month: int) -> Select[Any]:
    """Subjects with a visit that stands.

    An amendment sent in December of a November visit is no December visit, so only the first link of a chain
    counts, unless it, or the amendment that took its place, was withdrawn or rejected.
    """
    later = aliased(SubmissionRow)
    return (
        select(SubmissionRow.subject_id)
        .distinct()
        .join(
            later,
            and_(later.feed_id == SubmissionRow.feed_id, later.id == SubmissionRow.replaced_by_id),
            isouter=True,
        )
        .where(
            SubmissionRow.feed_id == feed_id,
            SubmissionRow.month == month,
            SubmissionRow.replaces_id.is_(None),
            SubmissionRow.withdrawn_at.is_(None),
            SubmissionRow.review_state != "rejected",
            # Out of scope or against a rule: stored, but not accepted before a person has looked.
            SubmissionRow.flags["review"].as_string().is_(None),
            or_(later.id.is_(None), and_(later.withdrawn_at.is_(None), later.review_state != "rejected")),
        )
    )


def last_visits(session: Session, feed_id: str, subjects: Sequence[str]) -> dict[str, int]:
    """When each of these subjects was last visited; those never visited are absent."""
    if not subjects:
        return {}
    rows = session.execute(
        select(SubmissionRow.subject_id, func.max(SubmissionRow.received_at))
        .where(
            SubmissionRow.feed_id == feed_id,
            SubmissionRow.subject_id.in_(subjects),
            SubmissionRow.withdrawn_at.is_(None),
        )
        .group_by(SubmissionRow.subject_id)
    )
    return {row[0]: row[1] for row in rows}
