"""Whether an edit moves a home point out of its area: the forms ask at the door, a record on a phone does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite

from fieldsvc.services.intake.wishes import Wish
from fieldsvc.store.entities import Stored

#: The record whose point is bounded, and what says by whose figures, as `in_county` does it in the forms
#: (`fieldsvc/forms/rules/household.toml`).
HOUSEHOLDS, HOME, AREA = "households", "home_gps", "area_code"


def outside(wish: Wish, stored: Stored | None, figures: Callable[[str], Mapping[str, Decimal]]) -> bool:
    """Whether the point this would put in lies beyond a figure of the household's area, or is none on the earth.

    What nobody has entered bounds nothing. `figures`: those in force in the area with a code.
    """
    point = wish.changes.get(HOME) if wish.dataset == HOUSEHOLDS else None
    try:
        latitude, longitude = [float(part) for part in (point or "").split()[:2]]
    except ValueError:
        return False
    if not (isfinite(latitude) and isfinite(longitude)):
        return True
    known = figures((stored.entity.properties.get(AREA) if stored else wish.changes.get(AREA)) or "")
    bounds = (("home_south", "home_north", latitude), ("home_west", "home_east", longitude))
    return any(
        degrees < known.get(least, degrees) or degrees > known.get(most, degrees) for least, most, degrees in bounds
    )
