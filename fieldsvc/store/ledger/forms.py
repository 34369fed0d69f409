"""Rows of a ledger that are submissions of one form and month, as they stand in the log.

Pages are keyed by the last row, never by an offset, so that a row that arrives meanwhile is not read twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from fieldsvc.store.ledger.where import HOUSEHOLD, Where, household_is, stream, there
from fieldsvc.store.submissions import APART
from fieldsvc.store.tables import PersonRow, SubmissionRow


def rows(
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
            HOUSEHOLD.properties.label("household"),
            HOUSEHOLD.area_id,
            PersonRow.name.label("author"),
        )
        .join(HOUSEHOLD, household_is(feed_id, SubmissionRow.subject_id))
        .outerjoin(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(*_standing(feed_id, form_id, month, where, holds))
        .order_by(*(one.desc() for one in order))
    )
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return stream(session, query, limit)


def number(session: Session, feed_id: str, form_id: str, month: int, where: Where, holds: Sequence[str]) -> int:
    """How many submissions those are."""
    query = select(func.count()).select_from(SubmissionRow).where(*_standing(feed_id, form_id, month, where, holds))
    return session.scalar(query) or 0


def _standing(feed_id: str, form_id: str, month: int, where: Where, holds: Sequence[str]) -> list[ColumnElement[bool]]:
    """Neither withdrawn, nor replaced by an amendment, nor rejected, nor made to learn or to try a form."""
    conditions = [
        SubmissionRow.feed_id == feed_id,
        SubmissionRow.form_id == form_id,
        SubmissionRow.month == month,
        SubmissionRow.withdrawn_at.is_(None),
        SubmissionRow.replaced_by_id.is_(None),
        SubmissionRow.review_state.not_in((*APART, "trial", "rejected")),
    ]
    if holds:
        conditions.append(func.coalesce(SubmissionRow.answers[tuple(holds)].as_string(), "[]") != "[]")
    # No index is to be tempted by the areas: the one of the form and the month is in the ledger's order and holds them.
    return [*conditions, *there(feed_id, where, SubmissionRow.area_id.concat(""), SubmissionRow.subject_id)]
