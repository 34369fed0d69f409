"""Correcting a record in the office, and taking back a value that had lost."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office import capture_view, sketch
from fieldsvc.office.fields import fields, stated
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.labels import Labels
from fieldsvc.office.titles import in_language
from fieldsvc.problems import NotUnique, PreconditionFailed, ProcessBroken
from fieldsvc.processes.findings import Guard
from fieldsvc.services import corrections, points, register
from fieldsvc.services.corrections import Correction
from fieldsvc.services.points import Point


def add_pages(pages: Blueprint) -> None:
    """Give the office its corrections."""
    pages.add_url_rule("/households/<household_id>/correct", "correct", correct)
    pages.add_url_rule("/households/<household_id>/correct", "save_correction", save, methods=["POST"])


def correct(household_id: str) -> str:
    """One property with those that change with it, as they stand, or as a lost value or a code in a photo proposes."""
    return _show(_begin(household_id))


def save(household_id: str) -> Any:
    """Write the correction as it was seen, with a reason; the phones of the household get it."""
    t, found = words(), _begin(household_id)
    reason, wanted = request.form.get("reason", "").strip()[:1000], stated(request.form, found.names)
    if not reason:
        return Response(_show(found, t("correct.needs-reason")), 422)
    places = [name for name in found.names if Labels(found.definition, formats()).kind(name) == "geopoint"]
    if any(wanted[name] and sketch.parse(wanted[name]) is None for name in places):
        return Response(_show(found, t("correct.no-place")), 422)
    seen = request.form.get("seen", "")
    try:
        register.edit(
            context(),
            actor(),
            found.entity_id,
            wanted,
            seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 12 else -1,
            reason=reason,
            override=bool(request.form.get("override")),
        )
    except PreconditionFailed:
        return Response(_show(found, t("correct.stale")), 409)
    except (NotUnique, ProcessBroken) as broken:
        return Response(_show(found, in_language(broken.as_json()["title"], t.language), broken), 422)
    moved = next((points.apart(found.current[name], wanted[name]) for name in places), None)
    flash(t("correct.done") if moved is None else t("correct.moved", metres=formats().metres(moved)), "done")
    return redirect(url_for("office.household", household_id=household_id))


def _begin(household_id: str) -> Correction:
    conflict, side = request.values.get("lost", ""), request.values.get("side", "")
    return corrections.begin(
        context(),
        household_id,
        request.values.get("entity", ""),
        request.values.get("property", ""),
        by=actor(),
        lost=(conflict, side) if conflict else None,
    )


def _show(found: Correction, problem: str | None = None, broken: NotUnique | ProcessBroken | None = None) -> str:
    labels = Labels(found.definition, formats())
    name, read = request.values.get("property", ""), request.values.get("read", "")[:200]
    return render_template(
        "office/correct.html",
        found=found,
        dataset=labels.title,
        before=[(labels.label(name), labels.display(name, found.current[name])) for name in found.names],
        fields=fields(labels, found.names, {**found.proposed, **({name: read} if read else {})}, request.form),
        property=name,
        lost=request.values.get("lost", ""),
        side=request.values.get("side", ""),
        reason=request.form.get("reason", ""),
        points=[_point(one) for one in found.points],
        problem=problem,
        broken=broken is not None,
        own=broken is not None and Guard.PERSON in broken.details.get("guards", ()),
    )


def _point(one: Point) -> dict[str, Any]:
    """A line of the history of a place: where, how far from the one before, who, when, how, why."""
    t, f = words(), formats()
    place = sketch.parse(one.value)
    return {
        "text": place.text(f.metres) if place else t("blank"),
        "moved": t("correct.moved-by", metres=f.metres(one.moved)) if one.moved is not None else "",
        "by": one.by or t("somebody"),
        "at": one.at,
        "reason": one.reason,
        "fix": capture_view.of_position(one.capture, t, f) if one.capture else "",
    }
