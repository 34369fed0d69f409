"""Which rows a ledger is of, and the household each row is about.

A record lies where its household lies, so ledgers of records and of pairings are walked village by village: what they
come to is counted for each village, and only the villages that a page lies in are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from fieldsvc.store.places import read as places
from fieldsvc.store.places.read import Box
from fieldsvc.store.tables import AreaRow, EntityRow

#: (code of the village, household, row): where a row of records or pairings stands in its ledger.
Key = tuple[str, str, str]
#: The household a row is about.
HOUSEHOLD = aliased(EntityRow, name="household")
#: The code of the village it lies in; what lies in none comes first.
CODE = func.coalesce(AreaRow.code, "")
_AT_ONCE = 500


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


def household_is(feed_id: str, subject: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """That the household is the one a row is about."""
    return and_(HOUSEHOLD.feed_id == feed_id, HOUSEHOLD.id == subject)


def is_gone() -> ColumnElement[bool]:
    """One to learn with, or one that is deleted or was merged into another; written as its index is."""
    return or_(EntityRow.deleted.is_(True), EntityRow.merged_into.is_not(None), EntityRow.practice.is_(True))


def household_is_real(feed_id: str, subject: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """That the household a row is about counts: the few that do not are looked up once, not every other one by one."""
    return subject.not_in(select(EntityRow.id).where(EntityRow.feed_id == feed_id, is_gone()).correlate(None))


def there(feed_id: str, where: Where, area: Any, household: Any) -> Iterator[ColumnElement[bool]]:
    """That a row lies where it is asked for."""
    if where.areas is not None:
        yield area.in_(where.areas)
    if where.box is not None:
        yield household.in_(places.within(feed_id, where.box))


def of_villages(villages: Collection[str | None], area: Any) -> ColumnElement[bool]:
    """That a row lies in one of these villages; None stands for none."""
    named = [one for one in villages if one is not None]
    return or_(area.in_(named) if named else false(), area.is_(None) if None in villages else false())


def passes(own: InstrumentedAttribute[dict[str, Any]], test: Test) -> ColumnElement[bool]:
    """That a record passes a test."""
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


def in_order(
    session: Session, query: Select[Any], order: Sequence[Any], after: Key | None, limit: int | None
) -> Iterator[Any]:
    """The rows after a place in their order: so many, or all of them in batches."""
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return stream(session, query.order_by(*order), limit)


def stream(session: Session, query: Select[Any], limit: int | None) -> Iterator[Any]:
    """Rows as they come: so many, or all of them in batches."""
    if limit is not None:
        return iter(session.execute(query.limit(limit)).all())
    return iter(session.execute(query, execution_options={"yield_per": _AT_ONCE}))
