"""Amendments: which visit has another in its place, and which still waits or was refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.operations import KNOWN, Receipted
from fieldsvc.store.run import FEED, columns, many, rows, table
from fieldsvc.store.tables import OperationRow, SubmissionRow
from sync.model import Status

_operations, _submissions = columns(OperationRow), columns(SubmissionRow)
_WITHOUT_EFFECT = KNOWN.where(_operations.status.in_([Status.HELD, Status.REVIEW, Status.REFUSED]))


def without_effect(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Receipted]:
    """Those of these operations that wait or were refused, by id: of the many that took effect no bytes are read."""
    found = rows(session, _WITHOUT_EFFECT, feed=feed_id, ids=list(ids)) if ids else ()
    return {row.id: Receipted(*row) for row in found}


@dataclass(frozen=True, slots=True)
class Amendment:
    """A visit that stands in the place of another: which, whose, about whom, and whether it was taken back."""

    id: str
    author_id: str
    subject_id: str
    withdrawn: bool = False


_AMENDED = (
    select(
        _submissions.replaces_id,
        _submissions.id,
        _submissions.author_id,
        _submissions.subject_id,
        _submissions.withdrawn_at,
    )
    .select_from(
        table(SubmissionRow).join(
            table(OperationRow),
            and_(_operations.feed_id == _submissions.feed_id, _operations.id == _submissions.id),
        )
    )
    .where(
        _submissions.feed_id == FEED,
        _submissions.replaces_id.is_not(None),  # for its index
        _submissions.replaces_id.in_(many("ids")),
        or_(
            _operations.status.in_([Status.APPLIED, Status.MERGED, Status.CONFLICT]),
            _submissions.replaced_by_id.is_not(None),
            _submissions.withdrawn_at.is_not(None),
        ),
    )
    .order_by(_submissions.withdrawn_at.is_(None), _submissions.received_at, _submissions.id)
)


def amended(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Amendment]:
    """The amendments of these visits that took effect, or of which the amendment did, or that were taken back.

    The last one of each visit that stands, if one does.
    """
    found = rows(session, _AMENDED, feed=feed_id, ids=list(ids)) if ids else ()
    return {
        row.replaces_id: Amendment(row.id, row.author_id, row.subject_id, row.withdrawn_at is not None) for row in found
    }


def displaced(session: Session, feed_id: str, subject_id: str, ids: Collection[str]) -> set[str]:
    """The visits of a subject in whose place one of these stands."""
    query = select(SubmissionRow.id).where(
        SubmissionRow.feed_id == feed_id,
        SubmissionRow.subject_id == subject_id,  # for its index
        SubmissionRow.replaced_by_id.in_(list(ids)),
    )
    return set(session.scalars(query))


def amended_in_review(session: Session, feed_id: str, visit_id: str, author_id: str) -> bool:
    """Whether its author has amended this visit, and the amendment is in review."""
    amendment = select(SubmissionRow.id).join(
        OperationRow, and_(OperationRow.feed_id == feed_id, OperationRow.id == SubmissionRow.id)
    )
    amendment = amendment.where(
        SubmissionRow.feed_id == feed_id,
        SubmissionRow.replaces_id == visit_id,
        SubmissionRow.author_id == author_id,
        OperationRow.status == Status.REVIEW,
    )
    return session.scalars(amendment.limit(1)).first() is not None
