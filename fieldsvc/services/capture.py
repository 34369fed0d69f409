"""What a phone tells of a photo beside its bytes, and of a position beside its numbers: when, where and how it was
taken. For a person to weigh, and never read from the picture itself: EXIF is what the last program wrote there.
(protocol 7.8, 7.9)

What is not as the protocol says is left out here and refuses nothing: the photo is the evidence, this is about it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: The year 2100: a phone that believes more than that says nothing about when a photo was taken.
_LAST_MS = 4_102_444_800_000
#: The clock of a phone out of repair says 1970.
_FARTHEST_CLOCK_MS = _LAST_MS
_LONGEST_WORD = 40
_DIGEST = re.compile(r"[0-9a-f]{64}")

#: Latitude, longitude, and how many metres the phone was unsure of.
Fix = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Capture:
    """`source`: camera, system or gallery; of a signature, signature or paper.

    `taken_at` by the phone's clock in milliseconds; `clock_offset` is what is added for the server's, as far as the
    phone knew. `position`: "lat lon altitude accuracy" in WGS-84, known `position_age` seconds before the shutter, by
    `position_source`. `signed`: of a signature, the digest of what stood in the form (`fieldsvc.services.signing`).
    """

    source: str | None = None
    taken_at: int | None = None
    clock_offset: int | None = None
    position: str | None = None
    position_age: int | None = None
    position_source: str | None = None
    signed: str | None = None

    @property
    def moment(self) -> int | None:
        """When it was taken, by the server's clock as far as it is known."""
        return None if self.taken_at is None else max(0, min(_LAST_MS, self.taken_at + (self.clock_offset or 0)))

    @property
    def fix(self) -> Fix | None:
        """Where it was taken, as numbers."""
        return fix_of(self.position)

    def as_json(self) -> dict[str, Any] | None:
        """What is stored with the link: what is known and nothing else."""
        known = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in known.items() if value is not None} or None


def of_photo(photo: Mapping[str, Any]) -> Capture:
    """What an answer that names a photo tells of its capture."""
    place = photo.get("position")
    place = place if isinstance(place, Mapping) else {}
    point = place.get("point")
    known = fix_of(point) is not None
    taken_at = _whole(photo.get("taken_at"), 0, _LAST_MS)
    return Capture(
        source=_word(photo.get("source")),
        taken_at=taken_at,
        clock_offset=_whole(photo.get("clock_offset"), -_FARTHEST_CLOCK_MS, _FARTHEST_CLOCK_MS)
        if taken_at is not None
        else None,
        position=str(point) if known else None,
        position_age=_whole(place.get("age"), 0, _LAST_MS) if known else None,
        position_source=_word(place.get("source")) if known else None,
        signed=_digest(photo.get("signed")),
    )


def of_position(context: Mapping[str, Any], point: str) -> Capture | None:
    """What the context of a submission tells of a position among its answers; None where it tells nothing."""
    told = context.get("fixes")
    facts = told.get(point) if isinstance(told, Mapping) else None
    if not isinstance(facts, Mapping) or fix_of(point) is None:
        return None
    place = {"point": point, "age": facts.get("age"), "source": facts.get("source")}
    clock = {name: facts.get(name) for name in ("taken_at", "clock_offset")}
    return of_photo({**clock, "position": place})


def stored(facts: Mapping[str, Any] | None) -> Capture:
    """What a link keeps of it; nothing for photos of older apps."""
    return Capture(**{name: value for name, value in (facts or {}).items() if name in Capture.__slots__})


def fix_of(value: object) -> Fix | None:
    """Latitude, longitude and accuracy of "lat lon alt accuracy"; None when it is none."""
    if not isinstance(value, str) or len(value) > 4 * _LONGEST_WORD:
        return None
    try:
        numbers = [float(part) for part in value.split()[:4]]
    except ValueError:
        return None
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)) or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return None
    return numbers[0], numbers[1], max(0.0, numbers[3]) if len(numbers) > 3 else 0.0


def _whole(value: object, least: int, most: int) -> int | None:
    sound = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    return value if sound and isinstance(value, int) else None


def _digest(value: object) -> str | None:
    return value if isinstance(value, str) and _DIGEST.fullmatch(value) else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_WORD else None
