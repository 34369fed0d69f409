"""The kinds of sheet that may be imported, the fields a row of each has, and which column of a sheet is which field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fieldsvc import forms
from fieldsvc.problems import NotFound
from fieldsvc.services.definitions import Datasets
from sync.model import Policy

#: Fields that are no properties: where a record belongs.
AREA, HOUSEHOLD = "area", "household"
_PLACES: Mapping[str, Mapping[str, str]] = {
    AREA: {"zh": "村代码（12 位）", "en": "Code of the village (12 figures)"},
    HOUSEHOLD: {"zh": "所属户编号", "en": "Number of the household"},
}
_PROPERTY_OF_AREA = "area_code"
_LOOSE = re.compile(r"[\s（）()【】\[\]:：*＊_、/]|\n")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet. `place` is the field that says where a record belongs.

    One with `fields` is a list that is no records. A `roster` is compared and writes nothing by itself: its rows also
    say `says`, it should hold the records that are as `ought` (a property with its codes; none: any value), and one it
    lacks would be as `absent`.
    """

    name: str
    label: Mapping[str, str]
    dataset: str
    key: str
    subject: str | None
    headings: Mapping[str, Sequence[str]]
    roster: bool = False
    says: Mapping[str, str] = field(default_factory=dict)
    ought: Mapping[str, Sequence[str]] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    needs: Sequence[str] = ()

    @property
    def place(self) -> str:
        """The field that says where a new record belongs."""
        return HOUSEHOLD if self.subject else AREA


@cache
def kinds() -> dict[str, Kind]:
    """Every kind, by name. One that is `like` another has its headings too."""
    known = forms.import_kinds()
    return {
        name: Kind(
            name,
            {"zh": said["zh"], "en": said["en"]},
            said.get("dataset", name),
            said["key"],
            said.get("subject"),
            {**known.get(said.get("like", ""), {}).get("headings", {}), **said.get("headings", {})},
            said.get("roster", False),
            said.get("says", {}),
            said.get("ought", {}),
            said.get("absent", {}),
            {name: _field(name, body) for name, body in said.get("fields", {}).items()},
            said.get("needs", ()),
        )
        for name, said in known.items()
    }


def kind_of(name: str) -> Kind:
    """A kind by name, which for imports from the command line is the dataset's. Raises `not-found`."""
    found = kinds().get(name)
    if found is None:
        raise NotFound
    return found


def fields(kind: Kind, known: Datasets) -> dict[str, Mapping[str, Any]]:
    """What a column may be, by name with its labels: where the record belongs, then its properties."""
    if kind.fields:
        return {name: body["label"] for name, body in kind.fields.items()}
    rules = known.rules(kind.dataset)
    properties = {
        name: body["label"]
        for name, body in known.properties(kind.dataset).items()
        if rules.unit(name).policy is not Policy.DERIVED and name != _PROPERTY_OF_AREA
    }
    return {kind.place: _PLACES[kind.place], **properties}


def guess(
    kind: Kind, known: Datasets, headings: Sequence[str], remembered: Mapping[str, str] | None = None
) -> list[str]:
    """The field of each column, `""` for none: as somebody chose it last time, or by what its heading says."""
    offered = fields(kind, known)
    meant: dict[str, str] = {}
    for name, label in offered.items():
        for text in (name, label.get("zh", ""), label.get("en", ""), *kind.headings.get(name, ())):
            meant.setdefault(_plain(text), name)
    taken: set[str] = set()
    found = []
    for heading in headings:
        chosen = (remembered or {}).get(heading)
        name = chosen if chosen is not None else meant.get(_plain(heading), "") if heading else ""
        if name not in offered or name in taken:
            name = ""
        taken.add(name)
        found.append(name)
    return found


def missing(kind: Kind, mapping: Sequence[str]) -> list[str]:
    """The fields without which no row can be read: what a record is known by."""
    return [name for name in (kind.key, *kind.needs) if name not in mapping]


def definition(kind: Kind, known: Datasets) -> Mapping[str, Any]:
    """The properties of a row: its dataset's, or, of a sheet that is no records, its fields."""
    if not kind.fields:
        return known.definition(kind.dataset)
    return {"name": kind.name, "label": kind.label, "label_property": kind.key, "properties": kind.fields}


def _field(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A field as a property is defined."""
    label = {"zh": body["zh"], "en": body["en"]}
    choices = [{"value": code, "label": said} for code, said in body.get("choices", {}).items()]
    return {"name": name, "type": body.get("type", "string"), "label": label, "choices": choices}


def _plain(text: str) -> str:
    return _LOOSE.sub("", text).lower()
