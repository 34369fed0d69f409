"""The rows of a ledger, a page at a time, and what they add up to. Everything is asked of the database in one go.

Rows of records stand by village, household and id; rows of submissions as they stand in the log. Pages are keyed by
the last row, never by an offset, so that a row that arrives meanwhile is not read twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from fieldsvc.store.amounts import hundredths
from fieldsvc.store.places import read as places
from fieldsvc.store.places.read import Box
from fieldsvc.store.submissions import PRACTICE
from fieldsvc.store.tables import AreaRow, AssignmentRow, EntityRow, PersonRow, SubmissionRow

_AT_ONCE = 500
#: The household a row is about.
_HOUSEHOLD = aliased(EntityRow, name="household")


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on a property: `how` is in, not_in, has or filled; a date property may be held against a month."""

    of: str
    how: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Where:
    """Which households a ledger is of: of these areas (None: all), and those that lie in a box drawn on the map."""

    areas: Sequence[str] | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """How many rows, how many of them pass each share, and each total in hundredths so that fen stay exact."""

    rows: int
    shares: Sequence[int]
    totals: Sequence[int]


def of_dataset(
    session: Session,
    feed_id: str,
    dataset: str,
    where: Where,
    tests: Iterable[Test],
    *,
    after: tuple[str, str, str] | None = None,
    limit: int | None = None,
) -> Iterator[Any]:
    """Living records with their household: by area code, household and id."""
    code = func.coalesce(AreaRow.code, "")
    order = (code, EntityRow.subject_id, EntityRow.id)
    query = (
        select(
            EntityRow.id,
            EntityRow.subject_id,
            EntityRow.properties.label("own"),
            _HOUSEHOLD.properties.label("household"),
            _HOUSEHOLD.area_id,
            code.label("code"),
        )
        .join(_HOUSEHOLD, _is_household(EntityRow))
        .outerjoin(AreaRow, AreaRow.id == _HOUSEHOLD.area_id)
        .where(*_living(feed_id, dataset, where), *(_passes(EntityRow.properties, one) for one in tests))
        .order_by(*order)
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return _stream(session, query, limit)


def sums_of_dataset(
    session: Session,
    feed_id: str,
    dataset: str,
    where: Where,
    tests: Iterable[Test],
    shares: Sequence[Sequence[Test]],
    totals: Sequence[str],
) -> Sums:
    """What all rows of such a ledger come to, counted in one statement."""
    own = EntityRow.properties
    parts = [func.count(case((and_(*(_passes(own, one) for one in share)), 1))) for share in shares]
    amounts = [func.coalesce(func.sum(hundredths(own[name].as_string())), 0) for name in totals]
    query = (
        select(func.count(), *parts, *amounts)
        .select_from(EntityRow)
        .join(_HOUSEHOLD, _is_household(EntityRow))
        .where(*_living(feed_id, dataset, where), *(_passes(own, one) for one in tests))
    )
    rows, *rest = session.execute(query).one()
    return Sums(rows, [int(one) for one in rest[: len(parts)]], [int(one) for one in rest[len(parts) :]])


def of_form(
    session: Session,
    feed_id: str,
    form_id: str,
    month: int,
    where: Where,
    holds: Sequence[str],
    *,
    after: tuple[int, str] | None = None,
    limit: int | None = None,
) -> Iterator[Any]:
    """Standing submissions of a month, newest first; `holds` is the path of a repeat that must be there."""
    order = (SubmissionRow.received_at, SubmissionRow.id)
    query = (
        select(
            SubmissionRow.id,
            SubmissionRow.subject_id,
            SubmissionRow.answers,
            SubmissionRow.started_at,
            SubmissionRow.received_at,
            SubmissionRow.review_state,
            _HOUSEHOLD.properties.label("household"),
            _HOUSEHOLD.area_id,
            PersonRow.name.label("author"),
        )
        .join(_HOUSEHOLD, and_(_HOUSEHOLD.feed_id == feed_id, _HOUSEHOLD.id == SubmissionRow.subject_id))
        .outerjoin(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(*_standing(feed_id, form_id, month, where, holds))
        .order_by(*(one.desc() for one in order))
    )
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return _stream(session, query, limit)


def number_of_form(session: Session, feed_id: str, form_id: str, month: int, where: Where, holds: Sequence[str]) -> int:
    """How many submissions those are."""
    query = select(func.count()).select_from(SubmissionRow).where(*_standing(feed_id, form_id, month, where, holds))
    return session.scalar(query) or 0


def pairings(
    session: Session,
    feed_id: str,
    at_ms: int,
    where: Where,
    *,
    after: tuple[str, str, str] | None = None,
    limit: int | None = None,
) -> Iterator[Any]:
    """Households and their helpers as they are at that moment: by area code, household and pairing."""
    code = func.coalesce(AreaRow.code, "")
    order = (code, AssignmentRow.subject_id, AssignmentRow.id)
    query = (
        select(
            AssignmentRow.id,
            AssignmentRow.subject_id,
            AssignmentRow.from_at,
            PersonRow.name,
            PersonRow.unit,
            _HOUSEHOLD.properties.label("household"),
            _HOUSEHOLD.area_id,
            code.label("code"),
        )
        .join(_HOUSEHOLD, and_(_HOUSEHOLD.feed_id == feed_id, _HOUSEHOLD.id == AssignmentRow.subject_id))
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .outerjoin(AreaRow, AreaRow.id == _HOUSEHOLD.area_id)
        .where(*_paired(feed_id, at_ms, where))
        .order_by(*order)
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return _stream(session, query, limit)


def number_of_pairings(session: Session, feed_id: str, at_ms: int, where: Where) -> int:
    """How many pairings those are."""
    query = (
        select(func.count())
        .select_from(AssignmentRow)
        .join(_HOUSEHOLD, and_(_HOUSEHOLD.feed_id == feed_id, _HOUSEHOLD.id == AssignmentRow.subject_id))
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .where(*_paired(feed_id, at_ms, where))
    )
    return session.scalar(query) or 0


def _is_household(row: type[EntityRow]) -> ColumnElement[bool]:
    return and_(_HOUSEHOLD.feed_id == row.feed_id, _HOUSEHOLD.id == row.subject_id)


def _living(feed_id: str, dataset: str, where: Where) -> list[ColumnElement[bool]]:
    conditions = [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        *_household_is_real(),
    ]
    return [*conditions, *_there(feed_id, where, _HOUSEHOLD.area_id, _HOUSEHOLD.id)]


def _household_is_real() -> list[ColumnElement[bool]]:
    """Neither a household to learn with, nor one that is gone or was merged into another."""
    return [_HOUSEHOLD.practice.is_(False), _HOUSEHOLD.deleted.is_(False), _HOUSEHOLD.merged_into.is_(None)]


def _standing(feed_id: str, form_id: str, month: int, where: Where, holds: Sequence[str]) -> list[ColumnElement[bool]]:
    """Neither withdrawn, nor replaced by an amendment, nor rejected, nor made to learn or to try a form."""
    conditions = [
        SubmissionRow.feed_id == feed_id,
        SubmissionRow.form_id == form_id,
        SubmissionRow.month == month,
        SubmissionRow.withdrawn_at.is_(None),
        SubmissionRow.replaced_by_id.is_(None),
        SubmissionRow.review_state.not_in((PRACTICE, "trial", "rejected")),
    ]
    if holds:
        conditions.append(func.coalesce(SubmissionRow.answers[tuple(holds)].as_string(), "[]") != "[]")
    # No index is to be tempted by the areas: the one of the form and the month is in the ledger's order and holds them.
    return [*conditions, *_there(feed_id, where, SubmissionRow.area_id.concat(""), SubmissionRow.subject_id)]


def _paired(feed_id: str, at_ms: int, where: Where) -> list[ColumnElement[bool]]:
    conditions = [
        AssignmentRow.feed_id == feed_id,
        AssignmentRow.role == "cadre",
        AssignmentRow.from_at <= at_ms,
        or_(AssignmentRow.to_at.is_(None), AssignmentRow.to_at > at_ms),
        *_household_is_real(),
    ]
    return [*conditions, *_there(feed_id, where, _HOUSEHOLD.area_id, _HOUSEHOLD.id)]


def _there(feed_id: str, where: Where, area: Any, household: Any) -> Iterator[ColumnElement[bool]]:
    if where.areas is not None:
        yield area.in_(where.areas)
    if where.box is not None:
        yield household.in_(places.within(feed_id, where.box))


def _passes(own: InstrumentedAttribute[dict[str, Any]], test: Test) -> ColumnElement[bool]:
    value = func.coalesce(own[test.of].as_string(), "")
    match test.how:
        case "in":
            return value.in_(sorted(test.values))
        case "not_in":
            return value.not_in(sorted(test.values))
        case "has":
            padded = literal(" ") + value + literal(" ")
            return or_(*(padded.contains(f" {one} ", autoescape=True) for one in sorted(test.values)))
        case "month":
            return or_(*(value.startswith(one, autoescape=True) for one in sorted(test.values)))
        case _:
            return value != "" if "yes" in test.values else value == ""


def _stream(session: Session, query: Select[Any], limit: int | None) -> Iterator[Any]:
    if limit is not None:
        return iter(session.execute(query.limit(limit)).all())
    return iter(session.execute(query, execution_options={"yield_per": _AT_ONCE}))
