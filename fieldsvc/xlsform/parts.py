"""Which parts of the phone app a form needs beyond the pack: functions and controls that few forms have.

A part is a module of `static/parts/`, named here by its file. Phones fetch the parts of a form together with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from fieldsvc.xlsform.definition import Definition, NodeDefinition

_MATHEMATICS = "acos asin atan atan2 ceiling cos exp exp10 floor log log10 pi pow sin sqrt tan"
#: The part that each rare function comes with.
FUNCTION_PARTS: Final = {
    **dict.fromkeys(("checklist", "weighted-checklist"), "checklists"),
    **dict.fromkeys(("decimal-date-time", "decimal-time", "format-date", "format-date-time"), "calendar"),
    "digest": "digest",
    **dict.fromkeys(("area", "distance", "geofence", "intersects"), "distance"),
    **dict.fromkeys(("base64-decode", "substring"), "texts"),
    "extract-signed": "signed",
    **dict.fromkeys(_MATHEMATICS.split(), "mathematics"),
}
#: The part that answers each type, whatever its appearance.
_TYPE_PARTS: Final = {
    "signature": "signature",
    "geopoint": "position",
    "geotrace": "trace",
    "geoshape": "trace",
    "image": "camera",
    "dateTime": "dates",
    "barcode": "barcode",
    "rank": "rank",
    **dict.fromkeys(("file", "video", "audio"), "file"),
}
#: What is used beside the part of a type. An app of before has never heard of it, and still has the part.
_BESIDE: Final = {"audio": ("recorder",)}
#: The part that answers each type with this word in its appearance.
_APPEARANCE_PARTS: Final = {
    ("int", "counter"): "counter",
    ("select_one", "likert"): "likert",
    ("string", "masked"): "masked",
    ("image", "draw"): "sketch",
    **{("date", word): "dates" for word in ("year", "month-year")},
    **{(kind, "thousands-sep"): "money" for kind in ("int", "decimal")},
}
#: The parameter that names the photo an `annotate` question is drawn over. Without it the photo stays a photo.
OVER: Final = "over"
#: What the viewfinder needs to tell where a photo is taken, and where the earlier one was.
_WHERE: Final = ("aim", "position")
#: Every part with a control or a look of its own.
NAMES: Final = frozenset(
    {*_TYPE_PARTS.values(), *_APPEARANCE_PARTS.values(), "range", "markdown", "pictures", "recorder", "begin"}
)
#: What a part is built upon.
_NEEDS: Final = {"signed": ("digest", "texts"), "sketch": ("signature",)}
_FUNCTION = re.compile(r'\["f", "([^"]+)"')
#: What the part `markdown` draws otherwise than it is written.
_MARKED = re.compile(
    r"\*\*\S.*?\*\*|__\S.*?__|(?:^|[\s（(，。：；、“\"])([*_])\S.*?\1|\*\S[^*]*\*(?=$|[\s，。：；、）)”\"])|\[[^\]]*\]\([^)\s]*\)|^\s*(?:#{1,6}|[-*+]|\d+[.)])\s",
    re.MULTILINE,
)


def name_parts(definition: Definition, nodes: Collection[NodeDefinition]) -> None:
    """Note at each question the part that answers it (`part`), and in the definition all it needs (`uses`)."""
    uses: set[str] = set()
    for node in nodes:
        part = _control(node) if node["kind"] == "question" else None
        if part:
            node["part"] = part
            uses.update((part, *_BESIDE.get(node.get("type", ""), ())))
        if part == "camera" and "position" in node.get("parameters", {}):
            uses.update(_WHERE)
    if definition.get("new_subject"):
        uses.add("begin")
    if definition.get("media"):
        uses.add("pictures")
    if any(_MARKED.search(text) for text in _texts(definition, nodes)):
        uses.add("markdown")
    called = set(_FUNCTION.findall(json.dumps(definition)))
    uses |= {part for function, part in FUNCTION_PARTS.items() if function in called}
    uses |= {needed for part in uses for needed in _NEEDS.get(part, ())}
    if uses:
        definition["uses"] = sorted(uses)


def _control(node: NodeDefinition) -> str | None:
    kind = node.get("type", "")
    if kind in ("int", "decimal") and {"start", "end"} <= node.get("parameters", {}).keys():
        return "range"
    words = node.get("appearance", "").split()
    if kind == "image" and "annotate" in words and OVER in node.get("parameters", {}):
        return "sketch"
    named = (_APPEARANCE_PARTS.get((kind, word)) for word in words)
    return next((part for part in named if part), _TYPE_PARTS.get(kind))


def _texts(definition: Definition, nodes: Iterable[NodeDefinition]) -> Iterator[str]:
    """What the author wrote for the reader."""
    labels = [choice["label"] for rows in definition["choices"].values() for choice in rows]
    for node in nodes:
        labels += [node[key] for key in ("label", "hint", "guidance") if key in node]
    for label in labels:
        for text in label.values():
            yield text if isinstance(text, str) else "".join(piece for piece in text if isinstance(piece, str))
