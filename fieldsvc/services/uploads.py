"""Resumable uploads: every piece is durable before its offset is told, and bytes are linked only once verified.

Pieces are rows and small objects, so any process or machine may take the next one. Moving the offset is a
compare-and-set under a generation that every new connection raises: a half-open connection that the server
still believes alive can never write behind a newer one's back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc import media, problems
from fieldsvc.failpoints import reached
from fieldsvc.services import jobs
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.shared_writes import write_together
from fieldsvc.store import attachments, uploads
from fieldsvc.store.tables import BlobRow, UploadPartRow, UploadRow

_DAY_MS = 86_400_000


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


def create(ctx: Context, by: Actor, *, sha256: str, length: int, kind: str) -> Upload:
    """Begin an upload, find the one begun earlier, or learn that the bytes are here already.

    The last is told only to someone who may see the photo: a digest must not be a way to ask what exists, nor to
    come by what others photographed. Whoever has the same bytes sends them once more.
    Raises `body-too-large`.
    """
    if not 0 < length <= ctx.settings.photo_bytes:
        raise problems.BodyTooLarge()
    now = ctx.now_ms()

    def begin(session: Session) -> Upload:
        here = _already_here(session, ctx, by, sha256)
        if here is not None:
            attachments.note_possession(session, by.feed_id, by.person_id, sha256)
            return here
        row = uploads.find_open(session, by.feed_id, by.person_id, sha256, now)
        if row is None or row.bytes != length:
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
                expires_at=now + ctx.settings.upload_days * _DAY_MS,
                created_at=now,
            )
            session.add(row)
            session.flush()
        return _standing(row, uploads.fence(session, row.id))

    return write_together(ctx, begin)


def keep(ctx: Context, by: Actor, data: bytes, *, sha256: str, kind: str, checksum: bytes | None = None) -> Upload:
    """Keep a file that came whole with its creation: written once, one commit, and no upload to remember.

    Raises `digest-mismatch`, `body-too-large`.
    """
    if not 0 < len(data) <= ctx.settings.photo_bytes:
        raise problems.BodyTooLarge()
    _check(data, checksum)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise problems.DigestMismatch(offset=0)
    ctx.blobs.put(sha256, data)
    kind = _kind(data[:32], kind)
    write_together(ctx, lambda session: _link(session, ctx, by.feed_id, by.person_id, sha256, len(data), kind))
    expires_at = ctx.now_ms() + ctx.settings.upload_days * _DAY_MS
    return Upload(sha256, sha256, kind, len(data), len(data), 0, expires_at)


def resume(ctx: Context, by: Actor, upload_id: str) -> Upload:
    """Where the upload stands, fencing whoever was writing it. Raises `not-found`, `upload-gone`."""

    def stand(session: Session) -> tuple[Upload, bool]:
        here = _already_here(session, ctx, by, upload_id)
        if here is not None:
            return here, False
        row = _mine(ctx, by, uploads.find(session, upload_id))
        return _standing(row, uploads.fence(session, row.id)), row.finished_at is None

    found, unfinished = write_together(ctx, stand)
    if unfinished and found.offset == found.bytes:
        _finish(ctx, upload_id)  # the server died between the last piece and the linking
    return found


def begin_append(ctx: Context, by: Actor, upload_id: str, offset: int) -> Upload:
    """Check a piece's place before its body is read, and fence older connections. Raises `offset-mismatch`."""
    found = resume(ctx, by, upload_id)
    if offset != found.offset:
        raise problems.OffsetMismatch(offset=found.offset)
    return found


def append(ctx: Context, upload: Upload, data: bytes, checksum: bytes | None = None) -> int:
    """Make a piece durable and return the new offset; the last piece verifies and links the whole.

    `checksum` is the SHA-1 or SHA-256 of the piece. Raises `digest-mismatch`, `offset-mismatch`.
    """
    if upload.offset + len(data) > upload.bytes:
        raise problems.OffsetMismatch(offset=upload.offset)
    _check(data, checksum)
    if not data:
        return upload.offset
    if len(data) == upload.bytes:
        return _keep_whole(ctx, upload, data)
    key = f"parts/{upload.id}.{upload.generation:06d}{upload.offset:012d}"
    ctx.blobs.put(key, data)

    def advance(session: Session) -> bool:
        part = UploadPartRow(upload_id=upload.id, offset=upload.offset, bytes=len(data), key=key)
        return uploads.advance(session, upload.id, upload.generation, upload.offset, part)

    if not write_together(ctx, advance):
        ctx.blobs.delete(key)
        raise problems.OffsetMismatch()
    reached("piece.noted")
    offset = upload.offset + len(data)
    if offset == upload.bytes:
        _finish(ctx, upload.id)
    return offset


def _check(data: bytes, checksum: bytes | None) -> None:
    """Compare a piece with the SHA-1 or SHA-256 that came with it, if one did."""
    if checksum is not None and checksum not in (
        hashlib.sha256(data).digest(),
        hashlib.sha1(data, usedforsecurity=False).digest(),  # the algorithm every tus client knows
    ):
        raise problems.DigestMismatch()


