"""比对: the rosters that came, one of them with its filter in the address, a decision for each difference, the list as
a file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc import sheets
from fieldsvc.extensions import context
from fieldsvc.office.comparison import view
from fieldsvc.office.downloads import named
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.titles import in_language
from fieldsvc.problems import ReasonMissing
from fieldsvc.services.access import Action, area_paths
from fieldsvc.services.comparison import deciding, reading
from fieldsvc.services.comparison.deciding import MOST, Item
from fieldsvc.services.comparison.taking import needs_household
from fieldsvc.services.imports.kinds import kind_of
from fieldsvc.store.comparisons import Key, Wanted

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PARTS = ("different", "here", "there")


def add_pages(pages: Blueprint) -> None:
    """Give the office its comparisons."""
    pages.add_url_rule("/comparisons", "comparisons", shelf)
    pages.add_url_rule("/comparison", "comparison", comparison)
    pages.add_url_rule("/comparison", "decide_difference", decide, methods=["POST"])
    pages.add_url_rule("/comparison/file", "download_comparison", download, methods=["POST"])


def shelf() -> str:
    """Every source with its lists, and what is open of each."""
    language = words().language
    rows = [
        {
            "url": url_for("office.comparison", source=one.source, roster=one.kind.name),
            "source": one.source,
            "kind": in_language(one.kind.label, language),
            "at": one.at,
            "open": one.open,
        }
        for one in reading.shelf(context(), by=actor())
    ]
    return render_template("office/comparison/shelf.html", rows=rows, may_import=_may(Action.IMPORT))


def comparison() -> str:
    """One roster beside the register."""
    return _page()


def decide() -> Any:
    """Decide what was ticked, or everything open under the filter."""
    t, wanted, area = words(), _wanted(request.args), request.args.get("area") or None
    choice, whole = request.form.get("choice", ""), request.form.get("which") == "all"
    if choice not in reading.CHOICES:
        return redirect(_address(wanted, area))
    if whole:
        items = [_item(one.row) for one in reading.open_ones(context(), wanted, area, by=actor(), most=MOST)]
    else:
        items = [Item(*parts) for one in request.form.getlist("item") if len(parts := one.split("~")) == 3]
    if whole and choice == reading.TAKEN and needs_household(kind_of(wanted.roster)):
        return Response(_page(t("comparison.tick-one-family")), 422)
    if not items:
        return Response(_page(t("comparison.nothing-chosen")), 422)
    said = _in_words(wanted, area) if whole else ""
    reason, household = request.form.get("reason", ""), request.form.get("household", "")
    try:
        found = deciding.decide(context(), wanted, items, choice, reason, by=actor(), words=said, household=household)
    except ReasonMissing:
        return Response(_page(t("comparison.needs-reason")), 422)
    if found["done"]:
        flash(t("comparison.done", n=found["done"]), "done")
    if found["stale"]:
        flash(t("comparison.stale", n=found["stale"]), "problem")
    if found["refused"]:
        flash(t("comparison.refused", n=found["refused"]), "problem")
    return redirect(_address(wanted, area))


def download() -> Response:
    """The list under the filter as a file, masked as on screen."""
    wanted, area = _wanted(request.args), request.args.get("area") or None
    found, rows = reading.export(context(), wanted, area, by=actor())
    t = words()
    headings = view.headings(t)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comparison.xlsx"
        sheets.write(path, headings, view.rows(found, rows, t, formats()))
        response = Response(path.read_bytes(), mimetype=_XLSX)
    return named(response, t("comparison.title"), view.sentence(found, t, formats()), ending="xlsx")


def _page(problem: str | None = None) -> str:
    wanted, area = _wanted(request.args), request.args.get("area") or None
    revealed, after = request.args.get("revealed") == "1", _key(request.args.get("after"))
    found = reading.page(context(), wanted, area, by=actor(), after=after, revealed=revealed)
    return render_template(
        "office/comparison/one.html",
        **view.page(found, words(), formats(), revealed=revealed),
        here=view.arguments(wanted, area),
        asked=request.form,
        most=MOST,
        may_export=_may(Action.EXPORT),
        problem=problem,
        first_url=_address(wanted, area) if after else None,
        next_url=_address(wanted, area, after="~".join(found.next)) if found.next else None,
    )


def _wanted(arguments: Mapping[str, str]) -> Wanted:
    part, choice = arguments.get("part"), arguments.get("choice")
    return Wanted(
        arguments.get("source", ""),
        arguments.get("roster", ""),
        part if part in _PARTS else None,
        choice if choice in (reading.OPEN, *reading.CHOICES) else None,
        arguments.get("names") or None,
    )


def _item(row: Any) -> Item:
    return Item(row.ref, row.names, row.import_id)


def _key(text: str | None) -> Key | None:
    """The place in the list that "label~ref~names" names; a label may hold the mark itself."""
    parts = (text or "").rsplit("~", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _address(wanted: Wanted, area: str | None, **more: Any) -> str:
    return url_for("office.comparison", **view.arguments(wanted, area), **more)


def _in_words(wanted: Wanted, area: str | None) -> str:
    return view.sentence(reading.page(context(), wanted, area, by=actor(), limit=0), words(), formats())


def _may(action: Action) -> bool:
    return bool(area_paths(actor(), action))
