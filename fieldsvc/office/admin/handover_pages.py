"""结对交接: who has how many households, and giving some or all of them to somebody else, today or from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.filters import name_key_of
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.titles import in_language
from fieldsvc.problems import TakerUnknown
from fieldsvc.services import assignments
from fieldsvc.services.handover import listing, plan
from fieldsvc.services.handover.listing import Giver


def add_pages(pages: Blueprint) -> None:
    """Give the office its handovers."""
    pages.add_url_rule("/assignments", "assignments", holders)
    pages.add_url_rule("/assignments/<holder_id>", "holder", holder)
    pages.add_url_rule("/assignments/<holder_id>", "hand_over", hand_over, methods=["POST"])
    pages.add_url_rule("/handovers/<handover_id>/cancel", "cancel_handover", cancel, methods=["POST"])


def holders() -> str:
    """People with households, by name; the number is how many there are to hand over, no measure of anybody."""
    text, after = request.args.get("q", "").strip()[:60], name_key_of(request.args.get("after"))
    found = listing.holders(context(), by=actor(), text=text, after=after)
    here: dict[str, Any] = {"q": text} if text else {}
    return render_template(
        "office/admin/assignments.html",
        lines=found.lines,
        planned=found.planned,
        names=found.names,
        query=text,
        first_url=url_for("office.assignments", **here) if after else None,
        next_url=url_for("office.assignments", **here, after="~".join(found.next)) if found.next else None,
    )


def holder(holder_id: str) -> str:
    """One person's households, now and before."""
    return _show(holder_id)


def hand_over(holder_id: str) -> Any:
    """Hand over the chosen households or all of them, or end them; what is wrong is said above what was typed."""
    t, form = words(), request.form
    found = listing.giver(context(), holder_id, by=actor())
    if form.get("which") == "end":
        return _end(found, form.getlist("subject"), form.getlist("assignment"))
    subjects = None if form.get("which") == "all" else form.getlist("subject")
    day = _day(form.get("day", ""))
    if subjects is not None and not subjects:
        return Response(_show(holder_id, t("handover.choose")), 422)
    if form.get("day") and day is None:
        return Response(_show(holder_id, t("handover.no-day")), 422)
    try:
        moved = plan.hand_over(
            context(),
            actor(),
            giver=holder_id,
            taker=form.get("taker", "").strip(),
            subjects=subjects,
            day=day,
            reason=form.get("reason", "").strip()[:200] or None,
        )
    except TakerUnknown as unknown:
        told = in_language(unknown.title, t.language) + t("sentence-gap") + in_language(unknown.remedy, t.language)
        return Response(_show(holder_id, told), 422)
    flash(t("handover.planned") if moved is None else t("handover.done", n=moved), "done")
    return redirect(url_for("office.holder", holder_id=holder_id))


def cancel(handover_id: str) -> Any:
    """Take a plan back, and return to where that was asked for."""
    cancelled = plan.cancel(context(), actor(), handover_id)
    t = words()
    flash(t("handover.cancelled" if cancelled else "handover.too-late"), "done" if cancelled else "problem")
    giver = request.form.get("giver", "")
    return redirect(url_for("office.holder", holder_id=giver) if giver else url_for("office.assignments"))


def _end(found: Giver, subjects: list[str], chosen: list[str]) -> Any:
    """End what is ticked without giving it to anybody: the household waits for its next helper."""
    ended = [one.id for one in found.held if one.subject_id in subjects]
    ended += [row.id for row, _ in found.areas if row.id in chosen]
    if not ended:
        return Response(_show(found.row.id, words()("handover.choose")), 422)
    for assignment_id in ended:
        assignments.end(context(), actor(), assignment_id, reason=request.form.get("reason", "").strip()[:200] or None)
    flash(words()("handover.ended", n=len(ended)), "done")
    # Of an area that ended nothing is left to show, when no household was ever given by itself.
    kept = found.held or found.over or len(ended) < len(found.areas)
    return redirect(url_for("office.holder", holder_id=found.row.id) if kept else url_for("office.assignments"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _show(holder_id: str, problem: str | None = None) -> str:
    found = listing.giver(context(), holder_id, by=actor())
    f = formats()
    return render_template(
        "office/admin/holder.html",
        found=found,
        places={one.area_id: " ".join(found.reach.places(one.area_id)) for one in (*found.held, *found.over)},
        cut=len(found.held) >= listing.MOST,
        chosen=set(request.form.getlist("subject")),
        written=request.form,
        today=f.local(f.now_ms).date().isoformat(),
        problem=problem,
    )
