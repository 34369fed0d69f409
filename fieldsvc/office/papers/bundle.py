"""What a household's bundle of papers consists of, and where its pictures come from."""

from __future__ import annotations

from collections.abc import Mapping

from fieldsvc import problems
from fieldsvc.services import photos
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.households import Household

#: The documents of the bundle, in the order in which the file is bound.
BUNDLE = ("cover", "handbook", "plan", "acceptance", "file")


class SmallPictures:
    """The small pictures of a household's photos: a bundle has to be mailed from a town's office.

    Looked up in one statement when the first is asked for. One that the worker has not opened yet is asked for alone,
    as a page does, and the next best stands in.
    """

    def __init__(self, ctx: Context, by: Actor, household: Household) -> None:
        self._ctx, self._by, self._household = ctx, by, household
        self._small: Mapping[str, str] | None = None

    def __call__(self, sha256: str) -> bytes | None:
        """The picture's bytes; None when it is no picture, or not here."""
        if self._small is None:
            shots = (one for series in self._household.series.values() for slot in series.slots for one in slot.shots)
            self._small = photos.small_of(
                self._ctx, self._by, self._household.record.id, {shot.sha256 for shot in shots}
            )
        if sha256 in self._small:
            return self._ctx.blobs.get(self._small[sha256])
        try:
            found = photos.open_photo(self._ctx, self._by, sha256, "thumb")
        except problems.NotFound:
            return None
        return b"".join(found.pieces) if found.picture else None
