"""The places of the demo district: a county, its towns and villages, their hamlets, and points on hills."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

# Somewhere among real hills, so that slopes and distances on a map look right; no village of ours is there.
CENTRE = (27.72, 114.86)


@dataclass(frozen=True, slots=True)
class Area:
    """One area with its code; `parent` is the id of the area above."""

    id: str
    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Village:
    """A village, its town, the names of its hamlets and its middle (latitude, longitude)."""

    area: Area
    town: Area
    poor: bool
    hamlets: tuple[str, ...]
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Places:
    """The county and everything in it, in the order of the codes."""

    county: Area
    towns: tuple[Area, ...]
    villages: tuple[Village, ...]

    def areas(self) -> list[Area]:
        """Every area, parents before children."""
        return [self.county, *self.towns, *(village.area for village in self.villages)]


def places(random: Random, words: dict[str, Any], ids: Iterator[str]) -> Places:
    """The towns and villages of words.toml, with codes in the usual blocks (towns 1xx, townships 2xx)."""
    county = Area(next(ids), f"{words['county_code']}000000", words["county"], "county", None)
    towns: list[Area] = []
    villages: list[Village] = []
    hamlets = [first + last for first in words["hamlets"]["first"] for last in words["hamlets"]["last"]]
    for place, (town_name, village_names) in enumerate(words["towns"].items()):
        block = (100 if town_name.endswith("镇") else 200) + place
        town = Area(next(ids), f"{words['county_code']}{block}000", town_name, "town", county.id)
        towns.append(town)
        middle = (CENTRE[0] + random.uniform(-0.16, 0.16), CENTRE[1] + random.uniform(-0.19, 0.19))
        for number, name in enumerate(village_names):
            code = f"{words['county_code']}{block}{200 + number}"
            villages.append(
                Village(
                    Area(next(ids), code, name, "village", town.id),
                    town,
                    name in words["villages"]["poor"],
                    tuple(random.sample(hamlets, random.randint(3, 7))),
                    (middle[0] + random.uniform(-0.045, 0.045), middle[1] + random.uniform(-0.05, 0.05)),
                )
            )
    return Places(county, tuple(towns), tuple(villages))


def near(random: Random, point: tuple[float, float], metres: float) -> tuple[float, float]:
    """A point within about so many metres, rounded as phones report it."""
    degrees = metres / 111_000
    return (
        round(point[0] + random.uniform(-degrees, degrees), 6),
        round(point[1] + random.uniform(-degrees, degrees) * 1.13, 6),
    )
