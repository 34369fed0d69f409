"""Reads the slots of photo series: the shipped table, and over it the county's own.

A slot has its name in both languages, the dataset and the two date properties between which its photos belong, whether
the camera is asked for, and the slot beside which it is shown. A slip of the pen is named, never passed over: a flag
that is not raised is missed by nobody.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

#: The slots by name, in the order in which a household's page shows them.
Slots = Mapping[str, Mapping[str, Any]]

_KINDS: Mapping[str, type] = {
    "zh": str, "en": str, "dataset": str, "from": str, "until": str, "beside": str, "camera": bool, "off": bool,
}  # fmt: skip


class SlotProblem(ValueError):
    """A table of slots that cannot be used; the sentence names the slot and the key."""


def read(shipped: str, county: str = "") -> Slots:
    """The slots of two TOML texts. A county's slot replaces what it says of the shipped one, or is one more; `off`
    takes one away. Raises `SlotProblem`."""
    found = dict(_tables(shipped))
    for name, content in _tables(county).items():
        found[name] = {**found.get(name, {}), **content}
    kept = {name: content for name, content in found.items() if not content.get("off")}
    for name, content in kept.items():
        _check(name, content, kept)
    return kept


def check_dates(slots: Slots, datasets: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Raise `SlotProblem` where a date is none of its record. `datasets`: the properties of each."""
    for name, content in slots.items():
        if "dataset" not in content:
            continue
        known = datasets.get(content["dataset"])
        if known is None:
            raise SlotProblem(f"{name}: there is no dataset {content['dataset']}")
        for end in ("from", "until"):
            if end in content and known.get(content[end], {}).get("type") != "date":
                raise SlotProblem(f"{name}: {content['dataset']} has no date {content[end]}, which {end} names")


def _tables(text: str) -> dict[str, dict[str, Any]]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        raise SlotProblem(f"The county's file is no TOML: {mistake}") from None
    for name, content in found.items():
        if not isinstance(content, dict):
            raise SlotProblem(f"{name}: must be a table")
    return found


def _check(name: str, content: Mapping[str, Any], slots: Slots) -> None:
    for key, value in content.items():
        if key not in _KINDS:
            raise SlotProblem(f"{name}: there is no key {key}")
        if not isinstance(value, _KINDS[key]):
            raise SlotProblem(f"{name}: {key} must be {'true or false' if _KINDS[key] is bool else 'a text'}")
    for language in ("zh", "en"):
        if not content.get(language):
            raise SlotProblem(f"{name}: {language} is missing")
    if ("dataset" in content) is not ("from" in content or "until" in content):
        raise SlotProblem(f"{name}: dataset and a date of it, from or until, belong together")
    if content.get("beside", name) not in slots:
        raise SlotProblem(f"{name}: beside names {content['beside']}, which there is not")
