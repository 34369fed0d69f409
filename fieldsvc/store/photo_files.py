"""The photos of a household that stand in its file, page by page: a household of twelve years has thousands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from fieldsvc.store.attachments import PRESENT
from fieldsvc.store.tables import AttachmentRow, BlobRow, SubmissionRow

#: (moment of arrival, visit, question, digest): where a photo stands among those of its household.
Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo with the visit and the question it answers; `type` is blank while its bytes are not here whole.

    `at` is when the visit ended by the phone's clock, or arrived.
    """

    visit_id: str
    ref: str
    sha256: str
    type: str
    at: int
    key: Key


def page(session: Session, feed_id: str, subject_id: str, after: Key | None, most: int) -> list[PhotoFile]:
    """The next so many photos of visits that stand, in the order of arrival; of an amended visit those of its last."""
    link, visit = AttachmentRow, SubmissionRow
    order = (visit.received_at, visit.id, link.ref, link.sha256)
    query = (
        select(*order, visit.ended_at, link.state, BlobRow.type)
        .join(link, and_(link.feed_id == visit.feed_id, link.submission_id == visit.id))
        .outerjoin(BlobRow, and_(BlobRow.feed_id == link.feed_id, BlobRow.sha256 == link.sha256))
        .where(
            visit.feed_id == feed_id,
            visit.subject_id == subject_id,
            visit.withdrawn_at.is_(None),
            visit.replaced_by_id.is_(None),
            visit.review_state != "rejected",
        )
        .order_by(*order)
        .limit(most)
    )
    if after is not None:
        # Said of the first column alone as well: of a pair of columns of two tables no index can seek.
        query = query.where(visit.received_at >= after[0], tuple_(*order) > tuple_(*after))
    return [
        PhotoFile(
            visit_id,
            ref,
            sha256,
            (kind or "") if state == PRESENT else "",
            ended or received,
            (received, visit_id, ref, sha256),
        )
        for received, visit_id, ref, sha256, ended, state, kind in session.execute(query)
    ]
