"""Uploads that begin, that are found again, and that come whole."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.shared_writes import write_together
from fieldsvc.services.uploads import linking, standing
from fieldsvc.services.uploads.pieces import append, check
from fieldsvc.services.uploads.standing import DAY_MS, Upload
from fieldsvc.store import attachments, uploads
from fieldsvc.store.tables import UploadRow

#: How long it is remembered whose a photo was whose visit waits for a person.
AHEAD_DAYS = 400


def create(ctx: Context, by: Actor, *, sha256: str, length: int, kind: str) -> Upload:
    """Begin an upload, find the one begun earlier, or learn that the bytes are here already.

    The last is told only to someone who may see the photo: a digest must not be a way to ask what exists, nor to
    come by what others photographed. Whoever has the same bytes sends them once more.
    Raises `body-too-large`.
    """
    if not 0 < length <= ctx.settings.photo_bytes:
        raise problems.BodyTooLarge()

    def begin(session: Session) -> Upload:
        here = standing.already_here(session, ctx, by, sha256)
        if here is not None:
            attachments.note_possession(session, by.feed_id, by.person_id, sha256)
            return here
        row = uploads.find_open(session, by.feed_id, by.person_id, sha256, ctx.now_ms())
        if row is None or row.bytes != length:
            row = _new(session, ctx, by, sha256, length, kind)
        return standing.stands(row, uploads.fence(session, row.id))

    return write_together(ctx, begin)


def salvage(ctx: Context, by: Actor, data: bytes, *, sha256: str, length: int, kind: str) -> Upload:
    """Keep the beginning of a file whose creation broke off, and tell where the upload stands.

    The phone may have been back before the server noticed: then what came later stands, and is not fenced off by what
    came before it. Raises `body-too-large`.
    """
    if not 0 < length <= ctx.settings.photo_bytes:
        raise problems.BodyTooLarge()

    def begin(session: Session) -> Upload:
        here = standing.already_here(session, ctx, by, sha256)
        if here is not None:
            return here
        row = uploads.find_open(session, by.feed_id, by.person_id, sha256, ctx.now_ms())
        if row is not None:
            return standing.stands(row, row.generation)
        return standing.stands(_new(session, ctx, by, sha256, length, kind), 0)

    upload = write_together(ctx, begin)
    if upload.generation == 0 and upload.offset == 0:
        return replace(upload, offset=append(ctx, upload, data))
    return upload


def keep(
    ctx: Context, by: Actor, data: bytes, *, sha256: str, kind: str, checksum: bytes | None = None, ahead: bool = False
) -> Upload:
    """Keep a file that came whole with its creation: written once, one commit, and no upload to remember.

    `ahead`: before the visit that names it, which a person has still to let through; then whose it was is remembered.
    Raises `digest-mismatch`, `body-too-large`.
    """
    if not 0 < len(data) <= ctx.settings.photo_bytes:
        raise problems.BodyTooLarge()
    check(data, checksum)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise problems.DigestMismatch(offset=0)
    ctx.blobs.put(sha256, data)
    kind = linking.kind(data[:32], kind)

    def link(session: Session) -> None:
        linking.link(session, ctx, by.feed_id, by.person_id, sha256, len(data), kind)
        if ahead:
            row = _new(session, ctx, by, sha256, len(data), kind)
            row.offset, row.finished_at = row.bytes, row.created_at
            row.expires_at = row.created_at + AHEAD_DAYS * DAY_MS

    write_together(ctx, link)
    expires_at = ctx.now_ms() + ctx.settings.upload_days * DAY_MS
    return Upload(sha256, sha256, kind, len(data), len(data), 0, expires_at)


def resume(ctx: Context, by: Actor, upload_id: str) -> Upload:
    """Where the upload stands, fencing whoever was writing it. Raises `not-found`, `upload-gone`."""

    def stand(session: Session) -> tuple[Upload, bool]:
        row = uploads.take(session, upload_id, by.feed_id, by.person_id, ctx.now_ms())
        if row is None:
            here = standing.already_here(session, ctx, by, upload_id)
            if here is not None:
                return here, False
            row = standing.mine(ctx, by, uploads.find(session, upload_id))  # which says why it was not
        return standing.stands(row, row.generation), row.finished_at is None

    found, unfinished = write_together(ctx, stand)
    if unfinished and found.offset == found.bytes:
        linking.finish(ctx, upload_id)  # the server died between the last piece and the linking
    return found


def begin_append(ctx: Context, by: Actor, upload_id: str, offset: int) -> Upload:
    """Check a piece's place before its body is read, and fence older connections. Raises `offset-mismatch`."""
    found = resume(ctx, by, upload_id)
    if offset != found.offset:
        raise problems.OffsetMismatch(offset=found.offset)
    return found


def _new(session: Session, ctx: Context, by: Actor, sha256: str, length: int, kind: str) -> UploadRow:
    """An upload that nothing has come of, and that nobody writes to."""
    now = ctx.now_ms()
    row = UploadRow(
        id=ctx.new_id(),
        feed_id=by.feed_id,
        person_id=by.person_id,
        device_id=by.device_id,
        sha256=sha256,
        bytes=length,
        type=kind,
        offset=0,
        generation=0,
        expires_at=now + ctx.settings.upload_days * DAY_MS,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
