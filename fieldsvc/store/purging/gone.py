"""Records that are gone: their values, and the photos and papers of households, once their time is over.

A tombstone keeps its id and its versions' numbers, without values: a phone that was silent for years still hears of it.
The record of a paper keeps its digest too, though it was taken out: by it the bytes are found when the household's time
is over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, delete, select, union, update
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.household_record import SCANS
from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    DerivativeRow,
    EntityRow,
    EntityVersionRow,
    ExportRow,
    FingerprintRow,
    SubmissionRow,
)

_NOTHING = "{}"
_PAPER = aliased(EntityRow)
_DIGEST = _PAPER.properties["sha256"].as_string()


def tombstones(session: Session, feed_id: str, before: int) -> Sequence[str]:
    """Records deleted before this moment that still have values, other than papers."""
    query = _deleted(feed_id, before).where(EntityRow.dataset != SCANS, cast(EntityRow.properties, Text) != _NOTHING)
    return session.scalars(query.order_by(EntityRow.id)).all()


def empty(session: Session, feed_id: str, ids: Collection[str]) -> None:
    """Take the values out of these records and of all their versions."""
    session.execute(
        update(EntityVersionRow)
        .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.entity_id.in_(ids))
        .values(properties={})
    )
    session.execute(
        update(EntityRow)
        .where(EntityRow.feed_id == feed_id, EntityRow.id.in_(ids))
        .values(properties={}, label="", decided={})
    )


def photos(session: Session, feed_id: str, before: int) -> Sequence[str]:
    """The photos, and the papers a desk filed, of what was deleted before this moment and has got neither a visit nor a
    paper since; by digest. Bytes that anything else names as well stay: also those of a paper that was taken out."""
    visited = select(SubmissionRow.subject_id).where(
        SubmissionRow.feed_id == feed_id,
        SubmissionRow.subject_id == EntityRow.id,
        SubmissionRow.received_at >= before,
    )
    late = aliased(EntityRow)
    filed = select(late.id).where(
        late.feed_id == feed_id, late.dataset == SCANS, late.subject_id == EntityRow.id, late.created_at >= before
    )
    gone = _deleted(feed_id, before).where(~visited.exists(), ~filed.exists())
    taken = select(AttachmentRow.sha256.label("sha256")).where(AttachmentRow.feed_id == feed_id)
    papers = select(_DIGEST.label("sha256")).where(
        _PAPER.feed_id == feed_id, _PAPER.dataset == SCANS, _DIGEST.is_not(None)
    )
    # The record of a paper outlives its bytes.
    here = _DIGEST.in_(select(BlobRow.sha256).where(BlobRow.feed_id == feed_id))
    over = union(
        taken.where(AttachmentRow.subject_id.in_(gone)), papers.where(_PAPER.subject_id.in_(gone), here)
    ).subquery()
    query = select(over.c.sha256).where(
        over.c.sha256.not_in(taken.where(AttachmentRow.subject_id.not_in(gone))),
        over.c.sha256.not_in(papers.where(_PAPER.subject_id.not_in(gone))),
    )
    return session.scalars(query.order_by(over.c.sha256)).all()


def forget(session: Session, feed_id: str, digests: Collection[str]) -> set[str]:
    """Forget these photos, their smaller pictures, fingerprints and links; the files that nothing names any more.

    A smaller picture is a file with a row of its own, which goes too unless another photo's is the same, or it is
    somebody's photo or paper.
    """
    made = select(DerivativeRow.blob_sha256).where(DerivativeRow.feed_id == feed_id, DerivativeRow.sha256.in_(digests))
    smaller = set(session.scalars(made))
    for table in (AttachmentRow, DerivativeRow, FingerprintRow, BlobRow):
        session.execute(delete(table).where(table.feed_id == feed_id, table.sha256.in_(digests)))
    others = union(
        select(DerivativeRow.blob_sha256).where(
            DerivativeRow.feed_id == feed_id, DerivativeRow.blob_sha256.in_(smaller)
        ),
        select(AttachmentRow.sha256).where(AttachmentRow.feed_id == feed_id, AttachmentRow.sha256.in_(smaller)),
        select(_DIGEST).where(_PAPER.feed_id == feed_id, _PAPER.dataset == SCANS, _DIGEST.in_(smaller)),
    )
    alone = smaller - set(session.scalars(others))
    session.execute(delete(BlobRow).where(BlobRow.feed_id == feed_id, BlobRow.sha256.in_(alone)))
    files = {*digests, *smaller}
    return files - named(session, files)


def named(session: Session, files: Collection[str]) -> set[str]:
    """Which of these files some row still names, in any feed."""
    found = set(session.scalars(select(BlobRow.sha256).where(BlobRow.sha256.in_(files))))
    return found | set(session.scalars(select(DerivativeRow.blob_sha256).where(DerivativeRow.blob_sha256.in_(files))))


def exports(session: Session, feed_id: str, before: int) -> Sequence[str]:
    """Ordered files that are long over; their bytes went when their hours were."""
    query = select(ExportRow.id).where(
        ExportRow.feed_id == feed_id, ExportRow.state.in_(("gone", "failed")), ExportRow.at < before
    )
    return session.scalars(query).all()


def drop_exports(session: Session, ids: Collection[str]) -> None:
    """Forget that they were ordered; the log still says so."""
    session.execute(delete(ExportRow).where(ExportRow.id.in_(ids)))


def _deleted(feed_id: str, before: int) -> Select[Any]:
    return select(EntityRow.id).where(
        EntityRow.feed_id == feed_id, EntityRow.deleted.is_(True), EntityRow.updated_at < before
    )
