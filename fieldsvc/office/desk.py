"""The first page: what waits, and how far the month is."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from fieldsvc.extensions import context
from fieldsvc.office.format import month_of
from fieldsvc.office.frame import actor, formats
from fieldsvc.services import coverage


def add_pages(pages: Blueprint) -> None:
    """Give the office its first page."""
    pages.add_url_rule("/", "home", home)


def home() -> str:
    """What waits for me, and this month's coverage by village."""
    f = formats()
    month = month_of(f.now_ms, f.zone)
    found = coverage.home(context(), month, by=actor())
    return render_template(
        "office/home.html",
        month=month,
        area_names=found.area_names,
        coverage=found.villages,
        households=sum(village.households for village in found.villages),
        visited=sum(village.visited for village in found.villages),
        waiting=[
            ("to-review", found.to_review, url_for("office.review")),
            ("conflicts", found.conflicts, url_for("office.conflicts")),
            ("waiting", found.waiting, url_for("office.waiting")),
            ("flagged", found.flagged, url_for("office.review")),
            ("returned", found.returned, url_for("office.visits", state="returned")),
            ("overdue", found.overdue, url_for("office.deadlines")),
            ("soon", found.soon, url_for("office.deadlines")),
            ("feedback", found.feedback, url_for("office.feedback")),
        ],
    )
