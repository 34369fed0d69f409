"""Rows that belong to another row, and those whose other row is not there: what an untouched database never has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    DerivativeRow,
    EffectRow,
    EntityRow,
    EntityVersionRow,
    FingerprintRow,
    OperationRow,
    PersonRow,
    SubmissionRow,
    UploadPartRow,
    UploadRow,
)

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Belongs:
    """Rows that are told by these columns, and belong to a row by which one of the conditions holds."""

    named_by: Sequence[InstrumentedAttribute[str] | InstrumentedAttribute[int]]
    to: Sequence[ColumnElement[bool]]


def _of(child: InstrumentedAttribute[str], parent: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """There is a row of the parent's table whose column has the child's value, in the child's feed."""
    same_feed = parent.class_.feed_id == child.class_.feed_id
    return exists().where(same_feed, parent == child)


#: A photo's smaller pictures may come before it, with the visit that names it. Nothing else is older than its owner.
_BELONGS = (
    _Belongs(
        (AttachmentRow.submission_id, AttachmentRow.ref, AttachmentRow.sha256),
        (_of(AttachmentRow.submission_id, SubmissionRow.id),),
    ),
    _Belongs((SubmissionRow.id,), (_of(SubmissionRow.id, OperationRow.id),)),
    _Belongs((OperationRow.id,), (_of(OperationRow.author_id, PersonRow.id),)),
    _Belongs((EffectRow.operation_id, EffectRow.ordinal), (_of(EffectRow.operation_id, OperationRow.id),)),
    _Belongs(
        (EntityVersionRow.entity_id, EntityVersionRow.version),
        (_of(EntityVersionRow.entity_id, EntityRow.id),),
    ),
    _Belongs(
        (DerivativeRow.sha256, DerivativeRow.kind),
        (_of(DerivativeRow.sha256, BlobRow.sha256), _of(DerivativeRow.sha256, AttachmentRow.sha256)),
    ),
    _Belongs((FingerprintRow.sha256,), (_of(FingerprintRow.sha256, BlobRow.sha256),)),
    _Belongs(
        (UploadPartRow.upload_id, UploadPartRow.offset),
        (exists().where(UploadRow.id == UploadPartRow.upload_id),),
    ),
)


def missing(session: Session) -> Iterator[tuple[str, str]]:
    """Rows whose owner is not there: the name of their table, and what tells them from the others in it."""
    for each in _BELONGS:
        query = select(*each.named_by).where(*(~owned for owned in each.to)).order_by(*each.named_by)
        for row in session.execute(query, execution_options={"yield_per": _AT_ONCE}):
            yield each.named_by[0].class_.__tablename__, " ".join(map(str, row))
