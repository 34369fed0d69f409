"""Amendments: which visit has another in its place, and which still waits or was refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.operations import KNOWN, Receipted
from fieldsvc.store.run import FEED, columns, many, rows, table
from fieldsvc.store.tables import OperationRow, SubmissionRow
from sync.model import IN_EFFECT, Status

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


_IN_EFFECT = _operations.status.in_(IN_EFFECT)
_BOTH = table(SubmissionRow).join(
    table(OperationRow), and_(_operations.feed_id == _submissions.feed_id, _operations.id == _submissions.id)
)

_AMENDED = (
    select(
        _submissions.replaces_id,
        _submissions.id,
        _submissions.author_id,
        _submissions.subject_id,
        _submissions.withdrawn_at,
        _submissions.replaced_by_id,
        _IN_EFFECT.label("in_effect"),
    )
    .select_from(_BOTH)
    .where(
        _submissions.feed_id == FEED,
        _submissions.replaces_id.is_not(None),  # for its index
        _submissions.replaces_id.in_(many("ids")),
        or_(
            _IN_EFFECT,
            _submissions.replaced_by_id.is_not(None),
            _submissions.withdrawn_at.is_not(None),
        ),
    )
    .order_by(_submissions.withdrawn_at.is_(None), _submissions.received_at, _submissions.id)
)


_STANDING = (
    select(_submissions.id, _submissions.replaced_by_id, _IN_EFFECT.label("in_effect"))
    .select_from(_BOTH)
    .where(_submissions.feed_id == FEED, _submissions.id.in_(many("ids")), _submissions.withdrawn_at.is_(None))
)


def amended(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Amendment]:
    """The amendments of these visits that took effect, or of which the amendment did, or that were taken back.

    The last one of each visit that stands, if one does. An amendment may stand for another while both are held: that
    says of neither that it took effect.
    """
    found = rows(session, _AMENDED, feed=feed_id, ids=list(ids)) if ids else ()
    waits = {str(row.replaced_by_id) for row in found if not row.in_effect and row.withdrawn_at is None}
    standing = in_effect(session, feed_id, waits) if waits else set[str]()
    return {
        row.replaces_id: Amendment(row.id, row.author_id, row.subject_id, row.withdrawn_at is not None)
        for row in found
        if row.in_effect or row.withdrawn_at is not None or row.replaced_by_id in standing
    }


def in_effect(session: Session, feed_id: str, ids: Collection[str]) -> set[str]:
    """Those of these visits that are in effect, or in whose place, at the end of the chain, one stands that is."""
    later: dict[str, str | None] = {}
    ends, new = set[str](), set(ids)
    while new:
        found = rows(session, _STANDING, feed=feed_id, ids=list(new))
        ends |= {row.id for row in found if row.in_effect}
        later |= {row.id: row.replaced_by_id for row in found}
        new = {row.replaced_by_id for row in found if row.replaced_by_id and not row.in_effect} - set(later)
    return {id_ for id_ in ids if not ends.isdisjoint(_onwards(later, id_))}


def _onwards(later: dict[str, str | None], id_: str | None) -> set[str]:
    met = set[str]()
    while id_ is not None and id_ not in met:
        met.add(id_)
        id_ = later.get(id_)
    return met


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
