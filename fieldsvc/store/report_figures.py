"""What a report counts, by village; and the reports whose figures were frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.amounts import hundredths
from fieldsvc.store.definitions import no_visits
from fieldsvc.store.ledger.where import is_gone
from fieldsvc.store.submissions import APART
from fieldsvc.store.tables import EntityRow, ReportRow, SubmissionRow

_AT_ONCE = 500


def visits(
    session: Session, feed_id: str, months: Sequence[int], span: tuple[int, int], areas: Sequence[str] | None
) -> dict[str, tuple[int, int]]:
    """Standing visits and visited households by area: of these months, or that began in the span (ms) without any.

    A visit still stands while it waits; a rejected, withdrawn, replaced, tried or practised one does not. It happened
    also where its household was closed since; that one is no visited household, as it is none of those there are.
    """
    table, conditions = SubmissionRow, _standing(feed_id, months, span, areas)
    visited = func.count(table.subject_id.distinct())
    rows = session.execute(select(table.area_id, func.count(), visited).where(*conditions).group_by(table.area_id))
    found = {area: (number, households) for area, number, households in rows if area is not None}
    gone = visited_and_gone(session, feed_id, months, span, areas)
    return {area: (number, households - gone.get(area, 0)) for area, (number, households) in found.items()}


def visited_and_gone(
    session: Session, feed_id: str, months: Sequence[int], span: tuple[int, int], areas: Sequence[str] | None
) -> dict[str, int]:
    """Of the households visited then those that are closed or merged since, by area.

    They are few: asked of every visit whether its household is one of them, a report would read as much again.
    """
    table, gone = SubmissionRow, select(EntityRow.id).where(EntityRow.feed_id == feed_id, is_gone())
    ids = list(session.scalars(gone.where(EntityRow.practice.is_(False), EntityRow.id == EntityRow.subject_id)))
    found: Counter[str] = Counter()
    for at in range(0, len(ids), _AT_ONCE):
        conditions = [*_standing(feed_id, months, span, areas), table.subject_id.in_(ids[at : at + _AT_ONCE])]
        visited = select(table.area_id, func.count(table.subject_id.distinct())).where(*conditions)
        for area, number in session.execute(visited.group_by(table.area_id)):
            found[area or ""] += number
    return dict(found)


def _standing(
    feed_id: str, months: Sequence[int], span: tuple[int, int], areas: Sequence[str] | None
) -> list[ColumnElement[bool]]:
    table = SubmissionRow
    when = table.month.in_(months) if months else and_(table.started_at >= span[0], table.started_at < span[1])
    conditions = [
        table.feed_id == feed_id,
        when,
        table.withdrawn_at.is_(None),
        table.replaced_by_id.is_(None),
        table.review_state.not_in((*APART, "trial", "rejected")),
        table.form_id.not_in(no_visits()),
    ]
    if areas is not None:
        # No index is to be tempted by the areas: those of the months and of the week hold all that is counted.
        conditions.append(table.area_id.concat("").in_(areas))
    return conditions


def records(
    session: Session,
    feed_id: str,
    dataset: str,
    date: str,
    days: tuple[str, str],
    areas: Sequence[str] | None,
    total: str | None,
) -> dict[str, int]:
    """Records of a dataset whose `date` lies in these days (both included), by the area of their household.

    With `total`, the sum of that property in hundredths instead of the number. They happened then, also where the
    household was closed since: what was paid in March is paid, whatever becomes of the household in November.
    """
    household = aliased(EntityRow)
    own = EntityRow.properties
    on = func.substr(func.coalesce(own[date].as_string(), ""), 1, 10)
    conditions: list[ColumnElement[bool]] = [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        household.practice.is_(False),
        on >= days[0],
        on <= days[1],
    ]
    if areas is not None:
        conditions.append(household.area_id.in_(areas))
    counted: ColumnElement[Any] = func.count()
    if total is not None:
        counted = func.coalesce(func.sum(hundredths(own[total].as_string())), 0)
    rows = session.execute(
        select(household.area_id, counted)
        .select_from(EntityRow)
        .join(household, and_(household.feed_id == EntityRow.feed_id, household.id == EntityRow.subject_id))
        .where(*conditions)
        .group_by(household.area_id)
    )
    return {area: int(number) for area, number in rows if area is not None}


def frozen(session: Session, feed_id: str, area_id: str, period: str) -> ReportRow | None:
    """The published report of an area and period."""
    return session.get(ReportRow, (feed_id, area_id, period))


def areas_of(session: Session, feed_id: str, period: str) -> set[str]:
    """The areas whose report of this period was published."""
    return set(
        session.scalars(select(ReportRow.area_id).where(ReportRow.feed_id == feed_id, ReportRow.period == period))
    )


#: (moment of the cut-off, period, area): where a published report stands in their list.
Key = tuple[int, str, str]


def published(
    session: Session, feed_id: str, areas: Sequence[str] | None, after: Key | None, limit: int
) -> list[ReportRow]:
    """Published reports after a place, the newest cut-off first."""
    order = (ReportRow.cut_off_at, ReportRow.period, ReportRow.area_id)
    query = select(ReportRow).where(ReportRow.feed_id == feed_id)
    if areas is not None:
        query = query.where(ReportRow.area_id.in_(areas))
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return list(session.scalars(query.order_by(*(one.desc() for one in order)).limit(limit)))
