"""Functions about places, on WGS-84 points written "lat lon altitude accuracy", lines joined by ";".

The JavaScript twin is `static/parts/distance.js`. Results are rounded to centimetres, below which the two languages'
trigonometry differs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import Entry, Scope
from fieldsvc.xlsform.values import Value, flat, to_number, to_text, words

Point = tuple[float, float]
RADIUS = 6_378_100


def _point(text: str) -> Point | None:
    parts = [to_number(part, 0) for part in words(text)]
    if len(parts) > 1 and abs(parts[0]) <= 90 and abs(parts[1]) <= 180:
        return parts[0], parts[1]
    return None


def _line(args: list[Value]) -> list[Point] | None:
    texts = [part for value in flat(args) for part in to_text(value, 0).split(";") if part.strip()]
    points = [_point(text) for text in texts]
    known = [point for point in points if point]
    return known if len(known) == len(points) else None


def metres(a: Point, b: Point) -> float:
    """The distance between two points, on a sphere."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    )
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(half)))


def _along(points: list[Point], body: Callable[[Point, Point], float]) -> float:
    return sum(body(a, b) for a, b in pairwise(points))


def _cents(value: float) -> float:
    return math.floor(value * 100 + 0.5) / 100


def _distance(args: list[Value], _: Scope) -> Value:
    points = _line(args)
    return _cents(_along(points, metres)) if points is not None else math.nan


def _area(args: list[Value], _: Scope) -> Value:
    points = _line(args)
    if points is None:
        return math.nan
    if len(points) < 3:
        return 0.0
    lat, lon = points[0]
    flat_points = [
        (math.radians(b - lon) * math.cos(math.radians(a)), math.radians(a - lat)) for a, b in [*points, points[0]]
    ]
    double = _along(flat_points, lambda a, b: a[0] * b[1] - b[0] * a[1])
    return _cents(abs(double) / 2 * RADIUS * RADIUS)


def _geofence(args: list[Value], _: Scope) -> Value:
    where, shape = _line(args[:1]), _line(args[1:])
    if not where or not shape or len(where) != 1 or len(shape) < 3:
        raise ExpressionError("not-a-place")
    lat, lon = where[0]
    inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(shape, [*shape[1:], shape[0]], strict=True):
        if (lon_a > lon) != (lon_b > lon) and lat < (lat_b - lat_a) * (lon - lon_a) / (lon_b - lon_a) + lat_a:
            inside = not inside
    return inside


def _side(a: Point, b: Point, c: Point) -> float:
    """On which side of the line from `a` to `b` lies `c`: positive, negative, or 0 on it."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    """Whether `c`, which lies on the line through `a` and `b`, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two segments have a point in common."""
    one, two, three, four = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if one * two < 0 and three * four < 0:
        return True
    touching = ((one, (a, b, c)), (two, (a, b, d)), (three, (c, d, a)), (four, (c, d, b)))
    return any(side == 0 and _between(*points) for side, points in touching)


def _intersects(args: list[Value], _: Scope) -> Value:
    """Whether a line crosses or touches itself, except at corners and where it closes."""
    points = _line(args)
    if not points:
        return False
    segments = [(a, b) for a, b in pairwise(points) if a != b]
    last = len(segments) - 1 if points[0] == points[-1] else None
    for n, (a, b) in enumerate(segments):
        for m, (c, d) in enumerate(segments[n + 1 :], n + 1):
            if m == n + 1:  # meets at the corner, and may not come back over the line
                if _side(a, b, d) == 0 and (_between(a, b, d) or _between(c, d, a)):
                    return True
            elif not (n == 0 and m == last) and _meet(a, b, c, d):
                return True
    return False


GEO = {
    "distance": Entry(1, 99, _distance),
    "area": Entry(1, 99, _area),
    "geofence": Entry(2, 2, _geofence),
    "intersects": Entry(1, 1, _intersects),
}
