"""The first page: what waits, and how far the month is."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from fieldsvc.extensions import context
from fieldsvc.office.format import month_of
from fieldsvc.office.frame import actor, formats
from fieldsvc.services import backup_watch
from fieldsvc.services.access import Action, is_everywhere
from fieldsvc.services.reviewing import first_page


def add_pages(pages: Blueprint) -> None:
    """Give the office its first page."""
    pages.add_url_rule("/", "home", home)
    pages.add_url_rule("/phones", "silent_phones", silent_phones)


def home() -> str:
    """What waits for me, and this month's coverage by village."""
    f = formats()
    month = month_of(f.now_ms, f.zone)
    found = first_page.of(context(), month, by=actor())
    waiting = [
        ("to-review", found.to_review, url_for("office.review")),
        ("amended", found.amended, url_for("office.review", queue="all", amended=1)),
        ("flagged", found.flagged, url_for("office.review")),
        ("conflicts", found.conflicts, url_for("office.conflicts")),
        ("mine", found.mine, url_for("office.conflicts", of="mine")),
        ("waiting", found.waiting, url_for("office.waiting")),
        ("overdue", found.overdue, url_for("office.deadlines")),
        ("soon", found.soon, url_for("office.deadlines")),
        ("returned", found.returned, url_for("office.visits", state="returned")),
        ("phones", found.phones, url_for("office.silent_phones")),
        ("feedback", found.feedback, url_for("office.feedback")),
    ]
    if found.gone is not None:
        waiting.insert(-2, ("gone", found.gone, url_for("office.gone")))
    return render_template(
        "office/home.html",
        month=month,
        area_names=found.area_names,
        coverage=found.places,
        households=sum(place.households for place in found.places),
        visited=sum(place.visited for place in found.places),
        waiting=waiting,
        # Only who looks after the whole county can do something about it.
        backup=backup_watch.standing(context()) if is_everywhere(actor(), Action.ADMINISTER) else None,
    )


def silent_phones() -> str:
    """Phones that hold something and were silent for days: a list to telephone by."""
    phones, days = first_page.silent_phones(context(), by=actor())
    return render_template("office/phones.html", phones=phones, days=days)
