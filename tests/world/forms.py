"""The one form and the two datasets of the stories: a property for every merge policy, a repeat, a hard rule.

They are written as compiled definitions so that a story about syncing depends on nothing but syncing; how
definitions are made from spreadsheets is tested in `tests/forms`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.world.places import Household, Member

Row = dict[str, Any]


@dataclass(frozen=True)
class FormRef:
    """A published version of a form and the properties its answers write."""

    form: str
    version: str
    saves: tuple[str, ...]


VISIT = FormRef(
    "world_visit", "1", ("phone", "water", "people", "tags", "remark", "income_max", "visits_made", "place")
)


def text_of(label: str) -> dict[str, str]:
    return {"zh": label, "en": label}


def question(name: str, kind: str = "string", **more: Any) -> Row:
    return {"name": name, "ref": f"/data/{name}", "kind": "question", "type": kind, "label": text_of(name), **more}


def property_(name: str, policy: str, kind: str = "string", **more: Any) -> Row:
    return {"name": name, "type": kind, "label": text_of(name), "policy": policy, **more}


DATASETS: list[Row] = [
    {
        "name": "households",
        "label": text_of("household"),
        "properties": [
            property_("hh_no", "immutable"),
            property_("kind", "server"),
            property_("area_code", "server"),
            property_("phone", "review"),
            property_("water", "review"),
            property_("people", "last_received", "int"),
            property_("tags", "set", "select_multiple"),
            property_("remark", "append"),
            property_("income_max", "max", "decimal"),
            property_("visits_made", "counter", "int"),
            property_("stage", "ordered", "select_one", ranks=["planned", "started", "finished"]),
            property_("place", "geo_best", "geopoint"),
            property_("bank", "review", group="account"),
            property_("account_no", "review", group="account"),
        ],
    },
    {
        "name": "members",
        "label": text_of("member"),
        "properties": [property_("name", "review"), property_("health", "review")],
    },
    {
        "name": "problems",
        "label": text_of("problem"),
        "properties": [property_("name", "review"), property_("status", "review")],
        "open_to_checkers": True,
    },
]


def together(dataset: str, name: str) -> set[str]:
    """The properties that are merged as one with this one."""
    properties = next((each["properties"] for each in DATASETS if each["name"] == dataset), [])
    group = next((each.get("group") for each in properties if each["name"] == name), None)
    return {name} | {each["name"] for each in properties if group and each.get("group") == group}


VISIT_DEFINITION: Row = {
    "form": VISIT.form,
    "version": VISIT.version,
    "title": text_of("Visit"),
    "languages": ["zh", "en"],
    "default_language": "zh",
    "subject_dataset": "households",
    "visit": True,
    "root": "/data",
    "nodes": [
        {
            "name": "household",
            "ref": "/data/household",
            "kind": "calculate",
            "type": "string",
            "prefill": {"property": "__id"},
        },
        question("met", required=["f", "true"]),
        *(
            question(name, kind)
            for name, kind in (
                ("phone", "string"),
                ("water", "string"),
                ("people", "int"),
                ("tags", "string"),
                ("remark", "string"),
                ("income_max", "decimal"),
                ("visits_made", "int"),
                ("place", "geopoint"),
                ("door", "image"),
                ("window", "image"),
            )
        ),
        {
            "name": "births",
            "ref": "/data/births",
            "kind": "repeat",
            "label": text_of("births"),
            "children": [
                {
                    "name": "name",
                    "ref": "/data/births/name",
                    "kind": "question",
                    "type": "string",
                    "label": text_of("name"),
                }
            ],
        },
    ],
    "choices": {},
    "instances": {},
    "entities": [
        {
            "dataset": "households",
            "path": "/data",
            "id": ["p", "/", [["c", "data"], ["c", "household"]]],
            "update": True,
            "saves": {name: f"/data/{name}" for name in VISIT.saves},
        },
        {
            "dataset": "members",
            "path": "/data/births",
            "create": True,
            "label": ["p", "/", [["c", "data"], ["c", "births"], ["c", "name"]]],
            "saves": {"name": "/data/births/name"},
        },
    ],
}


def visit_answers(home: Household, born: Sequence[Member], answers: Mapping[str, Any]) -> Row:
    """The answers of a visit as the phone's form would state them. `met` is answered unless the story says."""
    filled: Row = {"household": home.id, "met": "head", **answers}
    if born:
        filled["births"] = [{"_id": member.id, "name": member.name} for member in born]
    return {name: value for name, value in filled.items() if value is not ...}
