"""What the office's preview of a form shows it with: an invented household, with everybody and everything it has.

Nothing of it is in the database, and nothing real is shown: a preview is often looked at over somebody's shoulder.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from fieldsvc.services import form_catalogue
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets, datasets, properties_of
from fieldsvc.xlsform.trial import unmarked

SUBJECT = "preview-subject"
_PEOPLE = [
    {"full_name": "张有田", "relation": "head", "sex": "male", "id_no": "990001196503120016"},
    {"full_name": "李秀英", "relation": "spouse", "sex": "female", "id_no": "990001196808150023"},
    {"full_name": "张小满", "relation": "child", "sex": "male", "id_no": "990001199906010018"},
]
_VILLAGE = ("990001001001", "示例村")
_HOUSEHOLD = {
    "head_name": "张有田",
    "hh_no": "0001",
    "hamlet": "上岭组",
    "address": "示例村上岭组 8 号",
    "phone": "13900000000",
    "people": "3",
    "home_gps": "29.8300 118.3200 210 8",
}
_BY_TYPE = {
    "int": "3",
    "decimal": "1200",
    "date": "2026-01-15",
    "dateTime": "2026-01-15T09:00:00.000+08:00",
    "geopoint": "29.8300 118.3200 210 8",
}


def sample(ctx: Context, by: Actor, form_id: str, version: str) -> dict[str, Any]:
    """A draft and the page a phone would be given with it. Raises `not-allowed`, `not-found`."""
    draft = form_catalogue.draft(ctx, by, form_id, version).definition
    title = unmarked(draft["title"])
    definition: dict[str, Any] = {**draft, "title": title}
    with ctx.db.read() as session:
        known = datasets(ctx, session)
        shelf = {name: dict(known.definition(name)) for name in known.versions}
    subject = definition.get("subject_dataset", "")
    entities = [_entity(known, subject, SUBJECT, _HOUSEHOLD)]
    if "members" in shelf and subject != "members":
        entities += [_entity(known, "members", f"preview-{n}", person) for n, person in enumerate(_PEOPLE)]
    for name in definition.get("reads", {}):
        if name in shelf and name not in ("members", subject):
            entities.append(_entity(known, name, f"preview-{name}", {}))
    form = {"version": str(definition["version"]), "digest": "preview", "title": title}
    return {
        "form": definition,
        "pictures": {sha256: base64.b64encode(ctx.blobs.get(sha256)).decode() for sha256 in draft.get("media", ())},
        "datasets": shelf,
        "subject": SUBJECT,
        "person": {"id": "preview", "name": by.name, "unit": "", "roles": []},
        "page": {
            "epoch": "preview",
            "pull": "ok",
            "cursor": "preview",
            "villages": [_VILLAGE],
            "scope": {"add": [{"subject": SUBJECT, "role": "cadre"}]},
            "changes": [
                *entities,
                *(
                    {"kind": "dataset", "name": name, "version": known.versions[name], "digest": "preview"}
                    for name in shelf
                ),
                {"kind": "form", "form": definition["form"], "subject_dataset": subject, **form},
            ],
        },
    }


def _entity(known: Datasets, dataset: str, entity_id: str, given: Mapping[str, str]) -> dict[str, Any]:
    """A record of a dataset as it travels to a phone: the values given, and something for everything else."""
    values = {one["name"]: given.get(one["name"]) or _value(one) for one in properties_of(known.definition(dataset))}
    return {
        "kind": "entity",
        "dataset": dataset,
        "id": entity_id,
        "subject": SUBJECT,
        "version": 1,
        "properties": {name: value for name, value in values.items() if value},
        "label": known.label(dataset, values) or known.title(dataset)["zh"],
        "at": 0,
        "by": "",
    }


def _value(one: Mapping[str, Any]) -> str | None:
    """The first code of a coded property, a plain number or day; of texts nothing, so that blanks are seen too."""
    choices = one.get("choices")
    if isinstance(choices, list) and choices:
        return str(choices[0]["value"])
    return _BY_TYPE.get(str(one.get("type")))
