"""Which slots there are in this county, and which of them a photo of a submission is in: the form says it at the
question (`bind::fs:slot`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fieldsvc.config import Settings
from fieldsvc.series.read import Slots
from fieldsvc.series.shelf import shelf as read_shelf

#: A photo of a question without a slot has no name but the question's.
NO_SLOT: Mapping[str, str] = {}

_PLACE = re.compile(r"\[\d+\]")


def shelf(settings: Settings) -> Slots:
    """The slots by name, with label, dates and whether the camera is asked for. The county's file is read once, by each
    process. Raises `SlotProblem`.
    """
    return read_shelf(settings.slots_file)


def of_form(definition: Mapping[str, Any]) -> dict[str, str]:
    """The slot of each question that has one, by the question's path without positions."""
    return asked(definition, "slot")


def asked(definition: Mapping[str, Any], column: str) -> dict[str, str]:
    """What a form says in one of its `bind::fs:` columns, by the question's path without positions."""
    return dict(_asked(definition.get("nodes") or (), column))


def without_places(ref: str) -> str:
    """The path of the question an answer belongs to: `/data/photos/photo` of `/data/photos[2]/photo`."""
    return _PLACE.sub("", ref)


def _asked(nodes: Iterable[Mapping[str, Any]], column: str) -> Iterator[tuple[str, str]]:
    for node in nodes:
        said = (node.get("parameters") or {}).get(column)
        if said:
            yield str(node["ref"]), str(said)
        yield from _asked(node.get("children") or (), column)
