"""The form by which a household begins: the visit's questions about a family that no list has."""

from __future__ import annotations

import copy
from typing import Any

from tests.world.forms import VISIT_DEFINITION, text_of


def _made() -> dict[str, Any]:
    definition = copy.deepcopy(VISIT_DEFINITION)
    del definition["visit"]
    home, members = definition["entities"]
    del home["id"], home["update"]
    home |= {"create": True, "label": ["p", "/", [["c", "data"], ["c", "phone"]]]}
    return definition | {
        "form": "world_found",
        "title": text_of("A family that no list has"),
        "new_subject": True,
        "nodes": [node for node in definition["nodes"] if node["name"] != "household"],
        "entities": [home, members],
    }


FOUND = _made()
