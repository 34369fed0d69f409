"""A phone's backup file, taken in by the office: what was in it, with a receipt for each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, words
from fieldsvc.problems import RescueForeign, RescueUnreadable
from fieldsvc.services import rescue


def add_pages(pages: Blueprint) -> None:
    """Give the office its way to take in backups."""
    pages.add_url_rule("/rescue", "rescue", ask)
    pages.add_url_rule("/rescue", "take_in", take_in, methods=["POST"])


def ask() -> str:
    """Where a backup file is handed in."""
    return render_template("office/rescue.html", taken=None)


def take_in() -> Any:
    """Take the file in and show what became of each thing in it; a damaged file changes nothing."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(words()("rescue.choose-file"), "problem")
        return redirect(url_for("office.rescue"))
    try:
        taken = rescue.take_in(context(), actor(), file.stream)
    except (RescueUnreadable, RescueForeign) as problem:
        said, language = type(problem), words().language
        flash(f"{said.title[language]} {said.remedy[language]}", "problem")
        return Response(render_template("office/rescue.html", taken=None), said.status)
    return render_template("office/rescue.html", taken=taken)
