"""Which slot a photo of a submission is in: the form says it at the question (`bind::fs:slot`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_PLACE = re.compile(r"\[\d+\]")


def of_form(definition: Mapping[str, Any]) -> dict[str, str]:
    """The slot of each question that has one, by the question's path without positions."""
    return dict(_slots(definition.get("nodes") or ()))


def without_places(ref: str) -> str:
    """The path of the question an answer belongs to: `/data/photos/photo` of `/data/photos[2]/photo`."""
    return _PLACE.sub("", ref)


def _slots(nodes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        slot = (node.get("parameters") or {}).get("slot")
        if slot:
            yield str(node["ref"]), str(slot)
        yield from _slots(node.get("children") or ())
