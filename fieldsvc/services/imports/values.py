"""Cells as an office writes them, as values of properties: labels become codes, days and numbers get one form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fieldsvc.services.definitions import Datasets, properties_of
from fieldsvc.services.imports import kinds
from fieldsvc.services.imports.kinds import AREA, HOUSEHOLD, Kind
from fieldsvc.services.imports.model import Row
from fieldsvc.services.imports.sheet import ROUNDED

_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ].*)?|([0-9]{4})([0-9]{2})([0-9]{2})")
_IDENTITY = re.compile(r"[0-9]{17}x")
_BETWEEN = re.compile(r"[、，,;；|\s]+")


class Unfit(ValueError):
    """A cell that cannot be a value of its field; the argument is a stable code."""


class Reader:
    """Reads the rows of one kind of sheet, whose columns are these fields."""

    def __init__(self, kind: Kind, known: Datasets, mapping: Sequence[str]) -> None:
        self.kind = kind
        self.mapping = mapping
        definition = kinds.definition(kind, known)
        self.properties = {one["name"]: one for one in properties_of(definition)}
        self._codes = {
            name: _codes(body.get("choices"), definition.get("choices", {})) for name, body in self.properties.items()
        }

    def row(self, cells: Sequence[str]) -> tuple[Row, str, str]:
        """The row, and what is wrong with it: a code and the field of the cell, both blank when it can be read."""
        values: dict[str, str | None] = {}
        place: str | None = None
        code = field = ""
        for name, cell in zip(self.mapping, cells, strict=False):
            if not name:
                continue
            try:
                value = self.value(name, cell)
            except Unfit as unfit:
                code, field = (code, field) if code else (str(unfit), name)
                continue
            if name in (AREA, HOUSEHOLD):
                place = value
            else:
                values[name] = value
        subject = place if self.kind.subject else None
        area = None if self.kind.subject else place
        if area and "area_code" in self.properties:
            values["area_code"] = area
        # A pairing is known by both of its numbers.
        parts = [values.get(name) for name in (self.kind.key, *self.kind.needs)]
        key = "·".join(part for part in parts if part) if all(parts) else ""
        return Row(key, values, "", area, (subject or "") if self.kind.subject else None), code, field

    def value(self, name: str, cell: str) -> str | None:
        """A cell as a value of this field; nothing when it is blank. Raises `Unfit`."""
        text = cell.strip()
        if not text:
            return None
        body: Mapping[str, Any] = self.properties.get(name, {})
        kind = str(body.get("type", "string"))
        if text.endswith(ROUNDED) or (kind == "string" and _SCIENTIFIC.fullmatch(text)):
            raise Unfit("number-rounded")
        match kind:
            case "int" | "decimal":
                return _number(text, whole=kind == "int")
            case "date":
                return _day(text)
            case "select_one":
                return self._code(name, text)
            case "select_multiple":
                codes = dict.fromkeys(self._code(name, part) for part in _BETWEEN.split(text) if part)
                return " ".join(codes) or None
            case _:
                return text.upper() if _IDENTITY.fullmatch(text) else text

    def _code(self, name: str, text: str) -> str:
        found = self._codes[name].get(_loose(text))
        if found is None:
            raise Unfit("code-unknown")
        return found


def _codes(listed: Any, shared: Mapping[str, Any]) -> dict[str, str]:
    """The code for everything a cell may say for it: the code, its labels, and a label up to its colon."""
    choices = shared.get(listed, ()) if isinstance(listed, str) else listed or ()
    found: dict[str, str] = {}
    for choice in choices:
        code = str(choice["value"])
        for text in (code, *choice["label"].values()):
            for said in (text, re.split("[:：]", str(text))[0]):
                found.setdefault(_loose(said), code)
    return found


def _loose(text: str) -> str:
    return re.sub(r"\s", "", text).lower()


def _number(text: str, *, whole: bool) -> str:
    plain = text.replace(",", "").replace("，", "")
    if not _NUMBER.fullmatch(plain):
        raise Unfit("number-unclear")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if whole and "." in plain:
        raise Unfit("number-unclear")
    return plain


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    if not found:
        raise Unfit("day-unclear")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise Unfit("day-unclear") from None
