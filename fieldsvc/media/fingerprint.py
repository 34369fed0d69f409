"""Sixty-four bits that stay nearly the same when a picture is compressed, resized, brightened or stamped.

The lowest frequencies of the picture in grey (a cosine transform of 32 × 32 points), each bit saying whether one
of them is above the middle one. Two photos of one file differ in a few bits, two of different things in about half.
A picture with nothing in it, a bare wall or a lens cap, has no fingerprint: its bits would be noise.
"""

from __future__ import annotations

import math
from statistics import median, pstdev

from PIL import Image

BITS = 64
_EDGE = 32
#: Spread of the grey values (of 255) below which a picture says nothing.
_FLAT = 8.0


def _lowest(number: int) -> list[tuple[int, int]]:
    """The lowest frequencies but the constant one, by rising sum of both directions."""
    places = sorted(((x, y) for x in range(_EDGE) for y in range(_EDGE)), key=lambda at: (at[0] + at[1], at))
    return places[1 : number + 1]


_PLACES = _lowest(BITS)
_HIGHEST = max(max(place) for place in _PLACES) + 1
_COSINES = [[math.cos(math.pi * (2 * n + 1) * k / (2 * _EDGE)) for n in range(_EDGE)] for k in range(_HIGHEST)]


def fingerprint(image: Image.Image) -> int | None:
    """The fingerprint of an upright picture, as an unsigned number; None for one without anything in it."""
    grey = image.convert("L").resize((_EDGE, _EDGE), Image.Resampling.BOX)
    points = list(grey.tobytes())
    if pstdev(points) < _FLAT:
        return None
    rows = [points[at : at + _EDGE] for at in range(0, _EDGE * _EDGE, _EDGE)]
    across = [[_dot(row, wave) for wave in _COSINES] for row in rows]
    columns = list(zip(*across, strict=True))
    found = [_dot(columns[x], _COSINES[y]) for x, y in _PLACES]
    middle = median(found)
    return sum(1 << bit for bit, value in enumerate(found) if value > middle)


def _dot(one: list[int] | tuple[float, ...], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
