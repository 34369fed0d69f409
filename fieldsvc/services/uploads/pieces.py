"""A piece becomes durable before its offset is told; the last one verifies and links the whole."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.failpoints import reached
from fieldsvc.services.context import Context
from fieldsvc.services.shared_writes import write_together
from fieldsvc.services.uploads import linking
from fieldsvc.services.uploads.standing import Upload
from fieldsvc.store import uploads


def append(ctx: Context, upload: Upload, data: bytes, checksum: bytes | None = None) -> int:
    """Make a piece durable and return the new offset; the last piece verifies and links the whole.

    `checksum` is the SHA-1 or SHA-256 of the piece. Raises `digest-mismatch`, `offset-mismatch`.
    """
    if upload.offset + len(data) > upload.bytes:
        raise problems.OffsetMismatch(offset=upload.offset)
    check(data, checksum)
    if not data:
        return upload.offset
    if len(data) == upload.bytes:
        return _keep_whole(ctx, upload, data)
    key = _key(upload)
    ctx.blobs.put(key, data)

    def advance(session: Session) -> bool:
        return uploads.advance(session, upload.id, upload.generation, upload.offset, length=len(data), key=key)

    if not write_together(ctx, advance):
        ctx.blobs.delete(key)
        raise problems.OffsetMismatch()
    reached("piece.noted")
    offset = upload.offset + len(data)
    if offset == upload.bytes:
        linking.finish(ctx, upload.id)
    return offset


def _key(upload: Upload) -> str:
    """A place for this piece that no other has: beginnings of one photo that broke off may be kept at the same moment,
    from the same offset and in the same generation, and only one of them is counted in."""
    return f"parts/{upload.id}.{upload.generation:06d}{upload.offset:012d}{secrets.randbelow(10**9):09d}"


def check(data: bytes, checksum: bytes | None) -> None:
    """Compare a piece with the SHA-1 or SHA-256 that came with it, if one did."""
    if checksum is not None and checksum not in (
        hashlib.sha256(data).digest(),
        hashlib.sha1(data, usedforsecurity=False).digest(),  # the algorithm every tus client knows
    ):
        raise problems.DigestMismatch()


def _keep_whole(ctx: Context, upload: Upload, data: bytes) -> int:
    """A photo that came in one piece is kept at once: written once, and one commit for offset and link together."""
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        raise problems.DigestMismatch(offset=0)
    ctx.blobs.put(upload.sha256, data)

    def complete(session: Session) -> None:
        done = uploads.complete(session, upload.id, upload.generation, ctx.now_ms())
        if done is None:
            raise problems.OffsetMismatch()
        kind = linking.kind(data[:32], done.type)
        linking.link(session, ctx, done.feed_id, done.person_id, upload.sha256, upload.bytes, kind)

    write_together(ctx, complete)
    return upload.bytes
