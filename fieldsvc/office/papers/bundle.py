"""What a household's bundle of papers consists of, and where its pictures come from."""

from __future__ import annotations

from fieldsvc import problems
from fieldsvc.services import photos
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context

#: The documents of the bundle, in the order in which the file is bound.
BUNDLE = ("cover", "handbook", "plan", "acceptance", "file")


def picture(ctx: Context, by: Actor, sha256: str) -> bytes | None:
    """The small picture: a bundle has to be mailed from a town's office. None when it is no picture, or not here."""
    try:
        found = photos.open_photo(ctx, by, sha256, "thumb")
    except problems.NotFound:
        return None
    return b"".join(found.pieces) if found.picture else None
