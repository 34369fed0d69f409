"""Rows of a ledger that are households nobody is paired with (domain reference 3.0: no current helper), by village.

Whoever has the whole area on their phone is not paired with each of its households.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.ledger.where import CODE, HOUSEHOLD, Key, Test, Where, in_order, of_villages, passes, there
from fieldsvc.store.pairings import HELPER
from fieldsvc.store.places.keep import HOUSEHOLDS
from fieldsvc.store.tables import AreaRow, AssignmentRow


def number(session: Session, feed_id: str, at_ms: int, where: Where, tests: Sequence[Test]) -> dict[str | None, int]:
    """How many households without a helper each village that has some has at that moment."""
    query = (
        select(HOUSEHOLD.area_id, func.count().label("households"))
        .where(*_unpaired(feed_id, at_ms, where, tests))
        .group_by(HOUSEHOLD.area_id)
    )
    return {row.area_id: row.households for row in session.execute(query)}


def rows(
    session: Session,
    feed_id: str,
    at_ms: int,
    villages: Collection[str | None],
    where: Where,
    tests: Sequence[Test],
    *,
    after: Key | None = None,
    limit: int | None = None,
) -> Iterator[Any]:
    """Households of these villages without a helper: by the village's code and the household."""
    query = (
        select(
            HOUSEHOLD.id,
            HOUSEHOLD.id.label("subject_id"),
            HOUSEHOLD.properties.label("household"),
            HOUSEHOLD.area_id,
            CODE.label("code"),
        )
        .outerjoin(AreaRow, AreaRow.id == HOUSEHOLD.area_id)
        .where(*_unpaired(feed_id, at_ms, where, tests), of_villages(villages, HOUSEHOLD.area_id))
    )
    return in_order(session, query, (CODE, HOUSEHOLD.id, HOUSEHOLD.id), after, limit)


def _unpaired(feed_id: str, at_ms: int, where: Where, tests: Sequence[Test]) -> list[ColumnElement[bool]]:
    helper = select(AssignmentRow.id).where(
        AssignmentRow.feed_id == feed_id,
        AssignmentRow.subject_id == HOUSEHOLD.id,
        AssignmentRow.role == HELPER,
        AssignmentRow.from_at <= at_ms,
        or_(AssignmentRow.to_at.is_(None), AssignmentRow.to_at > at_ms),
    )
    return [
        HOUSEHOLD.feed_id == feed_id,
        HOUSEHOLD.dataset == HOUSEHOLDS,
        HOUSEHOLD.deleted.is_(False),
        HOUSEHOLD.merged_into.is_(None),
        HOUSEHOLD.practice.is_(False),
        ~helper.exists(),
        *(passes(HOUSEHOLD.properties, one) for one in tests),
        *there(feed_id, where, HOUSEHOLD.area_id, HOUSEHOLD.id),
    ]
