"""A county some days later: what was looked at, photographed and deleted in it, for what a purge takes."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

from sqlalchemy import update

from fieldsvc.services import evidence, fsck, views
from fieldsvc.services.purge import Due
from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    DerivativeRow,
    EntityRow,
    OperationRow,
    SubmissionRow,
)
from tests.contract.place import Place

DAY_MS = 24 * 3600 * 1000


NOTHING = Due(views=0, tombstones=0, photos=0, exports=0, imports=0)


def later(place: Place, days: int, **settings: Any) -> Place:
    """The same county so many days later."""
    ctx, moved = place.ctx, place.ctx.now_ms() + days * DAY_MS
    kept = dataclasses.replace(ctx.settings, **settings)
    return Place(dataclasses.replace(ctx, settings=kept, now_ms=lambda: moved), place.county)


def whole(place: Place) -> bool:
    """Whether neither `fsck` nor the check of evidence finds anything."""
    return [*fsck.check(place.ctx), *evidence.check(place.ctx)] == []


def looks(place: Place, home: str) -> None:
    with place.ctx.db.write() as session:
        views.note(session, place.ctx, place.office, home, {"properties": ["phone"]})


def visited(place: Place, home: str) -> str:
    """A visit to a household, once however often it is asked for; its id."""
    visit, by, now = f"visit of {home}", place.office, place.ctx.now_ms()
    with place.ctx.db.write() as session:
        if session.get(SubmissionRow, (place.feed_id, visit)) is None:
            own = {"feed_id": place.feed_id, "id": visit, "subject_id": home, "author_id": by.person_id}
            sent = {"kind": "submission", "body": b"", "sha256": "", "status": "applied", "updated_at": now}
            session.add(OperationRow(**own, **sent, received_at=now))
            form = {"form_id": "visit", "form_version": "1", "answers": {}, "context": {}, "month": 202611}
            session.add(SubmissionRow(**own, **form, received_at=0))
    return visit


def photographed(place: Place, home: str, data: bytes) -> str:
    """A photo of a household with a smaller picture, both here whole; the photo's digest."""
    visit = visited(place, home)
    feed, sha256, small = place.feed_id, hashlib.sha256(data).hexdigest(), hashlib.sha256(b"small" + data).hexdigest()
    place.ctx.blobs.put(sha256, data)
    place.ctx.blobs.put(small, b"small" + data)
    with place.ctx.db.write() as session:
        known = {"bytes": len(data), "type": "image/jpeg"}
        session.merge(BlobRow(feed_id=feed, sha256=sha256, stored_at=0, **known))
        session.merge(BlobRow(feed_id=feed, sha256=small, stored_at=0, bytes=1, type="image/jpeg"))
        session.add(DerivativeRow(feed_id=feed, sha256=sha256, kind="thumb", blob_sha256=small, bytes=1))
        slot = {"submission_id": visit, "ref": "/data/photo", "subject_id": home, "state": "present"}
        session.add(AttachmentRow(feed_id=feed, sha256=sha256, **slot, **known))
    return sha256


def deleted(place: Place, home: str) -> None:
    """The household is a tombstone from now on, with its values still in it."""
    with place.ctx.db.write() as session:
        session.execute(update(EntityRow).where(EntityRow.id == home).values(deleted=True))
