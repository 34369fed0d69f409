"""How much of two pictures is the same picture: looked at again, tile by tile, once their fingerprints are near.

A fingerprint sees only the rough shapes, and every white wall with a window has the same. Here the fine structure
counts: light and slopes of light are taken away, and what is left must agree in most tiles that hold anything.
"""

from __future__ import annotations

import io
import math

from PIL import Image, ImageChops, ImageFilter

_EDGE, _TILE = 96, 8
#: Structure (spread of grey values) below which a tile is bare and says nothing.
_BARE = 1.5
#: Correlation from which two tiles show the same.
_SAME = 0.5
#: Tiles with structure a picture must have before anything is said about it.
_FEWEST = 12


def likeness(one: bytes, other: bytes) -> float:
    """The share, 0 to 1, of tiles with structure in either thumbnail that show the same thing in both."""
    first, second = _structure(one), _structure(other)
    same = told = 0
    for top in range(0, _EDGE, _TILE):
        for left in range(0, _EDGE, _TILE):
            a, b = _tile(first, left, top), _tile(second, left, top)
            spread_a, spread_b = _norm(a), _norm(b)
            if max(spread_a, spread_b) < _BARE * _TILE:
                continue
            told += 1
            if min(spread_a, spread_b) > 0:
                agree = sum(x * y for x, y in zip(a, b, strict=True)) / (spread_a * spread_b)
                same += agree >= _SAME
    return same / told if told >= _FEWEST else 0.0


def _structure(data: bytes) -> bytes:
    """The grey picture without its light: each point against its surroundings, 128 being the same."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as opened:
        grey = opened.convert("L").resize((_EDGE, _EDGE), Image.Resampling.BOX)
    light = grey.filter(ImageFilter.GaussianBlur(5))
    return ImageChops.subtract(grey, light, scale=1.0, offset=128).tobytes()


def _tile(structure: bytes, left: int, top: int) -> list[float]:
    points = [structure[(top + y) * _EDGE + left + x] for y in range(_TILE) for x in range(_TILE)]
    middle = sum(points) / len(points)
    return [point - middle for point in points]


def _norm(tile: list[float]) -> float:
    return math.sqrt(sum(point * point for point in tile))
