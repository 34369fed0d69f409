"""What guards of processes need to know beside a record: who moved it, its photos, the records that count with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, many, rows, table
from fieldsvc.store.tables import AttachmentRow, EffectRow, EntityVersionRow, SubmissionRow

_versions, _effects = columns(EntityVersionRow), columns(EffectRow)
_attachments, _submissions = columns(AttachmentRow), columns(SubmissionRow)
_MOVES = (
    select(_versions.entity_id, _versions.changed, _versions.properties, _versions.author_id, _versions.at)
    .where(_versions.feed_id == FEED, _versions.entity_id.in_(many("ids")))
    .order_by(_versions.entity_id, _versions.version)
)
_PHOTOS = (
    select(_effects.entity_id, _submissions.form_id, _submissions.form_version, _attachments.ref)
    .select_from(
        table(EffectRow)
        .join(
            table(SubmissionRow),
            and_(_submissions.feed_id == _effects.feed_id, _submissions.id == _effects.operation_id),
        )
        .join(
            table(AttachmentRow),
            and_(
                _attachments.feed_id == _submissions.feed_id,
                _attachments.submission_id == _submissions.id,
            ),
        )
    )
    .where(
        _effects.feed_id == FEED,
        _effects.entity_id.in_(many("ids")),
        _submissions.withdrawn_at.is_(None),
        _submissions.review_state != "rejected",
    )
    .distinct()
)


def moves(session: Session, feed_id: str, ids: Collection[str]) -> list[Any]:
    """Every version of these entities in order: `(entity_id, changed, properties, author_id, at)`."""
    return list(rows(session, _MOVES, feed=feed_id, ids=list(ids))) if ids else []


def photos(session: Session, feed_id: str, ids: Collection[str]) -> list[Any]:
    """The photos that came with forms which wrote to these entities: `(entity_id, form_id, form_version, ref)`.

    Those of visits that were withdrawn or rejected prove nothing.
    """
    return list(rows(session, _PHOTOS, feed=feed_id, ids=list(ids))) if ids else []
