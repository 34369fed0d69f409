"""Chinese maps shift every point: GCJ-02 by up to 700 metres, Baidu's BD-09 by some more. Phones give WGS-84.

Everything is stored, compared and exported as WGS-84. A point is shifted where a map shows it (`shown`) and shifted
back where a person points at that map (`pointed`), nowhere else. The shift is a published approximation, good to a
metre or two. The browser's twin is `office/static/datum.js`; `tests/vectors/datum.json` holds both to published points.

A house "500 m away" is often the same point read in the other system, so before a distance is held against anybody
both points are tried in all three.
"""

from __future__ import annotations

import math
from typing import Literal

_AXIS, _FLATNESS = 6_378_245.0, 0.00669342162296594323
_EARTH_METRES = 6_371_000
_BAIDU_TURN = math.pi * 3000 / 180

#: Latitude and longitude in degrees.
Point = tuple[float, float]
#: The system a map is drawn in.
Datum = Literal["wgs84", "gcj02", "bd09"]


def metres(one: Point, other: Point) -> float:
    """The distance of two points (latitude, longitude) on the sphere."""
    a, b = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(h)))


def nearest_reading(one: Point, other: Point) -> float:
    """The distance of two points in whichever systems bring them closest together."""
    return min(metres(a, b) for a in readings(one) for b in readings(other))


def readings(point: Point) -> tuple[Point, Point, Point]:
    """The WGS-84 point, if the numbers are WGS-84, GCJ-02 or BD-09."""
    return point, from_gcj(point), from_bd(point)


def shown(point: Point, datum: Datum) -> Point:
    """Where a map of this system shows a WGS-84 point."""
    if datum == "wgs84":
        return point
    return to_gcj(point) if datum == "gcj02" else to_bd(point)


def pointed(point: Point, datum: Datum) -> Point:
    """The WGS-84 point that a map of this system shows there."""
    if datum == "wgs84":
        return point
    return from_gcj(point) if datum == "gcj02" else from_bd(point)


def to_gcj(point: Point) -> Point:
    """A WGS-84 point as GCJ-02 has it; outside the rough rectangle of China nothing is shifted."""
    latitude, longitude = point
    if not (0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347):
        return point
    north, east = _shift(longitude - 105.0, latitude - 35.0)
    angle = math.radians(latitude)
    magic = 1 - _FLATNESS * math.sin(angle) ** 2
    root = math.sqrt(magic)
    north = north * 180 / ((_AXIS * (1 - _FLATNESS)) / (magic * root) * math.pi)
    east = east * 180 / (_AXIS / root * math.cos(angle) * math.pi)
    return latitude + north, longitude + east


def from_gcj(point: Point) -> Point:
    """The WGS-84 point that GCJ-02 shows there: found by going back by the shift, thrice."""
    guess = point
    for _ in range(3):
        shown = to_gcj(guess)
        guess = guess[0] + point[0] - shown[0], guess[1] + point[1] - shown[1]
    return guess


def to_bd(point: Point) -> Point:
    """A WGS-84 point as Baidu's maps have it; outside China too they add their own shift to an unshifted point."""
    return bd_of_gcj(to_gcj(point))


def from_bd(point: Point) -> Point:
    """The WGS-84 point that Baidu's maps show there, to a tenth of a metre."""
    return from_gcj(gcj_of_bd(point))


def bd_of_gcj(point: Point) -> Point:
    """A GCJ-02 point in BD-09."""
    y, x = point
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU_TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU_TURN)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


def gcj_of_bd(point: Point) -> Point:
    """A BD-09 point in GCJ-02."""
    y, x = point[0] - 0.006, point[1] - 0.0065
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * _BAIDU_TURN)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU_TURN)
    return radius * math.sin(angle), radius * math.cos(angle)


def _shift(x: float, y: float) -> tuple[float, float]:
    """Metres north and east, x and y being degrees from the middle of China."""
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    return north, east