def terminate(ctx: Context, by: Actor, upload_id: str) -> None:
    """Forget an unfinished upload at its sender's wish. Raises `not-found`."""
    with ctx.db.write() as session:
        row = _mine(ctx, by, uploads.find(session, upload_id))
        keys = uploads.clear(session, row)
        session.delete(row)
    _delete(ctx, keys)


def sweep(ctx: Context, limit: int = 100) -> int:
    """Drop uploads whose time is over, with their pieces: nobody finished them, or they have long been linked."""
    with ctx.db.write() as session:
        rows = uploads.expired(session, ctx.now_ms(), limit)
        keys = [key for row in rows for key in uploads.clear(session, row)]
        for row in rows:
            session.delete(row)
    _delete(ctx, keys)
    return len(rows)


def _mine(ctx: Context, by: Actor, row: UploadRow | None) -> UploadRow:
    """The row, if this person began it. Another's upload and no upload answer alike."""
    if row is None or row.feed_id != by.feed_id or row.person_id != by.person_id:
        raise problems.NotFound()
    if row.expires_at <= ctx.now_ms():
        raise problems.UploadGone()
    return row


def _already_here(session: Session, ctx: Context, by: Actor, sha256: str) -> Upload | None:
    """Bytes this person may see and the server has: an upload that is complete, under the digest as its id."""
    blob = attachments.blob(session, by.feed_id, sha256)
    if blob is None or not attachments.visible_to(session, by.feed_id, by.person_id, sha256):
        return None
    expires_at = ctx.now_ms() + ctx.settings.upload_days * _DAY_MS
    return Upload(sha256, sha256, blob.type, blob.bytes, blob.bytes, 0, expires_at)


def _standing(row: UploadRow, generation: int) -> Upload:
    return Upload(row.id, row.sha256, row.type, row.offset, row.bytes, generation, row.expires_at)


def _keep_whole(ctx: Context, upload: Upload, data: bytes) -> int:
    """A photo that came in one piece is kept at once: written once, and one commit for offset and link together."""
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        raise problems.DigestMismatch(offset=0)
    ctx.blobs.put(upload.sha256, data)

    def complete(session: Session) -> None:
        if not uploads.complete(session, upload.id, upload.generation, upload.bytes):
            raise problems.OffsetMismatch()
        done = uploads.find(session, upload.id)
        assert done is not None
        done.finished_at = ctx.now_ms()
        _link(session, ctx, done.feed_id, done.person_id, done.sha256, done.bytes, _kind(data[:32], done.type))

    write_together(ctx, complete)
    return upload.bytes


def _finish(ctx: Context, upload_id: str) -> None:
    """Verify the whole, keep it under its digest, link it, and leave the rest of the work to a job."""
    with ctx.db.read() as session:
        row = uploads.find(session, upload_id)
        keys = [part.key for part in uploads.parts(session, upload_id)]
    if row is None or row.finished_at is not None:
        return
    digest, head = hashlib.sha256(), b""
    for piece in _pieces(ctx, keys):
        digest.update(piece)
        head += piece[: 32 - len(head)]
    if digest.hexdigest() != row.sha256:
        with ctx.db.write() as session:
            damaged = uploads.find(session, upload_id)
            if damaged is not None:
                uploads.clear(session, damaged)
                damaged.offset = 0
                uploads.fence(session, upload_id)
        _delete(ctx, keys)
        raise problems.DigestMismatch(offset=0)
    ctx.blobs.put_stream(row.sha256, _pieces(ctx, keys))
    reached("upload.joined")

    def link(session: Session) -> None:
        done = uploads.find(session, upload_id)
        if done is None or done.finished_at is not None:
            return
        done.finished_at = ctx.now_ms()
        uploads.clear(session, done)
        _link(session, ctx, done.feed_id, done.person_id, done.sha256, done.bytes, _kind(head, done.type))

    write_together(ctx, link)
    reached("upload.linked")
    _delete(ctx, keys)


def _link(session: Session, ctx: Context, feed_id: str, person_id: str, sha256: str, length: int, kind: str) -> None:
    """Bytes of this person that are verified and kept: their blob, the slots that wait, and a job for the rest."""
    if attachments.blob(session, feed_id, sha256) is None:
        blob = BlobRow(feed_id=feed_id, sha256=sha256, bytes=length, type=kind, stored_at=ctx.now_ms())
        attachments.add_blob(session, blob)
        jobs.add(session, ctx, feed_id, "derive", {"sha256": sha256})
    attachments.note_possession(session, feed_id, person_id, sha256)


def _kind(head: bytes, declared: str) -> str:
    """The type to serve the bytes by: what they begin with. A page that calls itself a picture stays mere bytes."""
    picture = media.sniff(head)
    if picture is not None:
        return picture.type
    return "application/octet-stream" if declared in media.PICTURES or "html" in declared else declared


def _pieces(ctx: Context, keys: list[str]) -> Iterator[bytes]:
    """The bytes of the parts, one after the other, in bounded memory."""
    for key in keys:
        yield from ctx.blobs.stream(key)


def _delete(ctx: Context, keys: list[str]) -> None:
    """Drop pieces that nothing refers to any more."""
    for key in keys:
        ctx.blobs.delete(key)
