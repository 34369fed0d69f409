"""A dataset's properties in a person's words: their labels, their choices, and which are masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldsvc.office.format import Format
from fieldsvc.office.sketch import parse
from fieldsvc.services.definitions import properties_of
from sync.model import Policy


def saved(definition: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Which property of which dataset each question of a form is saved to, by the question's reference."""
    return {
        ref: (entity["dataset"], name)
        for entity in definition.get("entities", ())
        for name, ref in entity.get("saves", {}).items()
    }


class Labels:
    """The words of one dataset in one language. A property nobody declared keeps its own name."""

    def __init__(self, definition: Mapping[str, Any] | None, f: Format) -> None:
        self._definition = definition or {}
        self._f = f
        self._properties = {one["name"]: one for one in properties_of(self._definition)}

    @property
    def title(self) -> str:
        """What one entity of this dataset is called."""
        return self._text(self._definition.get("label")) or str(self._definition.get("name", ""))

    @property
    def names(self) -> list[str]:
        """The declared properties in the dataset's order."""
        return list(self._properties)

    def label(self, name: str) -> str:
        """The property's label."""
        return self._text(self._properties.get(name, {}).get("label")) or name

    def is_masked(self, name: str) -> bool:
        """Whether its value is shown only on request, with a trace."""
        return self._properties.get(name, {}).get("sensitivity") not in (None, "", "open")

    def is_writable(self, name: str) -> bool:
        """Whether anybody but the server may state it."""
        return self._properties.get(name, {}).get("policy") != Policy.DERIVED

    def kind(self, name: str) -> str:
        """The property's type."""
        return str(self._properties.get(name, {}).get("type", "string"))

    def choices(self, name: str) -> list[tuple[str, str]]:
        """The codes it may have, with their labels; empty for free text."""
        listed = self._properties.get(name, {}).get("choices") or ()
        if isinstance(listed, str):
            listed = self._definition.get("choices", {}).get(listed, ())
        return [(str(one["value"]), self._text(one.get("label")) or str(one["value"])) for one in listed]

    def display(self, name: str, value: Any) -> str:
        """A value in words; empty for blank."""
        if value in (None, ""):
            return ""
        words = dict(self.choices(name))
        match self.kind(name):
            case "select_multiple":
                joint = "、" if self._f.language == "zh" else ", "
                return joint.join(words.get(code, code) for code in str(value).split())
            case "geopoint":
                place = parse(value)
                return place.text(self._f.metres) if place else str(value)
            case "date":
                return self._f.date_text(str(value))
            case _:
                return words.get(str(value), str(value))

    def first_position(self, properties: Mapping[str, Any]) -> Any:
        """The value of the first property that is a place, where the house is known to stand."""
        for name in self._properties:
            if self.kind(name) == "geopoint" and properties.get(name):
                return properties[name]
        return None

    def _text(self, label: Any) -> str:
        if isinstance(label, Mapping):
            label = label.get(self._f.language) or label.get("zh") or next(iter(label.values()), "")
        return label if isinstance(label, str) else ""
