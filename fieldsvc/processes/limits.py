"""The figures in force: of each name the newest of the year, and one for the place before one for everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from fieldsvc.processes.money import number

_LEVELS = (2, 4, 6, 9, 12)


def limits_of(rows: Iterable[Mapping[str, str]], year: int, place: str = "") -> dict[str, Decimal]:
    """The limits of that year in a place (an area code) from rows with `name`, `area`, `year` and `value`."""
    best: dict[str, tuple[tuple[int, int], Decimal]] = {}
    for row in rows:
        area, value, since = _prefix(row.get("area") or ""), number(row.get("value")), number(row.get("year"))
        if value is None or (since or 0) > year or not place.startswith(area):
            continue
        merit = (len(area), int(since or 0))
        if row["name"] not in best or merit >= best[row["name"]][0]:
            best[row["name"]] = merit, value
    return {name: value for name, (_, value) in best.items()}


def _prefix(area: str) -> str:
    """What every code in an area begins with: province 2, prefecture 4, county 6, town 9, village 12 digits."""
    digits = len(area.rstrip("0"))
    return area[: next((level for level in _LEVELS if level >= digits), 12)] if digits else ""
