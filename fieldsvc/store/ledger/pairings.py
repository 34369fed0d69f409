"""Rows of a ledger that are pairings, households and their helpers: village by village."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.ledger.where import (
    CODE,
    HOUSEHOLD,
    Key,
    Where,
    household_is,
    in_order,
    of_villages,
    there,
)
from fieldsvc.store.pairings import HELPER
from fieldsvc.store.places.keep import HOUSEHOLDS
from fieldsvc.store.tables import AreaRow, AssignmentRow, PersonRow


def number(session: Session, feed_id: str, at_ms: int, where: Where) -> dict[str | None, int]:
    """How many pairings each village that has some has at that moment."""
    query = (
        select(HOUSEHOLD.area_id, func.count().label("pairs"))
        .select_from(AssignmentRow)
        .join(HOUSEHOLD, household_is(feed_id, AssignmentRow.subject_id))
        .where(*_paired(feed_id, at_ms, where))
        .group_by(HOUSEHOLD.area_id)
    )
    return {row.area_id: row.pairs for row in session.execute(query)}


def rows(
    session: Session,
    feed_id: str,
    at_ms: int,
    villages: Collection[str | None],
    where: Where,
    *,
    after: Key | None = None,
    limit: int | None = None,
) -> Iterator[Any]:
    """Households of these villages and their helpers as they are then: by the village's code, household and pairing."""
    query = (
        select(
            AssignmentRow.id,
            AssignmentRow.subject_id,
            AssignmentRow.from_at,
            PersonRow.name,
            PersonRow.unit,
            HOUSEHOLD.properties.label("household"),
            HOUSEHOLD.area_id,
            CODE.label("code"),
        )
        .join(HOUSEHOLD, household_is(feed_id, AssignmentRow.subject_id))
        .outerjoin(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .outerjoin(AreaRow, AreaRow.id == HOUSEHOLD.area_id)
        .where(*_paired(feed_id, at_ms, where), of_villages(villages, HOUSEHOLD.area_id))
    )
    return in_order(session, query, (CODE, AssignmentRow.subject_id, AssignmentRow.id), after, limit)


def _paired(feed_id: str, at_ms: int, where: Where) -> list[ColumnElement[bool]]:
    conditions = [
        AssignmentRow.feed_id == feed_id,
        AssignmentRow.role == HELPER,
        AssignmentRow.from_at <= at_ms,
        or_(AssignmentRow.to_at.is_(None), AssignmentRow.to_at > at_ms),
        # Said as the index of living households says it: a county's pairings are counted from two indexes alone.
        HOUSEHOLD.dataset == HOUSEHOLDS,
        HOUSEHOLD.deleted.is_(False),
        HOUSEHOLD.merged_into.is_(None),
        HOUSEHOLD.practice.is_(False),
    ]
    return [*conditions, *there(feed_id, where, HOUSEHOLD.area_id, HOUSEHOLD.id)]
