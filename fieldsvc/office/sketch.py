"""A small map without a map: where the house is known to be, where the phone was, and how far apart.

The office must work on a county network without tiles from anywhere, so the page draws the two points to
scale in plain SVG. Distances are on the sphere: at these lengths a better earth changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 320, 200, 36
_EARTH_METRES = 6_371_000
_BAR_LENGTHS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


@dataclass(frozen=True, slots=True)
class Position:
    """A point on WGS-84 and the radius in metres the phone gave for it."""

    latitude: float
    longitude: float
    accuracy: float | None = None

    def text(self, metres: Callable[[float], str]) -> str:
        """29.87000, 118.33000 ±8 m."""
        place = f"{self.latitude:.5f}, {self.longitude:.5f}"
        accuracy = f"±{metres(self.accuracy)}".replace(" ", "\u00a0") if self.accuracy else ""
        return f"{place} {accuracy}".rstrip()


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the drawing, with its accuracy as a radius in the same units."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing to scale: the home point, the visit's point, their distance, and a bar to measure by."""

    home: Mark | None
    visit: Mark
    metres: float | None
    direction: str | None
    bar: float
    bar_metres: int


def parse(value: object) -> Position | None:
    """The position in an answer "lat lon alt acc"; None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        numbers = [float(part) for part in value.split()]
    except ValueError:
        return None
    if len(numbers) < 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return None
    accuracy = numbers[3] if len(numbers) > 3 and numbers[3] > 0 else None
    return Position(numbers[0], numbers[1], accuracy)


def distance(here: Position, there: Position) -> float:
    """Metres between two points; swapping them changes nothing."""
    a, b = math.radians(here.latitude), math.radians(there.latitude)
    across = math.radians(there.longitude - here.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(h)))


def direction(here: Position, there: Position) -> str:
    """Which way `there` lies from `here`, as one of eight winds."""
    east, north = _metres_from(here, there)
    angle = math.degrees(math.atan2(east, north)) % 360
    return _DIRECTIONS[round(angle / 45) % 8]


def draw(visit: Position, home: Position | None) -> Sketch:
    """The sketch of a visit's position beside its house's, or of the position alone."""
    east, north = _metres_from(home, visit) if home else (0.0, 0.0)
    # Both circles must fit: half the way between the points, and the larger of what the phones were unsure of.
    unsure = max(visit.accuracy or 0, (home and home.accuracy) or 0)
    wide, high = abs(east) / 2 + unsure, abs(north) / 2 + unsure
    scale = min((WIDTH / 2 - MARGIN) / max(wide, 10), (HEIGHT / 2 - MARGIN / 2) / max(high, 10))
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2

    def mark(place: Position, x: float, y: float) -> Mark:
        px = middle_x + (x - east / 2) * scale
        py = middle_y - (y - north / 2) * scale
        return Mark(round(px, 1), round(py, 1), round((place.accuracy or 0) * scale, 1))

    longest = (WIDTH / 3) / scale
    bar = max((length for length in _BAR_LENGTHS if length <= longest), default=_BAR_LENGTHS[0])
    return Sketch(
        home=mark(home, 0, 0) if home else None,
        visit=mark(visit, east, north),
        metres=distance(home, visit) if home else None,
        direction=direction(home, visit) if home and (east or north) else None,
        bar=round(bar * scale, 1),
        bar_metres=bar,
    )


def _metres_from(here: Position, there: Position) -> tuple[float, float]:
    north = math.radians(there.latitude - here.latitude) * _EARTH_METRES
    east = math.radians(there.longitude - here.longitude) * _EARTH_METRES
    return east * math.cos(math.radians(here.latitude)), north
