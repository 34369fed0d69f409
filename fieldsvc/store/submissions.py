"""Submissions and the photos they name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AttachmentRow, BlobRow, DerivativeRow, PersonRow, SubmissionRow


def get_many(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, SubmissionRow]:
    """These submissions, by id."""
    if not ids:
        return {}
    rows = session.scalars(
        select(SubmissionRow).where(SubmissionRow.feed_id == feed_id, SubmissionRow.id.in_(list(ids)))
    )
    return {row.id: row for row in rows}


def add(session: Session, rows: Sequence[dict[str, Any]], attachments: Sequence[dict[str, Any]]) -> None:
    """Store submissions and the slots of their photos."""
    if rows:
        session.execute(insert(SubmissionRow), list(rows))
    if attachments:
        session.execute(insert(AttachmentRow), list(attachments))


def set_values(session: Session, feed_id: str, submission_id: str, **values: Any) -> None:
    """Note what happened to a submission since: replaced, withdrawn, accepted. Its answers never change."""
    session.execute(
        update(SubmissionRow)
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.id == submission_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def arrived(session: Session, feed_id: str, digests: Collection[str]) -> dict[str, str]:
    """How far these photos are already, by digest: `present`, `thumbnail`, or not in the answer."""
    if not digests:
        return {}
    wanted = list(digests)
    thumbs = session.scalars(
        select(DerivativeRow.sha256).where(
            DerivativeRow.feed_id == feed_id, DerivativeRow.sha256.in_(wanted), DerivativeRow.kind == "thumb"
        )
    )
    states = dict.fromkeys(thumbs, "thumbnail")
    full = session.scalars(select(BlobRow.sha256).where(BlobRow.feed_id == feed_id, BlobRow.sha256.in_(wanted)))
    return {**states, **dict.fromkeys(full, "present")}


_SUMMARY = (
    SubmissionRow.id,
    SubmissionRow.form_id,
    SubmissionRow.form_version,
    SubmissionRow.subject_id,
    SubmissionRow.author_id,
    SubmissionRow.started_at,
    SubmissionRow.received_at,
    SubmissionRow.review_state,
    SubmissionRow.replaces_id,
    SubmissionRow.replaced_by_id,
    SubmissionRow.withdrawn_at,
    SubmissionRow.flags,
    PersonRow.name,
)


def summaries(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Any]:
    """What a phone is told of these submissions, by id: rows without answers."""
    if not ids:
        return {}
    rows = session.execute(
        select(*_SUMMARY)
        .outerjoin(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.id.in_(list(ids)))
    )
    return {row.id: row for row in rows}


def latest_of_subjects(session: Session, feed_id: str, subject_ids: Collection[str], most: int) -> list[Any]:
    """The newest submissions of each of these subjects, `most` of each, as summaries."""
    if not subject_ids:
        return []
    rank = (
        func.row_number()
        .over(partition_by=SubmissionRow.subject_id, order_by=SubmissionRow.received_at.desc())
        .label("rank")
    )
    ranked = (
        select(*_SUMMARY, rank)
        .outerjoin(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.subject_id.in_(list(subject_ids)))
        .subquery()
    )
    return list(session.execute(select(ranked).where(ranked.c.rank <= most).order_by(ranked.c.received_at)))


def photos(session: Session, feed_id: str, submission_ids: Collection[str]) -> dict[str, list[Any]]:
    """`(ref, sha256, state)` of each photo these submissions name, by submission."""
    found: dict[str, list[Any]] = {}
    if submission_ids:
        rows = session.execute(
            select(AttachmentRow.submission_id, AttachmentRow.ref, AttachmentRow.sha256, AttachmentRow.state)
            .where(AttachmentRow.feed_id == feed_id, AttachmentRow.submission_id.in_(list(submission_ids)))
            .order_by(AttachmentRow.submission_id, AttachmentRow.ref)
        )
        for row in rows:
            found.setdefault(row.submission_id, []).append(row)
    return found
