"""Where an upload stands, and who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import attachments
from fieldsvc.store.tables import UploadRow

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Upload:
    """Where an upload stands. `offset` counts durable bytes only; all of them when nothing need be sent."""

    id: str
    sha256: str
    type: str
    offset: int
    bytes: int
    generation: int
    expires_at: int


def stands(row: Any, generation: int) -> Upload:
    """Where the upload of this row stands."""
    return Upload(row.id, row.sha256, row.type, row.offset, row.bytes, generation, row.expires_at)


def mine(ctx: Context, by: Actor, row: UploadRow | None) -> UploadRow:
    """The row, if this person began it. Another's upload and no upload answer alike."""
    if row is None or row.feed_id != by.feed_id or row.person_id != by.person_id:
        raise problems.NotFound()
    if row.expires_at <= ctx.now_ms():
        raise problems.UploadGone()
    return row


def already_here(session: Session, ctx: Context, by: Actor, sha256: str) -> Upload | None:
    """Bytes this person may see and the server has: an upload that is complete, under the digest as its id."""
    blob = attachments.blob(session, by.feed_id, sha256)
    if blob is None or not attachments.visible_to(session, by.feed_id, by.person_id, sha256):
        return None
    expires_at = ctx.now_ms() + ctx.settings.upload_days * DAY_MS
    return Upload(sha256, sha256, blob.type, blob.bytes, blob.bytes, 0, expires_at)
