"""Photos as people see them: thumbnails sent ahead, smaller pictures made later, and who may look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import media, problems
from fieldsvc.services import access
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import attachments
from fieldsvc.store.tables import BlobRow, DerivativeRow

SIZES = ("thumb", "screen", "full")


@dataclass(frozen=True, slots=True)
class Photo:
    """Bytes to show, with their media type and the digest that names exactly these bytes."""

    type: str
    sha256: str
    pieces: Iterator[bytes]


def keep_thumbnails(ctx: Context, by: Actor, sent: Mapping[str, bytes]) -> list[str]:
    """Store thumbnails by the digest of their photo; return the digests now served.

    Only for photos that this person's own submissions name: the operation travels first. One that is no
    picture, or whose submission is unknown, is left out of the answer and the phone tries it again later.
    """
    with ctx.db.read() as session:
        known = attachments.sent_by(session, by.feed_id, by.person_id, list(sent))
    small = {sha: data for sha, data in sent.items() if sha in known and _is_small_picture(ctx, data)}
    for data in small.values():
        ctx.blobs.put(_digest(data), data)
    with ctx.db.write() as session:
        for sha, data in small.items():
            _record(session, ctx, by.feed_id, sha, "thumb", data)
            attachments.mark(session, by.feed_id, sha, "thumbnail", ("missing",))
    return sorted(small)


def open_photo(ctx: Context, by: Actor, sha256: str, size: str) -> Photo:
    """The photo in the size asked for, or the next best the server has. Raises `not-found`.

    A photo of a household one may not see, and one that never existed, answer alike.
    """
    with ctx.db.read() as session:
        if not _may_see(session, by, sha256):
            raise problems.NotFound()
        full = attachments.blob(session, by.feed_id, sha256)
        made = {kind: attachments.derivative(session, by.feed_id, sha256, kind) for kind in ("thumb", "screen")}
    for wanted in SIZES[SIZES.index(size) :] if size != "full" else ("full",):
        row = made.get(wanted)
        if row is not None:
            return Photo("image/jpeg", row.blob_sha256, ctx.blobs.stream(row.blob_sha256))
    if full is None:
        raise problems.NotFound()
    return Photo(full.type, full.sha256, ctx.blobs.stream(full.sha256))


def derive(ctx: Context, feed_id: str, payload: Mapping[str, Any]) -> None:
    """Job: make the thumbnail and the screen size of a photo that has arrived whole."""
    sha256 = str(payload["sha256"])
    data = ctx.blobs.get(sha256)
    if media.sniff(data[:32]) is None:
        return
    try:
        made = {"thumb": media.thumbnail(data), "screen": media.screen_size(data)}
    except media.Unreadable:
        return  # kept as evidence all the same; the reviewer sees that it cannot be shown
    for picture in made.values():
        ctx.blobs.put(_digest(picture.data), picture.data)
    with ctx.db.write() as session:
        for kind, picture in made.items():
            _record(session, ctx, feed_id, sha256, kind, picture.data, picture.width, picture.height)


def _may_see(session: Session, by: Actor, sha256: str) -> bool:
    """Whether this person sent the photo, holds its household, or supervises the area the household is in."""
    if attachments.visible_to(session, by.feed_id, by.person_id, sha256):
        return True
    subjects = attachments.subjects_of(session, by.feed_id, sha256)
    return any(access.may(session, by, access.Action.VIEW, subject) for subject, _ in subjects)


def _record(
    session: Session,
    ctx: Context,
    feed_id: str,
    sha256: str,
    kind: str,
    data: bytes,
    width: int | None = None,
    height: int | None = None,
) -> None:
    """Note a smaller picture and the blob that holds it."""
    digest = _digest(data)
    attachments.add_blob(
        session,
        BlobRow(
            feed_id=feed_id,
            sha256=digest,
            bytes=len(data),
            type="image/jpeg",
            width=width,
            height=height,
            stored_at=ctx.now_ms(),
        ),
    )
    attachments.add_derivative(
        session,
        DerivativeRow(
            feed_id=feed_id,
            sha256=sha256,
            kind=kind,
            blob_sha256=digest,
            bytes=len(data),
            width=width,
            height=height,
        ),
    )


def _is_small_picture(ctx: Context, data: bytes) -> bool:
    """Whether these bytes are a JPEG that a thumbnail may be."""
    kind = media.sniff(data[:32])
    return kind is not None and kind.type == "image/jpeg" and len(data) <= ctx.settings.thumbnail_bytes


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
