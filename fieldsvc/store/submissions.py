"""Submissions and the photos they name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import table, write_all
from fieldsvc.store.tables import AttachmentRow, SubmissionRow


def get_many(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, SubmissionRow]:
    """These submissions, by id."""
    if not ids:
        return {}
    rows = session.scalars(
        select(SubmissionRow).where(SubmissionRow.feed_id == feed_id, SubmissionRow.id.in_(list(ids)))
    )
    return {row.id: row for row in rows}


def standing_of(session: Session, feed_id: str, subject_id: str) -> set[str]:
    """The ids of what was sent about a subject and not taken back, whatever stands in its place."""
    return set(
        session.scalars(
            select(SubmissionRow.id).where(
                SubmissionRow.feed_id == feed_id,
                SubmissionRow.subject_id == subject_id,
                SubmissionRow.withdrawn_at.is_(None),
            )
        )
    )


#: The state of a visit to a household that is there to learn with: nobody reviews it, nothing counts it.
PRACTICE = "practice"
#: The state of what somebody filed about themself, such as leave: a step in its process, and no visit.
OWN = "own"
#: The states of a visit that was sent back to a phone to be amended, and of one that counts as none.
RETURNED, REJECTED = "returned", "rejected"
#: What is no visit to a household: in no list of visits, in no count and in no export of them.
APART = (PRACTICE, OWN)
_INSERT, _INSERT_ATTACHMENT = insert(table(SubmissionRow)), insert(table(AttachmentRow))


def add(session: Session, new: Sequence[dict[str, Any]], attachments: Sequence[dict[str, Any]]) -> None:
    """Store submissions and the slots of their photos."""
    write_all(session, _INSERT, new)
    write_all(session, _INSERT_ATTACHMENT, attachments)


def set_values(session: Session, feed_id: str, submission_id: str, **values: Any) -> None:
    """Note what happened to a submission since: replaced, withdrawn, accepted. Its answers never change."""
    session.execute(
        update(SubmissionRow)
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.id == submission_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
