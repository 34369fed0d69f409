"""办理: a step in a process made in the office, with everything the stage asks for on one page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.fields import fields, stated
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.labels import Labels
from fieldsvc.office.titles import in_language
from fieldsvc.problems import NotUnique, PreconditionFailed, ProcessBroken
from fieldsvc.processes.findings import Guard
from fieldsvc.services import moving
from fieldsvc.services.moving import Moving


def add_pages(pages: Blueprint) -> None:
    """Give the office its steps."""
    pages.add_url_rule("/households/<household_id>/move", "move", show)
    pages.add_url_rule("/households/<household_id>/move", "save_move", save, methods=["POST"])


def show(household_id: str) -> str:
    """What the stage asks for, as it stands."""
    return _show(_begin(household_id))


def save(household_id: str) -> Any:
    """Make the step as the page showed it; what breaks a rule is said, and may be saved as an exception."""
    t, step = words(), _begin(household_id)
    seen = request.form.get("seen", "")
    override, reason = bool(request.form.get("override")), request.form.get("reason", "").strip()[:1000]
    if override and not reason:
        return Response(_show(step, t("waiting.override-needs-reason"), broken=True), 422)
    try:
        moving.move(
            context(),
            step,
            stated(request.form, step.names),
            by=actor(),
            seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 12 else -1,
            reason=reason,
            override=override,
        )
    except PreconditionFailed:
        return Response(_show(step, t("correct.stale")), 409)
    except (NotUnique, ProcessBroken) as broken:
        own = Guard.PERSON in broken.details.get("guards", ())
        return Response(_show(step, in_language(broken.as_json()["title"], t.language), broken=True, own=own), 422)
    flash(t("move.done"), "done")
    return redirect(url_for("office.household", household_id=household_id))


def _begin(household_id: str) -> Moving:
    entity, stage = request.values.get("entity", ""), request.values.get("stage", "")
    return moving.begin(context(), household_id, entity, stage, by=actor())


def _show(step: Moving, problem: str | None = None, *, broken: bool = False, own: bool = False) -> str:
    t, labels = words(), Labels(step.definition, formats())
    return render_template(
        "office/move.html",
        step=step,
        process=in_language(step.process, t.language),
        stage=in_language(step.stage.label, t.language),
        fields=fields(labels, step.names, step.values, request.form),
        reason=request.form.get("reason", ""),
        problem=problem,
        broken=broken,
        own=own,
    )
