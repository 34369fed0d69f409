"""谁看过: who looked at a household, where, and at what of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.labels import Labels
from fieldsvc.services import views
from fieldsvc.services.views import Named

#: What may be looked at besides values, as the detail of the log names it.
_KINDS = ("visit", "conflict", "operation", "evidence", "package", "document", "scan")


def add_pages(pages: Blueprint) -> None:
    """Give the office the record of viewers."""
    pages.add_url_rule("/households/<household_id>/viewers", "viewers", viewers)


def viewers(household_id: str) -> str:
    """Everybody who opened this record or had a masked value shown, the last first."""
    before = request.args.get("before", "")
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = views.of_household(context(), household_id, by=actor(), before=place)
    t = words()
    return render_template(
        "office/viewers.html",
        household_id=household_id,
        label=found.label,
        lines=[
            {
                "who": line.who,
                "unit": line.unit,
                "at": line.at,
                "where": line.device or t("viewers.office"),
                "what": what(line.detail, found.entities, found.datasets),
                "shown_at": line.detail.get("shown_at"),
            }
            for line in found.lines
        ],
        first_url=url_for("office.viewers", household_id=household_id) if place else None,
        next_url=url_for("office.viewers", household_id=household_id, before=found.next) if found.next else None,
    )


def what(detail: Mapping[str, Any], entities: Mapping[str, Named], datasets: Mapping[str, Mapping[str, Any]]) -> str:
    """What was looked at: values by their labels, or the kind of page."""
    t = words()
    names = detail.get("properties") or ([detail["property"]] if detail.get("property") else [])
    if not names:
        kinds = (kind for kind in _KINDS if kind in detail)
        return t(f"viewers.{next(kinds, 'record')}")
    entity = entities.get(str(detail.get("entity")))
    dataset = entity.dataset if entity else str(detail.get("dataset", ""))
    labels = Labels(datasets.get(dataset), formats())
    whose = f"{entity.label} · " if entity else ""
    return whose + t("comma").join(labels.label(str(name)) for name in names)
