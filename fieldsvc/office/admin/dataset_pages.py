"""档案类别: how the values of each kind of record are merged, what belongs together, what is masked, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.labels import Labels
from fieldsvc.problems import NotFound
from fieldsvc.services import dataset_rules
from fieldsvc.services.definitions import properties_of


def add_pages(pages: Blueprint) -> None:
    """Give the office its kinds of records."""
    pages.add_url_rule("/datasets", "datasets", datasets)
    pages.add_url_rule("/datasets/<name>", "dataset", dataset)


def datasets() -> str:
    """Every kind of record, with how many lines it has."""
    found = dataset_rules.every(context(), by=actor())
    f = formats()
    return render_template(
        "office/admin/datasets.html",
        datasets=[
            (one.name, Labels(one.definition, f).title, len(list(properties_of(one.definition))), one.version)
            for one in found
        ],
    )


def dataset(name: str) -> str:
    """One kind of record, line by line."""
    found = next((one for one in dataset_rules.every(context(), by=actor()) if one.name == name), None)
    if found is None:
        raise NotFound
    labels = Labels(found.definition, formats())
    groups: dict[str, list[str]] = {}
    for one in properties_of(found.definition):
        if one.get("group"):
            groups.setdefault(one["group"], []).append(one["name"])
    lines = [_line(one, labels, found.policies, groups) for one in properties_of(found.definition)]
    return render_template(
        "office/admin/dataset.html",
        title=labels.title,
        name=name,
        version=found.version,
        lines=lines,
        unique=[_unique(names, labels) for names in found.definition.get("unique", ())],
        process=bool(found.definition.get("process")),
        policies=sorted({line["policy"] for line in lines}, key=list(_POLICIES).index),
    )


#: In the order in which they are explained: what a person decides first.
_POLICIES = (
    *("review", "server", "immutable", "last_received", "max", "min", "ordered"),
    *("set", "counter", "append", "geo_best", "derived"),
)


def _line(
    one: Mapping[str, Any], labels: Labels, policies: Mapping[str, str], groups: Mapping[Any, Sequence[str]]
) -> dict[str, Any]:
    t, name = words(), one["name"]
    group, sensitivity = one.get("group"), one.get("sensitivity") or "open"
    together = [labels.label(other) for other in groups.get(group, ())]
    return {
        "name": name,
        "label": labels.label(name),
        "type": t.known("type", labels.kind(name)),
        "policy": policies[name],
        "together": t("comma").join(together) if len(together) > 1 else "",
        "secret": t.known("sensitivity", sensitivity) if sensitivity != "open" else "",
        "editable": bool(one.get("editable")),
    }


def _unique(names: Sequence[str], labels: Labels) -> str:
    t = words()
    return t("comma").join(t("dataset.subject") if name == "subject" else labels.label(name) for name in names)
