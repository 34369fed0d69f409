"""What supervisors did with a visit: every approval, return, doubt, rejection and comment, in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fieldsvc.store.submissions import RETURNED
from fieldsvc.store.tables import PersonRow, ReviewRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One action on one submission, with the name of whoever took it."""

    id: str
    submission_id: str
    action: str
    comment: str | None
    comments: dict[str, str]
    by_id: str
    by: str
    at: int
    bulk: dict[str, Any] | None = None


def of_submissions(session: Session, feed_id: str, submissions: Sequence[str]) -> list[ReviewLine]:
    """Every action on these submissions, oldest first."""
    rows = session.execute(
        select(ReviewRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ReviewRow.by_id, isouter=True)
        .where(ReviewRow.feed_id == feed_id, ReviewRow.submission_id.in_(submissions))
        .order_by(ReviewRow.at, ReviewRow.id)
    )
    return [
        ReviewLine(
            row.id,
            row.submission_id,
            row.action,
            row.comment,
            row.comments or {},
            row.by_id,
            name or "",
            row.at,
            row.bulk,
        )
        for row, name in rows
    ]


def add(
    session: Session,
    *,
    id: str,  # noqa: A002 - the column's own name
    feed_id: str,
    submission_id: str,
    action: str,
    comment: str | None,
    comments: dict[str, str],
    by_id: str,
    at: int,
    by: str,
    bulk: Mapping[str, Any] | None = None,
) -> ReviewLine:
    """Keep one action for ever, with the name `by` beside it; `bulk` says of which many it was one."""
    row = ReviewRow(
        id=id,
        feed_id=feed_id,
        submission_id=submission_id,
        action=action,
        comment=comment,
        comments=dict[str, Any](comments) or None,
        by_id=by_id,
        at=at,
        bulk=dict(bulk) if bulk else None,
    )
    session.add(row)
    session.flush()
    return ReviewLine(id, submission_id, action, comment, comments, by_id, by, at, row.bulk)


def returned(session: Session, feed_id: str, ids: Collection[str]) -> list[SubmissionRow]:
    """Those of these visits that were sent back and neither amended nor taken back since, oldest first."""
    if not ids:
        return []
    # Asked for the state too, SQLite would walk everything that was sent back in the county.
    found = session.scalars(select(SubmissionRow).where(SubmissionRow.feed_id == feed_id, SubmissionRow.id.in_(ids)))
    still = (row for row in found if row.review_state == RETURNED and not (row.replaced_by_id or row.withdrawn_at))
    return sorted(still, key=lambda row: (row.received_at, row.id))


def set_state(session: Session, feed_id: str, submission_id: str, *, state: str) -> None:
    """Move a submission to a new state."""
    session.execute(
        update(SubmissionRow)
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.id == submission_id)
        .values(review_state=state)
        .execution_options(synchronize_session=False)
    )


def place(session: Session, feed_id: str, submission_id: str, position: int) -> None:
    """Note where in the feed the submission's newest change stands."""
    session.execute(
        update(SubmissionRow)
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.id == submission_id)
        .values(position=position)
        .execution_options(synchronize_session=False)
    )
