"""Many people from a list, and their enrolment cards on A4: cut apart, handed over, scanned once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import segno
from flask import Blueprint, Response, render_template, request

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, words
from fieldsvc.office.titles import in_language
from fieldsvc.problems import Problem, SheetMerged, SheetTooLarge, SheetUnreadable
from fieldsvc.services.staff import cards, roster
from fieldsvc.services.staff.cards import Card


def add_pages(pages: Blueprint) -> None:
    """Give the office its lists and cards."""
    pages.add_url_rule("/people/roster", "roster", begin)
    pages.add_url_rule("/people/roster", "take_roster", take, methods=["POST"])
    pages.add_url_rule("/people/cards", "print_cards", print_cards, methods=["POST"])


def begin() -> str:
    """Where a list is pasted or chosen."""
    roster.require(context(), by=actor())
    return _show("")


def take() -> Any:
    """What would become of every row; and once that was seen, the people."""
    roster.require(context(), by=actor())
    t, text = words(), request.form.get("list", "")
    uploaded = request.files.get("file")
    try:
        if uploaded and uploaded.filename:
            text = roster.text_of(uploaded.read(), uploaded.filename)
        if not text.strip():
            return Response(_show("", t("roster.empty")), 422)
        if request.form.get("action") == "add":
            return _show(text, rows=roster.add(context(), text, by=actor()), done=True)
        return _show(text, rows=roster.check(context(), text, by=actor()))
    except (SheetUnreadable, SheetTooLarge, SheetMerged) as problem:
        return Response(_show(text, _told(problem)), problem.status)


def print_cards() -> Any:
    """A sheet of new cards. Shown once: opening it again makes other cards, and these are void then."""
    roster.require(context(), by=actor())
    made = cards.issue(context(), actor(), request.form.getlist("person"))
    if not made:
        return Response(_show("", words()("cards.nobody")), 422)
    days = context().settings.card_days
    return render_template("office/staff/cards.html", cards=[(card, _drawn(card)) for card in made], days=days)


def _drawn(card: Card) -> str:
    """The code as a drawing: our own page's policy lets nothing else in, and paper wants it sharp."""
    drawing: str = segno.make(card.link, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return drawing


def _told(problem: Problem) -> str:
    t = words()
    return in_language(problem.title, t.language) + t("sentence-gap") + in_language(problem.remedy, t.language)


def _show(text: str, problem: str | None = None, *, rows: list[roster.Row] | None = None, done: bool = False) -> str:
    people = [row.person_id for row in rows or () if row.person_id]
    fates = Counter(row.fate for row in rows or ())
    return render_template(
        "office/staff/roster.html",
        text=text,
        rows=rows,
        fates=fates,
        new=fates["new"],
        sheets=[people[at : at + cards.MOST] for at in range(0, len(people), cards.MOST)],
        done=done,
        problem=problem,
    )
