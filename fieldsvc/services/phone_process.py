"""What phones are told of a process: its stages and where their dates are. Its rules are judged here, so stay here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldsvc.services.definitions import properties_of

#: The part of the app that draws the bar of stages; a phone fetches it with the definition and keeps it.
BAR = "stages"


def for_phones(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A dataset's definition as it travels: of its process the name, the stages with labels and dates, no guards."""
    content = (definition.get("process") or {}).get("content")
    if not content:
        return dict(definition)
    held = next(one for one in properties_of(definition) if one["name"] == content["stage"])
    labels = {choice["value"]: choice["label"] for choice in held.get("choices") or ()}
    process = {
        "label": {"zh": content["zh"], "en": content["en"]},
        "stage": content["stage"],
        "stages": [_stage(stage, labels) for stage in content["stages"]],
    }
    return {**definition, "process": process, "uses": [BAR]}


def _stage(stage: Mapping[str, Any], labels: Mapping[str, Any]) -> dict[str, Any]:
    own = {tag: stage[tag] for tag in ("zh", "en") if tag in stage}
    told: dict[str, Any] = {"code": stage["code"], "label": own or labels.get(stage["code"])}
    return told | {key: stage[key] for key in ("date", "side") if stage.get(key)}
