"""Which parts of the phone app a form needs beyond the pack: functions and controls that few forms have.

A part is a module of `static/parts/`, named here by its file. Phones fetch the parts of a form together with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from fieldsvc.xlsform.definition import Definition, NodeDefinition

_MATHEMATICS = "acos asin atan atan2 cos exp exp10 log log10 pi pow sin sqrt tan"
#: The part that each rare function comes with.
FUNCTION_PARTS: Final = {
    **dict.fromkeys(("checklist", "weighted-checklist"), "checklists"),
    "digest": "digest",
    **dict.fromkeys(("area", "distance", "geofence"), "distance"),
    **dict.fromkeys(_MATHEMATICS.split(), "mathematics"),
}
#: The part that answers each type, whatever its appearance.
_TYPE_PARTS = {"signature": "signature", "geopoint": "position"}
#: The part that answers each type with this word in its appearance.
_APPEARANCE_PARTS = {("int", "counter"): "counter"}
_FUNCTION = re.compile(r'\["f", "([^"]+)"')


def name_parts(definition: Definition, nodes: Iterable[NodeDefinition]) -> None:
    """Note at each question the part that answers it (`part`), and in the definition all it needs (`uses`)."""
    uses: set[str] = set()
    for node in nodes:
        part = _control(node) if node["kind"] == "question" else None
        if part:
            node["part"] = part
            uses.add(part)
    called = set(_FUNCTION.findall(json.dumps(definition)))
    uses |= {part for function, part in FUNCTION_PARTS.items() if function in called}
    if uses:
        definition["uses"] = sorted(uses)


def _control(node: NodeDefinition) -> str | None:
    kind = node.get("type", "")
    words = node.get("appearance", "").split()
    named = (_APPEARANCE_PARTS.get((kind, word)) for word in words)
    return next((part for part in named if part), _TYPE_PARTS.get(kind))
