"""All open questions of one household on one page: a choice for each, one reason, decided together or not at all."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.conflict_view import question
from fieldsvc.office.filters import moment_of
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.problems import NotUnique, PreconditionFailed, ReasonMissing
from fieldsvc.services.reviewing import household_conflicts
from fieldsvc.services.reviewing.household_conflicts import Choice


def add_pages(pages: Blueprint) -> None:
    """Give the office the page of one household's conflicts."""
    pages.add_url_rule("/conflicts/of/<household_id>", "household_conflicts", show)
    pages.add_url_rule("/conflicts/of/<household_id>", "decide_household", decide, methods=["POST"])


def show(household_id: str) -> str:
    """Every open question of the household with both values."""
    return _show(household_id)


def decide(household_id: str) -> Any:
    """Decide those for which something was chosen, or all the same way; what changed meanwhile decides nothing."""
    t, form = words(), request.form
    reason = form.get("reason", "").strip()
    choices = _choices()
    if not choices:
        return Response(_show(household_id, t("conflict.nothing-chosen")), 422)
    try:
        done = household_conflicts.decide(context(), household_id, choices, reason, by=actor())
    except ReasonMissing:
        return Response(_show(household_id, t("conflict.needs-reason")), 422)
    except NotUnique as double:
        said = t("conflict.not-unique", who=double.details["record_label"] or t("conflict.elsewhere"))
        return Response(_show(household_id, said), 422)
    except PreconditionFailed:
        return Response(_show(household_id, t("conflict.stale-household")), 409)
    flash(t("conflict.done-together", n=done), "done")
    return redirect(url_for("office.conflicts"))


def _choices() -> list[Choice]:
    """What was chosen: the same for all, or one by one, each at the versions that the page had."""
    form, found = request.form, []
    same = form.get("all", "")
    for name, seen in form.items():
        if not name.startswith("seen:"):
            continue
        conflict_id = name.removeprefix("seen:")
        version, _, entity_version = seen.partition(".")
        chosen = same or form.get(f"choice:{conflict_id}", "")
        if chosen:
            found.append(Choice(conflict_id, chosen, moment_of(version), moment_of(entity_version)))
    return found


def _show(household_id: str, problem: str | None = None) -> str:
    found = household_conflicts.of_household(context(), household_id, by=actor())
    return render_template(
        "office/household_conflicts.html",
        household=found,
        questions=[question(one, found.datasets, formats(), masked=False) for one in found.questions],
        chosen=request.form,
        reason=request.form.get("reason", ""),
        problem=problem,
    )
