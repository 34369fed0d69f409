"""Dataset definitions: the properties of a kind of record, read from TOML, with their shared choice lists put in.

A definition is immutable once published; its version is the digest of its content, so two servers with the same files
have the same versions.
"""

from __future__ import annotations

import tomllib
from typing import Any, NotRequired, TypedDict

from fieldsvc.xlsform.compiled import digest_of

POLICIES = frozenset(
    [
        *("immutable", "server", "last_received", "review", "max", "min", "ordered", "set"),
        *("counter", "append", "geo_best", "derived"),
    ]
)
TYPES = frozenset(["string", "int", "decimal", "date", "dateTime", "select_one", "select_multiple", "geopoint"])
SENSITIVITIES = frozenset({"open", "personal", "health"})


class PropertyDefinition(TypedDict):
    """One property: what it is called and holds, and how two changes of it are merged."""

    type: str
    label: dict[str, str]
    policy: str
    group: str | None
    choices: list[dict[str, Any]]
    editable: bool
    sensitivity: str
    ranks: NotRequired[list[str]]


class DatasetDefinition(TypedDict):
    """One kind of record. `label_property` is what a record is called by; it and the label move together.

    `open_to_checkers`: a checker may change such records like anybody else, because checks are what they are about.
    `numbering`: the `property` that the server numbers, `by` which codes, and the date whose `year` counts.
    """

    name: str
    version: str
    label: dict[str, str]
    label_property: str | None
    unique: list[list[str]]
    properties: dict[str, PropertyDefinition]
    open_to_checkers: NotRequired[bool]
    numbering: NotRequired[dict[str, str]]
    process: NotRequired[dict[str, Any]]


class DatasetProblem(ValueError):
    """A definition file that cannot be used; the message names the dataset and the property."""


def read_datasets(datasets: str, choices: str) -> dict[str, DatasetDefinition]:
    """The definitions in two TOML texts: `datasets`, and the `choices` lists they share."""
    lists = read_choices(choices)
    return {name: _dataset(name, content, lists) for name, content in tomllib.loads(datasets).items()}


def read_choices(text: str) -> dict[str, list[dict[str, Any]]]:
    """Choice lists by name, in the order written: `[{"value": code, "label": {"zh": ..., "en": ...}}]`."""
    lists = tomllib.loads(text)
    return {
        name: [{"value": code, "label": _label(f"{name}.{code}", label)} for code, label in codes.items()]
        for name, codes in lists.items()
    }


def _dataset(name: str, content: dict[str, Any], lists: dict[str, list[dict[str, Any]]]) -> DatasetDefinition:
    properties = {key: _property(f"{name}.{key}", value, lists) for key, value in content["properties"].items()}
    called = content.get("label_property")
    if called is not None and called not in properties:
        raise DatasetProblem(f"{name}: label_property {called} is no property")
    unique = [list(names) for names in content.get("unique", [])]
    for missing in {one for names in unique for one in names} - {"subject", *properties}:
        raise DatasetProblem(f"{name}: unique {missing} is no property")
    definition: DatasetDefinition = {
        "name": name,
        "version": "",
        "label": _label(name, content.get("label")),
        "label_property": called,
        "unique": unique,
        "properties": properties,
    }
    if content.get("open_to_checkers"):
        definition["open_to_checkers"] = True
    if "numbering" in content:
        definition["numbering"] = _numbering(name, content["numbering"], properties)
    definition["version"] = digest_of(definition)
    return definition


def _numbering(name: str, content: dict[str, str], properties: dict[str, PropertyDefinition]) -> dict[str, str]:
    asked = {"property": {"string"}, "by": {"select_one"}, "year": {"date"}}
    for key, types in asked.items():
        if content.get(key) not in properties or properties[content[key]]["type"] not in types:
            raise DatasetProblem(f"{name}: numbering {key} must name a property of type {', '.join(types)}")
    if properties[content["property"]]["policy"] != "derived":
        raise DatasetProblem(f"{name}: numbering property {content['property']} must be derived: nobody else writes it")
    return {key: content[key] for key in asked}


def _property(where: str, content: dict[str, Any], lists: dict[str, list[dict[str, Any]]]) -> PropertyDefinition:
    kind, policy = content.get("type", "string"), content.get("policy", "review")
    sensitivity, listed = content.get("sensitivity", "open"), content.get("choices")
    unknown = set(content) - {"type", "policy", "sensitivity", "choices", "group", "editable", "zh", "en"}
    checks = [
        (kind in TYPES, f"type {kind}"),
        (policy in POLICIES, f"policy {policy}"),
        (sensitivity in SENSITIVITIES, f"sensitivity {sensitivity}"),
        (not unknown, f"keys {', '.join(sorted(unknown))}"),
        (kind.startswith("select") == (listed in lists), f"choices {listed} for type {kind}"),
    ]
    for fine, what in checks:
        if not fine:
            raise DatasetProblem(f"{where}: {what}")
    return {
        "type": kind,
        "label": _label(where, content),
        "policy": policy,
        "group": content.get("group"),
        "choices": lists[listed] if listed else [],
        "editable": bool(content.get("editable", False)),
        "sensitivity": sensitivity,
    }


def _label(where: str, content: Any) -> dict[str, str]:
    if not isinstance(content, dict) or not content.get("zh") or not content.get("en"):
        raise DatasetProblem(f"{where}: labels in zh and en are needed")
    return {"zh": str(content["zh"]), "en": str(content["en"])}
