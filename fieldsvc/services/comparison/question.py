"""What the village is asked about a difference, as the sentence of a problem that a cadre reads at the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldsvc.services.definitions import Datasets
from fieldsvc.services.imports.kinds import Kind
from fieldsvc.store.entities import Stored
from fieldsvc.store.tables import DifferenceRow

_OPEN = (None, "", "open")


def sentence(known: Datasets, kind: Kind, row: DifferenceRow, stored: Stored) -> str:
    """The difference in a sentence. What is sensitive is named and not told: a problem is read by many."""
    roster = f"{row.source}·{kind.label['zh'].partition('（')[0]}"
    if row.part == "here":
        return f"比对“{roster}”：{stored.label}不在名单里，请入户核实。"
    properties = known.properties(stored.dataset)
    shared = known.definition(stored.dataset).get("choices", {})
    said = [
        _values(properties.get(name, {}), shared, name, row.recorded.get(name), row.imported.get(name))
        for name in row.names.split()
        if (row.recorded.get(name) or None) != (row.imported.get(name) or None)
    ]
    return f"比对“{roster}”：{stored.label}的" + "；".join(said) + "，请入户核实。"


def _values(body: Mapping[str, Any], shared: Mapping[str, Any], name: str, ours: str | None, theirs: str | None) -> str:
    label = body.get("label", {}).get("zh", name)
    if body.get("sensitivity") not in _OPEN:
        return f"{label}不一致"
    listed = body.get("choices") or ()
    choices = shared.get(listed, ()) if isinstance(listed, str) else listed
    words = {str(one["value"]): one["label"].get("zh", "") for one in choices}
    return f"{label}档案是“{words.get(ours or '', ours or '空')}”、名单是“{words.get(theirs or '', theirs or '空')}”"
