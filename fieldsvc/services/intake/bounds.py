"""Whether an edit moves a home point out of the county: the forms ask at the door, a record on a phone does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from fieldsvc.services.intake.wishes import Wish

#: The record whose point is bounded, as in the rule `in_county` of `fieldsvc/forms/rules/household.toml`.
HOUSEHOLDS, HOME = "households", "home_gps"


def outside(wish: Wish, figures: Callable[[], Mapping[str, Decimal]]) -> bool:
    """Whether the point this would put in lies beyond a figure of the county; one it has not entered bounds nothing."""
    point = wish.changes.get(HOME) if wish.dataset == HOUSEHOLDS else None
    try:
        latitude, longitude = [float(part) for part in (point or "").split()[:2]]
    except ValueError:
        return False
    bounds = (("home_south", "home_north", latitude), ("home_west", "home_east", longitude))
    known = figures()
    return any(
        degrees < known.get(least, degrees) or degrees > known.get(most, degrees) for least, most, degrees in bounds
    )
