"""What is overdue and what will be soon: the list behind the two numbers of the first page."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.case_view import due
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.titles import in_language
from fieldsvc.services import deadlines
from fieldsvc.store.deadlines import Key


def add_pages(pages: Blueprint) -> None:
    """Give the office its deadlines."""
    pages.add_url_rule("/deadlines", "deadlines", queue)


def queue() -> str:
    """What is overdue or due within a week, the longest overdue first."""
    after = _key(request.args.get("after"))
    page = deadlines.queue(context(), by=actor(), after=after)
    t, f = words(), formats()
    return render_template(
        "office/deadlines.html",
        overdue=page.overdue,
        soon=page.soon,
        ahead=deadlines.AHEAD_DAYS,
        lines=[
            {
                "household": one.line.subject,
                "url": url_for("office.household", household_id=one.line.subject_id) + f"#case-{one.line.entity_id}",
                "area": " ".join(page.reach.places(one.line.area_id)),
                "record": one.line.label,
                "process": in_language(one.process, t.language),
                "stage": in_language(one.stage, t.language),
                **due(one.due, t, f),
            }
            for one in page.lines
        ],
        first_url=url_for("office.deadlines") if after else None,
        next_url=url_for("office.deadlines", after=" ".join(page.next)) if page.next else None,
    )


def _key(text: str | None) -> Key | None:
    parts = (text or "").split(" ")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None
