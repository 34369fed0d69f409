"""Looking up households, and one household with everything known about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.case_view import shown
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.household import people, photos, tables
from fieldsvc.office.labels import Labels
from fieldsvc.office.titles import in_language
from fieldsvc.services import households
from fieldsvc.services.corrections import Lost
from fieldsvc.services.dossier import archive, scans
from fieldsvc.services.households import Household, Property, Record

Revealed = tuple[str, str] | None


def add_pages(pages: Blueprint) -> None:
    """Give the office its households."""
    pages.add_url_rule("/households", "households", search)
    pages.add_url_rule("/households/<household_id>", "household", household)
    pages.add_url_rule("/households/<household_id>/reveal", "reveal", reveal, methods=["POST"])


def search() -> str:
    """Households by the beginning of the head's name or by number, a page at a time."""
    text, area = request.args.get("q", "").strip()[:60], request.args.get("area") or None
    after_label, after_id = request.args.get("after"), request.args.get("after_id")
    after = (after_label, after_id) if after_label is not None and after_id else None
    found = households.search(context(), text, area, by=actor(), after=after)
    here: dict[str, Any] = {name: value for name, value in (("q", text), ("area", area)) if value}
    key: dict[str, Any] = {"after": found.next[0], "after_id": found.next[1]} if found.next else {}
    labels = Labels(found.definition, formats())
    return render_template(
        "office/households.html",
        query=text,
        area=area,
        areas=list(found.reach.areas.values()),
        lines=[
            {
                "id": line.id,
                "label": line.label,
                "area": " ".join(found.reach.places(line.area_id)),
                "hamlet": line.properties.get("hamlet") or "",
                "number": line.properties.get(households.NUMBER) or "",
                "gone": labels.display(households.GONE, line.properties.get(households.GONE)),
                "last_visit_at": line.last_visit_at,
            }
            for line in found.lines
        ],
        first_url=url_for("office.households", **here) if after else None,
        next_url=url_for("office.households", **here, **key) if key else None,
    )


def household(household_id: str) -> str:
    """One household: its record with who wrote what, members, visits, open questions."""
    return _show(household_id, None)


def reveal(household_id: str) -> str:
    """The same page with one masked value shown; the trace is written first."""
    entity, name = request.form.get("entity", ""), request.form.get("property", "")
    households.reveal(context(), household_id, entity, name, by=actor())
    return _show(household_id, (entity, name))


def _show(household_id: str, revealed: Revealed) -> str:
    found = households.household(context(), household_id, by=actor())
    t, f = words(), formats()
    others = {one.id: _record(one, found, revealed) for one in found.others}
    cases = [
        {
            **shown(case, record.label, t, f),
            "entity": _record(record, found, revealed),
            "photos": photos.strip(found.series.get(record.id), f),
        }
        for record, case in found.cases
    ]
    return render_template(
        "office/household.html",
        household={
            "id": household_id,
            "label": found.record.label,
            "places": found.places,
            "helpers": found.helpers,
            "gone": found.gone,
            "is_home": found.is_home,
            "version": found.record.version,
            "may_close": found.is_home and not found.gone and not found.practice,
            "reduced": "" if found.gone else _reduced(found),
            "record": _record(found.record, found, revealed),
            "members": [_record(member, found, revealed) for member in found.members],
            "others": [
                others[one.id]
                for one in found.others
                if one.dataset not in {*tables.names(), archive.EXEMPTIONS, scans.SCANS}
            ],
            "tables": tables.laid_out(found.others, found.datasets, others, f),
            "cases": [case for case in cases if not case["ended"]],
            "ended": [case for case in cases if case["ended"]],
            "photos": photos.strip(found.series.get(household_id), f),
            "pairings": people.pairings(found, t, f),
            "unhelped": people.unhelped(found),
            "viewers": people.viewers(found, t),
            "conflicts": [
                {
                    "id": one.id,
                    "what": t("comma").join(Labels(found.datasets.get(one.dataset), f).label(n) for n in one.names),
                }
                for one in found.conflicts
            ],
            "lost": [_lost(one, found) for one in found.lost],
            "visits": [
                {
                    "id": line.id,
                    "state": line.state,
                    "withdrawn": line.withdrawn,
                    "received_at": line.received_at,
                    "form": in_language(found.form_titles.get(line.form_id), t.language) or line.form_id,
                    "author": line.author,
                }
                for line in found.visits
            ],
        },
    )


def _reduced(found: Household) -> str:
    """Why all of a household is gone that is still to be closed."""
    code = next((one.value for one in found.record.properties if one.name == households.GONE), None)
    return Labels(found.datasets.get(found.record.dataset), formats()).display(households.GONE, code) if code else ""


def _record(record: Record, household: Household, revealed: Revealed) -> dict[str, Any]:
    labels = Labels(household.datasets.get(record.dataset), formats())
    order = {name: place for place, name in enumerate(labels.names)}
    known = sorted(record.properties, key=lambda one: order.get(one.name, len(order)))
    lines = [_property(one, record, labels, revealed) for one in known]
    return {
        "id": record.id,
        "label": record.label,
        "title": labels.title,
        "summary": _summary(record, known, labels),
        "lines": lines,
    }


def _lost(one: Lost, household: Household) -> dict[str, Any]:
    labels, t = Labels(household.datasets.get(one.dataset), formats()), words()
    whose = f"{labels.title} {one.label} · " if one.entity_id != household.record.id else ""
    return {
        "what": whose + t("comma").join(labels.label(name) for name in one.values),
        "text": t("comma").join(
            t("masked") if labels.is_masked(name) else labels.display(name, value) or t("blank")
            for name, value in one.values.items()
        ),
        "by": one.by,
        "at": one.at,
        "why": t.known("lost", one.why),
        "entity": one.entity_id,
        "property": next(iter(one.values), ""),
        "conflict": one.conflict_id,
        "side": one.side,
    }


def _summary(record: Record, properties: list[Property], labels: Labels) -> str:
    """The first open values of a member, enough to tell two members apart."""
    texts = (labels.display(one.name, one.value) for one in properties if not labels.is_masked(one.name))
    return " · ".join([text for text in texts if text and text != record.label][:3])


def _property(one: Property, record: Record, labels: Labels, revealed: Revealed) -> dict[str, Any]:
    masked = labels.is_masked(one.name) and one.value not in (None, "") and revealed != (record.id, one.name)
    return {
        "name": one.name,
        "label": labels.label(one.name),
        "text": "" if masked else labels.display(one.name, one.value),
        "masked": masked,
        "writable": labels.is_writable(one.name),
        "by": one.by,
        "at": one.at,
        "source": one.source,
        "visit_id": one.visit_id,
    }
