"""How complete a household's file is: each of its items produced here, photographed, not needed, or missing."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

#: The dataset of what a household need not have, each with its reason.
EXEMPTIONS = "archive_exemptions"
#: Stands among an item's `records` for the visits, which are no dataset.
VISITS = "visits"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the file and what stands for it: `produced`, `filed`, `exempt` or `missing`."""

    code: str
    group: int
    label: Mapping[str, str]
    state: str
    reason: str = ""
    exemption_id: str | None = None


@cache
def slots() -> tuple[Mapping[str, Any], ...]:
    """The items of a file in their order (`fieldsvc/forms/archive.toml`)."""
    text = resources.files("fieldsvc.forms").joinpath("archive.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["slots"])


def completeness(
    datasets: Collection[str],
    photos: Collection[str],
    exempt: Mapping[str, tuple[str, str]],
    scanned: Collection[str] = (),
) -> Sequence[Item]:
    """Every item of a household that has records of these datasets and photos in these slots.

    `exempt`: the id and the reason of each exemption, by the item's code; `scanned`: the items in which a desk filed a
    paper. A paper that was filed after all stands before the exemption, because it was seen.
    """
    return list(_items(set(datasets), set(photos), exempt, set(scanned)))


def _items(
    datasets: set[str], photos: set[str], exempt: Mapping[str, tuple[str, str]], scanned: set[str]
) -> Iterator[Item]:
    for slot in slots():
        code = str(slot["code"])
        record, reason = exempt.get(code, (None, ""))
        if code in scanned or photos & set(slot.get("photos", ())):
            state = "filed"
        elif datasets & set(slot.get("records", ())):
            state = "produced"
        else:
            state = "exempt" if record else "missing"
        yield Item(code, int(slot["class"]), {"zh": slot["zh"], "en": slot["en"]}, state, reason, record)
