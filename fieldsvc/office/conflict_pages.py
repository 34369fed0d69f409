"""The conflict queue and the page where a person decides between two values."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.conflict_view import page, queue_page
from fieldsvc.office.filters import key_of, text_of_key
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.problems import NotUnique, PreconditionFailed, ReasonMissing
from fieldsvc.services import conflict_queue, review
from fieldsvc.services.reviewing import conflict_moves


def add_pages(pages: Blueprint) -> None:
    """Give the office its conflicts."""
    pages.add_url_rule("/conflicts", "conflicts", queue)
    pages.add_url_rule("/conflicts/<conflict_id>", "conflict", conflict)
    pages.add_url_rule("/conflicts/<conflict_id>", "decide_conflict", decide, methods=["POST"])
    pages.add_url_rule("/conflicts/<conflict_id>/move", "move_conflict", move, methods=["POST"])


def queue() -> str:
    """Households with values that differ, the longest waiting first."""
    after, asked = key_of(request.args.get("after")), request.args.get("of", "")
    part = asked if asked in conflict_queue.PARTS else conflict_queue.PARTS[0]
    found = conflict_queue.queue(context(), by=actor(), of=part, after=after)
    return render_template(
        "office/conflicts.html",
        groups=queue_page(found, formats()),
        part=part,
        parts=[(name, number, url_for("office.conflicts", of=name)) for name, number in found.numbers.items()],
        first_url=url_for("office.conflicts", of=part) if after else None,
        next_url=url_for("office.conflicts", of=part, after=text_of_key(found.next)) if found.next else None,
    )


def conflict(conflict_id: str) -> str:
    """One conflict: what was, what is, what else was said, by whom, when, and with which photos."""
    return _show(conflict_id)


def decide(conflict_id: str) -> Any:
    """Write the decision, tell both people, and go on to the household's next question or to the queue."""
    t, form = words(), request.form
    value = {name.removeprefix("value:"): text for name, text in form.items() if name.startswith("value:")}
    try:
        done = review.decide_conflict(
            context(),
            conflict_id,
            form.get("choice", ""),
            by=actor(),
            seen_version=_number(form.get("seen")),
            seen_entity_version=_number(form.get("seen_entity")),
            value=value,
            reason=form.get("reason", "").strip(),
        )
    except ReasonMissing:
        return Response(_show(conflict_id, t("conflict.needs-reason")), 422)
    except NotUnique as double:
        said = t("conflict.not-unique", who=double.details["record_label"] or t("conflict.elsewhere"))
        return Response(_show(conflict_id, said), 422)
    except PreconditionFailed as stale:
        by = stale.details.get("by")
        message = t("conflict.stale-decided", by=by) if by else t("conflict.stale-moved")
        return Response(_show(conflict_id, message), 409)
    flash(t("conflict.done", who=done.label or t("no-name")), "done")
    if done.next_id:
        return redirect(url_for("office.conflict", conflict_id=done.next_id))
    return redirect(url_for("office.conflicts"))


def move(conflict_id: str) -> Any:
    """Put it aside, hand it to somebody, or take that back; then the queue again."""
    t, form = words(), request.form
    seen, note = _number(form.get("seen")), form.get("note", "")
    try:
        match form.get("move"):
            case "hold":
                conflict_moves.hold(context(), conflict_id, note, by=actor(), seen_version=seen)
            case "hand":
                to = form.get("to", "")
                conflict_moves.hand(context(), conflict_id, to, note, by=actor(), seen_version=seen)
            case _:
                conflict_moves.release(context(), conflict_id, by=actor(), seen_version=seen)
    except ReasonMissing:
        return Response(_show(conflict_id, t("conflict.needs-note")), 422)
    except PreconditionFailed:
        return Response(_show(conflict_id, t("conflict.stale-moved-aside")), 409)
    flash(t("conflict.moved"), "done")
    return redirect(url_for("office.conflicts"))


def _show(conflict_id: str, problem: str | None = None) -> str:
    found = conflict_queue.conflict(context(), conflict_id, by=actor())
    return render_template(
        "office/conflict.html",
        **page(found, formats(), request.form),
        problem=problem,
        decidable=found.state == "open",
        chosen=request.form.get("choice"),
        reason=request.form.get("reason", ""),
        note=request.form.get("note", ""),
        next_url=url_for("office.conflict", conflict_id=found.others[0].id) if found.others else None,
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else -1
