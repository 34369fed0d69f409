"""The pictures of a form: how small they must be, and under which digest each is kept and fetched.

Every phone fetches all of them before the form counts as here, on 2G: so they are drawings of the size of a stamp,
never photos as a camera takes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldsvc.media.measure import measure
from fieldsvc.media.strip import strip

#: Bytes and pixels of one picture, and bytes of all of a form: as much again as a first sync, 12 s at 40 kbit/s.
LARGEST, LONGEST_EDGE, ALL = 12 * 1024, 640, 60 * 1024


@dataclass(slots=True)
class Pictures:
    """The pictures that came with a form, by file name; those it shows are noted in `used`, by digest."""

    given: Mapping[str, bytes] = field(default_factory=dict)
    used: dict[str, bytes] = field(default_factory=dict)

    def objection(self, name: str) -> tuple[str, str] | None:
        """Why this file cannot be shown: the code and the detail of a problem, or None when it can."""
        data = self.given.get(name)
        if data is None:
            return "picture-missing", name
        found = measure(data)
        if found is None:
            return "picture-unfit", name
        size, (_, width, height) = len(_plain(data)), found
        if size > LARGEST or max(width, height) > LONGEST_EDGE:
            return "picture-too-large", f"{name}: {width} × {height}, {-(-size // 1024)} KB"
        return None

    def take(self, name: str) -> str | None:
        """The digest under which phones fetch this picture, or None when it cannot be shown."""
        if self.objection(name):
            return None
        data = _plain(self.given[name])
        digest = hashlib.sha256(data).hexdigest()
        self.used[digest] = data
        return digest


def _plain(data: bytes) -> bytes:
    """Without what a camera or an editor wrote beside the picture."""
    return strip(data) or data
