"""Which households were visited in a month, by village. It counts households, never people's work.

A visit is what came in by a form that says so of itself: a paper filed, a plan, a stage of a case is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.definitions import no_visits
from fieldsvc.store.tables import EntityRow, SubmissionRow

# Written into the statement, not bound: only then do the databases see that the partial index applies.
_REJECTED: ColumnElement[str] = literal_column("'rejected'")
_TRIAL = "trial"

#: (village, name, household): where a household stands in the list of those to visit.
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class UnvisitedLine:
    """A household nobody visited in the month, and when somebody last did."""

    id: str
    area_id: str
    label: str
    properties: dict[str, Any]
    last_visit_at: int | None

    @property
    def key(self) -> Key:
        """Where this line stands in the list."""
        return self.area_id, self.label, self.id


def households(session: Session, feed_id: str, dataset: str, areas: Sequence[str] | None) -> dict[str, int]:
    """How many living records of `dataset` each area holds."""
    rows = session.execute(
        select(EntityRow.area_id, func.count()).where(*_living(feed_id, dataset, areas)).group_by(EntityRow.area_id)
    )
    return {area: number for area, number in rows if area is not None}


def visited(session: Session, feed_id: str, dataset: str, month: int, areas: Sequence[str] | None) -> dict[str, int]:
    """How many of them were visited in `month` (yyyymm), by the area they belong to now."""
    rows = session.execute(
        select(EntityRow.area_id, func.count())
        .where(*_living(feed_id, dataset, areas), _was_visited(feed_id, month))
        .group_by(EntityRow.area_id)
    )
    return {area: number for area, number in rows if area is not None}


def unvisited(
    session: Session,
    feed_id: str,
    dataset: str,
    month: int,
    areas: Sequence[str],
    *,
    after: Key | None = None,
    limit: int,
) -> list[UnvisitedLine]:
    """Households without a visit in `month`, ordered by area and name so that a printed list is stable."""
    order = (EntityRow.area_id, EntityRow.label, EntityRow.id)
    query = select(EntityRow.id, EntityRow.area_id, EntityRow.label, EntityRow.properties).where(
        *_living(feed_id, dataset, areas), ~_was_visited(feed_id, month)
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    rows = session.execute(query.order_by(*order).limit(limit)).all()
    last = last_visits(session, feed_id, [row.id for row in rows])
    return [UnvisitedLine(row.id, row.area_id, row.label, row.properties, last.get(row.id)) for row in rows]


def _living(feed_id: str, dataset: str, areas: Sequence[str] | None) -> list[ColumnElement[bool]]:
    conditions = [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        EntityRow.practice.is_(False),
    ]
    if areas is not None:
        conditions.append(EntityRow.area_id.in_(areas))
    return conditions


def _was_visited(feed_id: str, month: int) -> ColumnElement[bool]:
    """Whether the entity of the surrounding query has a visit in that month that stands.

    An amendment sent in December of a November visit is no December visit, so only the first link of a chain
    counts, unless it, or the last amendment in its place, was withdrawn or rejected. The conditions repeat those
    of an index, so that counting reads nothing but the index.
    """
    visit = select(SubmissionRow.id).where(SubmissionRow.subject_id == EntityRow.id, *_standing(feed_id, month))
    return visit.correlate(EntityRow).exists()


def _standing(feed_id: str, month: int) -> list[ColumnElement[bool]]:
    first = SubmissionRow
    return [
        first.feed_id == feed_id,
        first.month == month,
        first.replaces_id.is_(None),
        first.withdrawn_at.is_(None),
        first.review_state != _REJECTED,
        first.id.not_in(undone_by_amendment(feed_id)),
        first.id.not_in(without_effect(feed_id, month)),
        first.form_id.not_in(no_visits()),
    ]


def undone_by_amendment(feed_id: str) -> Select[Any]:
    """Submissions of which the last amendment was withdrawn or rejected, so that they do not stand either.

    Not those whose place it does not have: it took no effect, or they were somebody else's and stand again.
    """
    last, earlier = aliased(SubmissionRow), aliased(SubmissionRow)
    undone = (
        select(last.id, last.replaces_id)
        .where(
            last.feed_id == feed_id,
            last.replaces_id.is_not(None),
            last.replaced_by_id.is_(None),
            or_(last.withdrawn_at.is_not(None), last.review_state == _REJECTED),
        )
        .cte(recursive=True)
    )
    before = select(earlier.id, earlier.replaces_id).where(
        earlier.feed_id == feed_id, earlier.id == undone.c.replaces_id, earlier.replaced_by_id == undone.c.id
    )
    return select(undone.union(before).c.id)


def without_effect(feed_id: str, month: int | None = None) -> Select[Any]:
    """What was tried out, whatever amended it; and what nobody has let through, out of scope or against a rule.

    Of the latter not what was amended: its amendment took effect in its place.
    """
    visit = aliased(SubmissionRow)
    waits = and_(visit.flags["review"].as_string().is_not(None), visit.replaced_by_id.is_(None))
    found = select(visit.id).where(
        visit.feed_id == feed_id,
        visit.flags.is_not(None),
        or_(waits, visit.flags["trial"].as_string().is_not(None)),
    )
    return found if month is None else found.where(visit.month == month)


def visited_subjects(feed_id: str, month: int) -> Select[Any]:
    """The ids of all that was visited in `month`, as a part of another statement: one walk along the index."""
    return select(SubmissionRow.subject_id).where(*_standing(feed_id, month))


def last_visits(session: Session, feed_id: str, subjects: Sequence[str]) -> dict[str, int]:
    """When each of these subjects was last visited; those never visited are absent."""
    if not subjects:
        return {}
    # One seek per household from the newest end, instead of a maximum over years of visits.
    newest = (
        select(SubmissionRow.received_at)
        .where(
            SubmissionRow.feed_id == feed_id,
            SubmissionRow.subject_id == EntityRow.id,
            SubmissionRow.withdrawn_at.is_(None),
            SubmissionRow.review_state != _TRIAL,
            SubmissionRow.form_id.not_in(no_visits()),
        )
        .order_by(SubmissionRow.received_at.desc())
        .limit(1)
        .correlate(EntityRow)
        .scalar_subquery()
    )
    rows = session.execute(select(EntityRow.id, newest).where(EntityRow.feed_id == feed_id, EntityRow.id.in_(subjects)))
    return {row[0]: row[1] for row in rows if row[1] is not None}
