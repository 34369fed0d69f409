"""Photos as people see them: thumbnails sent ahead, smaller pictures made later, and who may look."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import media, problems
from fieldsvc.media import Derived
from fieldsvc.services import access, code_photos, scrutiny
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import attachments, fingerprints
from fieldsvc.store.attachments import Link
from fieldsvc.store.tables import DerivativeRow

SIZES = ("thumb", "screen", "full")


@dataclass(frozen=True, slots=True)
class Photo:
    """Bytes to show, with their media type and the digest that names exactly these bytes.

    `settled`: this size of this photo will never be other bytes. Until the worker has opened the photo, a phone's
    thumbnail or a larger size stands in. `picture`: bytes a browser may be asked to draw.
    """

    type: str
    sha256: str
    pieces: Iterator[bytes]
    settled: bool
    picture: bool


def keep_thumbnails(ctx: Context, by: Actor, sent: Mapping[str, bytes]) -> list[str]:
    """Store thumbnails by the digest of their photo; return the digests now served.

    Only for photos that this person's own submissions name: the operation travels first. One that is no
    picture, or whose submission is unknown, is left out of the answer and the phone tries it again later.
    """
    with ctx.db.read() as session:
        known = attachments.sent_by(session, by.feed_id, by.person_id, list(sent))
    stripped = {sha: _thumbnail(ctx, data) for sha, data in sent.items() if sha in known}
    small = {sha: data for sha, data in stripped.items() if data is not None}
    for data in small.values():
        ctx.blobs.put(_digest(data), data)
    with ctx.db.write() as session:
        for sha, data in small.items():
            kind = attachments.sent_ahead(by.person_id)
            _record(session, ctx, by.feed_id, sha, kind, Derived(data, None, None), made_here=False)
            attachments.note_thumbnail(session, by.feed_id, by.person_id, sha)
    return sorted(small)


def open_photo(ctx: Context, by: Actor, sha256: str, size: str) -> Photo:
    """The photo in the size asked for, or the next best the server has. Raises `not-found`.

    A photo of a household one may not see, and one that never existed, answer alike.
    """
    with ctx.db.read() as session:
        links = _within_sight(session, by, sha256)
        if not links:
            raise problems.NotFound()
        whole = links[0].state == attachments.PRESENT
        full = attachments.blob(session, by.feed_id, sha256) if whole else None
        kinds = ("thumb", "screen") if whole else ()
        made = {kind: attachments.derivative(session, by.feed_id, sha256, kind) for kind in kinds}
        if made.get("thumb") is None:
            ahead = (
                attachments.derivative(session, by.feed_id, sha256, attachments.sent_ahead(link.author_id))
                for link in links
            )
            made["thumb"] = next((row for row in ahead if row is not None), None)
    for wanted in SIZES[SIZES.index(size) :] if size != "full" else ("full",):
        row = made.get(wanted)
        if row is not None:
            settled = row.made_here and wanted == size
            return Photo("image/jpeg", row.blob_sha256, ctx.blobs.stream(row.blob_sha256), settled, picture=True)
    if full is None:
        raise problems.NotFound()
    picture = full.type in media.PICTURES
    return Photo(full.type, full.sha256, ctx.blobs.stream(full.sha256), size == "full", picture)


def small_of(ctx: Context, by: Actor, household_id: str, digests: Collection[str]) -> Mapping[str, str]:
    """The digests of the small pictures of those of these photos that are here whole and were opened, in one statement.

    Raises `not-found` for a household out of sight.
    """
    with ctx.db.read() as session:
        access.require(session, by, access.Action.VIEW, household_id)
        return attachments.small_of(session, by.feed_id, household_id, digests)


def derive(ctx: Context, feed_id: str, payload: Mapping[str, Any]) -> None:
    """Job: make the thumbnail and the screen size of a photo that has arrived whole, or note why they cannot be.

    The original stays as it came either way: it is the evidence.
    """
    sha256 = str(payload["sha256"])
    data = ctx.blobs.get(sha256)
    try:
        views = media.views(data)
    except media.Unreadable as problem:
        with ctx.db.write() as session:
            attachments.describe(session, feed_id, sha256, width=None, height=None, unshown=problem.reason)
        return
    made = {"thumb": views.thumb, "screen": views.screen}
    for picture in made.values():
        ctx.blobs.put(_digest(picture.data), picture.data)
    with ctx.db.write() as session:
        attachments.describe(session, feed_id, sha256, width=views.width, height=views.height, unshown=None)
        for kind, picture in made.items():
            _record(session, ctx, feed_id, sha256, kind, picture, made_here=True)
        if views.fingerprint is not None:
            fingerprints.add(session, feed_id, sha256, views.fingerprint)
    code_photos.read(ctx, feed_id, sha256, data)
    scrutiny.look_at_photo(ctx, feed_id, sha256)


def _within_sight(session: Session, by: Actor, sha256: str) -> list[Link]:
    """The links through which this person may look: of their own submissions, of households they hold, of households
    in an area of theirs. One with the whole photo comes first, and is enough."""
    found = attachments.links(session, by.feed_id, sha256, person_id=by.person_id)
    if found and found[0].state == attachments.PRESENT:
        return found
    reached: dict[str, bool] = {}
    for link in attachments.links(session, by.feed_id, sha256):
        if link.subject_id not in reached:
            reached[link.subject_id] = access.may(session, by, access.Action.VIEW, link.subject_id)
        if reached[link.subject_id]:
            found.append(link)
            if link.state == attachments.PRESENT:
                return [link]
    return found


def _record(
    session: Session, ctx: Context, feed_id: str, sha256: str, kind: str, picture: Derived, *, made_here: bool
) -> None:
    """Note a smaller picture and the blob that holds it."""
    digest = _digest(picture.data)
    size = {"bytes": len(picture.data), "width": picture.width, "height": picture.height}
    attachments.add_blob(session, feed_id, digest, type="image/jpeg", stored_at=ctx.now_ms(), **size)
    smaller = DerivativeRow(feed_id=feed_id, sha256=sha256, kind=kind, blob_sha256=digest, made_here=made_here, **size)
    attachments.put_derivative(session, smaller)


def _thumbnail(ctx: Context, data: bytes) -> bytes | None:
    """A thumbnail a phone sent, without metadata; None for anything that is not a small JPEG."""
    return media.strip(data) if len(data) <= ctx.settings.thumbnail_bytes else None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
