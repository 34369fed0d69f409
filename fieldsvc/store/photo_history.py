"""The photos of one subject over the years, for putting an earlier one beside a new one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AttachmentRow, BlobRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo somebody can look at, and the visit that names it."""

    submission_id: str
    form_id: str
    form_version: str
    ref: str
    sha256: str
    state: str
    received_at: int


def of_subject(session: Session, feed_id: str, subject_id: str, *, until: int, limit: int = 300) -> list[Taken]:
    """The photos of standing visits to the subject received up to `until`, the newest first."""
    rows = session.execute(
        select(
            SubmissionRow.id,
            SubmissionRow.form_id,
            SubmissionRow.form_version,
            AttachmentRow.ref,
            AttachmentRow.sha256,
            AttachmentRow.state,
            SubmissionRow.received_at,
        )
        .join(
            SubmissionRow,
            (SubmissionRow.feed_id == AttachmentRow.feed_id) & (SubmissionRow.id == AttachmentRow.submission_id),
        )
        .outerjoin(BlobRow, (BlobRow.feed_id == AttachmentRow.feed_id) & (BlobRow.sha256 == AttachmentRow.sha256))
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.subject_id == subject_id,
            AttachmentRow.state != "missing",
            BlobRow.unshown.is_(None),
            SubmissionRow.received_at <= until,
            SubmissionRow.replaced_by_id.is_(None),
            SubmissionRow.withdrawn_at.is_(None),
        )
        .order_by(SubmissionRow.received_at.desc(), SubmissionRow.id.desc(), AttachmentRow.ref)
        .limit(limit)
    )
    return [Taken(*row) for row in rows]
