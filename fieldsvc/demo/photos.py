"""Puts the drawn pictures into the store, each once, with the smaller ones made of it."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import insert

from fieldsvc import media
from fieldsvc.demo.answers import Photo
from fieldsvc.demo.pictures import Picture, draw_all
from fieldsvc.services.context import Context
from fieldsvc.store.tables import BlobRow, DerivativeRow


def keep(ctx: Context, feed_id: str) -> Mapping[str, Sequence[Photo]]:
    """Store every picture; return them by what they show: a house's state, `room`, `booklet`."""
    kept: dict[str, list[Photo]] = {}
    blobs, derived = [], []
    for picture in draw_all():
        full = hashlib.sha256(picture.jpeg).hexdigest()
        ctx.blobs.put(full, picture.jpeg)
        blobs.append(
            {
                "feed_id": feed_id,
                "sha256": full,
                "bytes": len(picture.jpeg),
                "type": "image/jpeg",
                "stored_at": ctx.now_ms(),
            }
        )
        made = media.views(picture.jpeg)
        sizes = {"thumb": made.thumb, "screen": made.screen}
        for kind, smaller in sizes.items():
            digest = hashlib.sha256(smaller.data).hexdigest()
            ctx.blobs.put(digest, smaller.data)
            derived.append(
                {
                    "feed_id": feed_id,
                    "sha256": full,
                    "kind": kind,
                    "blob_sha256": digest,
                    "bytes": len(smaller.data),
                    "width": smaller.width,
                    "height": smaller.height,
                }
            )
        thumb = derived[-2]
        photo = Photo(full, len(picture.jpeg), str(thumb["blob_sha256"]), int(str(thumb["bytes"])))
        kept.setdefault(_kind(picture), []).append(photo)
    with ctx.db.write() as session:
        session.execute(insert(BlobRow), blobs)
        session.execute(insert(DerivativeRow), derived)
    return kept


def _kind(picture: Picture) -> str:
    words = picture.name.split("-")
    return words[1] if words[0] == "house" else words[0]
