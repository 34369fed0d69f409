"""Which photos submissions name, which of them have arrived, and what was made of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AreaRow, AttachmentRow, BlobRow, DerivativeRow, EntityRow, ScopeRow, SubmissionRow


def blob(session: Session, feed_id: str, sha256: str) -> BlobRow | None:
    """The verified bytes of that digest in this feed, or None."""
    return session.get(BlobRow, (feed_id, sha256))


def derivative(session: Session, feed_id: str, sha256: str, kind: str) -> DerivativeRow | None:
    """The `thumb` or `screen` of a photo, or None while there is none."""
    return session.get(DerivativeRow, (feed_id, sha256, kind))


def sent_by(session: Session, feed_id: str, person_id: str, digests: Sequence[str]) -> set[str]:
    """Which of these digests this person's own submissions name."""
    query = (
        select(AttachmentRow.sha256)
        .join(
            SubmissionRow,
            (SubmissionRow.feed_id == AttachmentRow.feed_id) & (SubmissionRow.id == AttachmentRow.submission_id),
        )
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.sha256.in_(digests),
            SubmissionRow.author_id == person_id,
        )
    )
    return set(session.scalars(query))


def visible_to(session: Session, feed_id: str, person_id: str, sha256: str) -> bool:
    """Whether this person sent the photo or holds the subject it was taken of."""
    query = (
        select(AttachmentRow.sha256)
        .join(
            SubmissionRow,
            (SubmissionRow.feed_id == AttachmentRow.feed_id) & (SubmissionRow.id == AttachmentRow.submission_id),
        )
        .outerjoin(
            ScopeRow,
            (ScopeRow.feed_id == AttachmentRow.feed_id)
            & (ScopeRow.subject_id == AttachmentRow.subject_id)
            & (ScopeRow.person_id == person_id)
            & ScopeRow.revoked_pos.is_(None),
        )
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.sha256 == sha256,
            or_(SubmissionRow.author_id == person_id, ScopeRow.person_id.is_not(None)),
        )
    )
    return session.execute(query.limit(1)).first() is not None


def subjects_of(session: Session, feed_id: str, sha256: str) -> list[tuple[str, str | None]]:
    """The subjects whose submissions name this photo, each with the path of its area."""
    query = (
        select(AttachmentRow.subject_id, AreaRow.path)
        .outerjoin(EntityRow, (EntityRow.feed_id == AttachmentRow.feed_id) & (EntityRow.id == AttachmentRow.subject_id))
        .outerjoin(AreaRow, AreaRow.id == EntityRow.area_id)
        .where(AttachmentRow.feed_id == feed_id, AttachmentRow.sha256 == sha256)
        .distinct()
    )
    return [(subject, path) for subject, path in session.execute(query)]


def mark(session: Session, feed_id: str, sha256: str, state: str, only_from: Sequence[str]) -> None:
    """Move every slot naming this photo to `state`, unless it is further along already."""
    session.execute(
        update(AttachmentRow)
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.sha256 == sha256,
            AttachmentRow.state.in_(only_from),
        )
        .values(state=state)
    )


def add_blob(session: Session, row: BlobRow) -> None:
    """Record verified bytes; recording them again changes nothing."""
    if session.get(BlobRow, (row.feed_id, row.sha256)) is None:
        session.add(row)
        session.flush()


def describe(
    session: Session, feed_id: str, sha256: str, *, width: int | None, height: int | None, unshown: str | None
) -> None:
    """Note what was found when the bytes were opened: the picture's size, or why it cannot be shown."""
    row = session.get(BlobRow, (feed_id, sha256))
    if row is not None:
        row.width, row.height, row.unshown = width, height, unshown


def put_derivative(session: Session, row: DerivativeRow) -> None:
    """Record a smaller picture. One made here takes the place of one a phone sent ahead, never the other way."""
    before = session.get(DerivativeRow, (row.feed_id, row.sha256, row.kind))
    if before is None:
        session.add(row)
    elif row.made_here:
        before.blob_sha256, before.bytes = row.blob_sha256, row.bytes
        before.width, before.height, before.made_here = row.width, row.height, True
    session.flush()
