"""Bytes that have all come: verified, kept under their digest, linked, and handed to the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy.orm import Session

from fieldsvc import media, problems
from fieldsvc.failpoints import reached
from fieldsvc.services import jobs
from fieldsvc.services.context import Context
from fieldsvc.services.shared_writes import write_together
from fieldsvc.store import attachments, uploads


class _Checked:
    """Pieces on their way to the disk, read once: what they begin with, and no end if their digest is another."""

    def __init__(self, pieces: Iterator[bytes], sha256: str) -> None:
        self.head = b""
        self._pieces, self._sha256 = pieces, sha256

    def __iter__(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in self._pieces:
            digest.update(piece)
            self.head += piece[: 32 - len(self.head)]
            yield piece
        if digest.hexdigest() != self._sha256:
            raise problems.DigestMismatch(offset=0)


def finish(ctx: Context, upload_id: str) -> None:
    """Verify the whole, keep it under its digest, link it, and leave the rest of the work to a job."""
    with ctx.db.read() as session:
        row = uploads.find(session, upload_id)
        keys = [part.key for part in uploads.parts(session, upload_id)]
    if row is None or row.finished_at is not None:
        return
    file = _Checked(_pieces(ctx, keys), row.sha256)
    try:
        ctx.blobs.put_stream(row.sha256, iter(file))
    except problems.DigestMismatch:
        with ctx.db.write() as session:
            damaged = uploads.find(session, upload_id)
            if damaged is not None and damaged.finished_at is not None:
                return  # another connection has joined them meanwhile, and dropped them
            if damaged is not None:
                uploads.clear(session, damaged)
                damaged.offset = 0
                uploads.fence(session, upload_id)
        delete(ctx, keys)
        raise
    reached("upload.joined")

    def complete(session: Session) -> None:
        done = uploads.find(session, upload_id)
        if done is None or done.finished_at is not None:
            return
        done.finished_at = ctx.now_ms()
        uploads.clear(session, done)
        link(session, ctx, done.feed_id, done.person_id, done.sha256, done.bytes, kind(file.head, done.type))

    write_together(ctx, complete)
    reached("upload.linked")
    delete(ctx, keys)


def link(
    session: Session, ctx: Context, feed_id: str, person_id: str, sha256: str, length: int, media_type: str
) -> None:
    """Bytes of this person that are verified and kept: their blob, the slots that wait, and a job for the rest."""
    if attachments.add_blob(session, feed_id, sha256, bytes=length, type=media_type, stored_at=ctx.now_ms()):
        jobs.add(session, ctx, feed_id, "derive", {"sha256": sha256})
    attachments.note_possession(session, feed_id, person_id, sha256)


def kind(head: bytes, declared: str) -> str:
    """The type to serve the bytes by: what they begin with. A page that calls itself a picture stays mere bytes."""
    picture = media.sniff(head)
    if picture is not None:
        return picture.type
    return "application/octet-stream" if declared in media.PICTURES or "html" in declared else declared


def _pieces(ctx: Context, keys: list[str]) -> Iterator[bytes]:
    """The bytes of the parts, one after the other, in bounded memory.

    One that is not there is damage like any other: a backup leaves parts out, and the phone begins its photo again.
    """
    for key in keys:
        try:
            yield from ctx.blobs.stream(key)
        except KeyError:
            raise problems.DigestMismatch(offset=0) from None


def delete(ctx: Context, keys: list[str]) -> None:
    """Drop pieces that nothing refers to any more."""
    for key in keys:
        ctx.blobs.delete(key)
