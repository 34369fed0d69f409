"""Rows that contradict each other: what an untouched database never answers. Each is read once, in order."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.attachments import PRESENT
from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    DerivativeRow,
    EntityRow,
    EntityVersionRow,
    OperationRow,
    SubmissionRow,
)
from sync.model import IN_EFFECT

_AT_ONCE = 500


def links_without_a_file(session: Session) -> Iterator[tuple[str, str]]:
    """Submissions and digests of photos that are said to be here and have no file's row."""
    query = (
        select(AttachmentRow.submission_id, AttachmentRow.sha256)
        .outerjoin(BlobRow, and_(BlobRow.feed_id == AttachmentRow.feed_id, BlobRow.sha256 == AttachmentRow.sha256))
        .where(AttachmentRow.state == PRESENT, BlobRow.sha256.is_(None))
        .order_by(AttachmentRow.submission_id, AttachmentRow.sha256)
    )
    for row in session.execute(query, execution_options={"yield_per": _AT_ONCE}):
        yield row.submission_id, row.sha256


def records_unlike_their_versions(session: Session) -> Iterator[tuple[str, str]]:
    """Records, by dataset and id, that are not what their last version says, or whose versions have a gap."""
    each = aliased(EntityVersionRow)
    number = (
        select(func.count())
        .select_from(each)
        .where(each.feed_id == EntityRow.feed_id, each.entity_id == EntityRow.id)
        .correlate(EntityRow)
        .scalar_subquery()
    )
    last = and_(
        EntityVersionRow.feed_id == EntityRow.feed_id,
        EntityVersionRow.entity_id == EntityRow.id,
        EntityVersionRow.version == EntityRow.version,
    )
    query = (
        select(
            EntityRow.dataset,
            EntityRow.id,
            EntityRow.version,
            EntityRow.properties.label("now"),
            EntityVersionRow.properties.label("then"),
            number.label("versions"),
        )
        .outerjoin(EntityVersionRow, last)
        .order_by(EntityRow.dataset, EntityRow.id)
    )
    for row in session.execute(query, execution_options={"yield_per": _AT_ONCE}):
        if row.now != row.then or row.versions != row.version:
            yield row.dataset, row.id


def applied_without_a_visit(session: Session) -> Iterator[str]:
    """Operations of visits that took effect and of which there is no visit."""
    query = (
        select(OperationRow.id)
        .outerjoin(
            SubmissionRow, and_(SubmissionRow.feed_id == OperationRow.feed_id, SubmissionRow.id == OperationRow.id)
        )
        .where(OperationRow.kind == "submission", OperationRow.status.in_(IN_EFFECT), SubmissionRow.id.is_(None))
        .order_by(OperationRow.id)
    )
    yield from session.scalars(query.execution_options(yield_per=_AT_ONCE))


def files(session: Session) -> Iterator[str]:
    """The digest of every file the database knows, photos and what was made of them, each once."""
    every = select(BlobRow.sha256).union(select(DerivativeRow.blob_sha256)).subquery()
    yield from session.scalars(select(every.c.sha256).order_by(every.c.sha256))
