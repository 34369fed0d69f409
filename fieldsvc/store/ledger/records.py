"""Rows of a ledger that are living records, and what they come to: village by village."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from fieldsvc.store.amounts import hundredths
from fieldsvc.store.ledger.where import (
    CODE,
    HOUSEHOLD,
    Key,
    Sums,
    Test,
    Where,
    household_is,
    household_is_real,
    in_order,
    of_villages,
    passes,
    there,
)
from fieldsvc.store.tables import AreaRow, EntityRow


def sums(
    session: Session,
    feed_id: str,
    dataset: str,
    where: Where,
    tests: Iterable[Test],
    shares: Sequence[Sequence[Test]],
    totals: Sequence[str],
    villages: Collection[str | None] | None = None,
) -> dict[str | None, Sums]:
    """What the rows of each village (of these, or of all) come to that has some, counted in one statement."""
    own = EntityRow.properties
    parts = [func.count(case((and_(*(passes(own, one) for one in share)), 1))) for share in shares]
    amounts = [func.coalesce(func.sum(hundredths(own[name].as_string())), 0) for name in totals]
    query = (
        select(EntityRow.area_id, func.count(), *parts, *amounts)
        .where(*_living(feed_id, dataset, where), *(passes(own, one) for one in tests))
        .group_by(EntityRow.area_id)
    )
    if villages is not None:
        query = query.where(of_villages(villages, EntityRow.area_id))
    found: dict[str | None, Sums] = {}
    for area, number, *rest in session.execute(query):
        counts = [int(one) for one in rest]
        found[area] = Sums(number, counts[: len(parts)], counts[len(parts) :])
    return found


def rows(
    session: Session,
    feed_id: str,
    dataset: str,
    villages: Collection[str | None],
    where: Where,
    tests: Iterable[Test],
    *,
    after: Key | None = None,
    limit: int | None = None,
) -> Iterator[Any]:
    """Living records of these villages with their household: by the village's code, household and id."""
    query = (
        select(
            EntityRow.id,
            EntityRow.subject_id,
            EntityRow.properties.label("own"),
            HOUSEHOLD.properties.label("household"),
            HOUSEHOLD.area_id,
            CODE.label("code"),
        )
        .join(HOUSEHOLD, household_is(feed_id, EntityRow.subject_id))
        .outerjoin(AreaRow, AreaRow.id == EntityRow.area_id)
        .where(
            *_living(feed_id, dataset, where),
            of_villages(villages, EntityRow.area_id),
            *(passes(EntityRow.properties, one) for one in tests),
        )
    )
    return in_order(session, query, (CODE, EntityRow.subject_id, EntityRow.id), after, limit)


def _living(feed_id: str, dataset: str, where: Where) -> list[ColumnElement[bool]]:
    conditions = [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        EntityRow.practice.is_(False),
        household_is_real(feed_id, EntityRow.subject_id),
    ]
    return [*conditions, *there(feed_id, where, EntityRow.area_id, EntityRow.subject_id)]
