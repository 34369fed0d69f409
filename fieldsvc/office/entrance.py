"""Signing in and out of the office, and the language of its pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for

from fieldsvc import problems
from fieldsvc.extensions import context
from fieldsvc.office.frame import words
from fieldsvc.office.words import LANGUAGES
from fieldsvc.services import desk_access


def add_pages(pages: Blueprint) -> None:
    """Give the office its door."""
    pages.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    pages.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    pages.add_url_rule("/language", "language", language, methods=["POST"])


def sign_in() -> Any:
    """The door. A wrong account and a wrong password answer alike, and both are counted."""
    login = request.form.get("login", "").strip()
    wanted = _own(request.values.get("next"))
    if request.method == "GET":
        return render_template("office/sign_in.html", login="", next=wanted, error=None)
    try:
        entered = desk_access.enter(context(), login, request.form.get("password", ""))
    except problems.Problem as problem:
        message = problem.title[words().language] + problem.remedy[words().language]
        page = render_template("office/sign_in.html", login=login, next=wanted, error=message)
        return Response(page, problem.status)
    chosen = session.get("language") or entered.language
    # Nothing from before the password survives: a session somebody planted is worth nothing after.
    session.clear()
    session.update(person=entered.person_id, stamp=entered.stamp, since=entered.since, language=chosen)
    return redirect(wanted)


def sign_out() -> Any:
    """Leave; the next person at this machine starts at the door."""
    kept = session.get("language")
    session.clear()
    if kept:
        session["language"] = kept
    return redirect(url_for("office.sign_in"))


def language() -> Any:
    """Change the language and stay on the page."""
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session["language"] = wanted
    return redirect(_own(request.form.get("back")))


def _own(address: str | None) -> str:
    """An address within the office, or the home page: a link must not lead the password's owner elsewhere."""
    if address and address.startswith("/office/") and "\\" not in address and "//" not in address:
        return address
    return url_for("office.home")
