"""A rectangle on the map as an address writes it: west,south,east,north in degrees of WGS-84."""

from __future__ import annotations

import math

from fieldsvc.store.places.read import Box


def box_of(text: str | None) -> Box | None:
    """The rectangle a text names; nothing for what is none."""
    try:
        numbers = [float(part) for part in (text or "").split(",")]
    except ValueError:
        return None
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        return None
    west, south, east, north = numbers
    return (west, south, east, north) if west <= east and south <= north else None


def text_of_box(box: Box) -> str:
    """What `box_of` reads back, to about a decimetre."""
    return ",".join(f"{number:.6f}" for number in box)
