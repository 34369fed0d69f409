"""Inputs for property values: a list where codes are declared, text elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fieldsvc.office.labels import Labels

_PREFIX = "value:"


def fields(
    labels: Labels, names: Iterable[str], values: Mapping[str, Any], form: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One input for each property, holding what was typed, or the value it has."""
    return [
        {
            "name": name,
            "label": labels.label(name),
            "choices": labels.choices(name) if labels.kind(name) != "select_multiple" else [],
            "value": form.get(_PREFIX + name, values.get(name) or ""),
        }
        for name in names
    ]


def stated(form: Mapping[str, str], names: Iterable[str]) -> dict[str, str | None]:
    """What a form says of these properties; empty is blank."""
    return {name: form.get(_PREFIX + name, "").strip() or None for name in names}
