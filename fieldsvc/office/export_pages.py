"""The data of a form as a file: which form, which month, codes or words, masked or with a reason."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc import sheets
from fieldsvc.extensions import context
from fieldsvc.office.downloads import named
from fieldsvc.office.filters import month_argument
from fieldsvc.office.format import month_of, months_back
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.problems import ReasonMissing
from fieldsvc.services import form_export
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.orders import Order
from fieldsvc.services.form_export import Wanted

#: What one request can write while somebody waits for it.
MOST = 20_000
_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


def add_pages(pages: Blueprint) -> None:
    """Give the office its exports."""
    pages.add_url_rule("/export", "export", ask)
    pages.add_url_rule("/export", "download_export", download, methods=["POST"])


def ask() -> str:
    """What may be exported, and how."""
    return _page()


def download() -> Any:
    """The file. It is on record before it is made."""
    wanted, t = _wanted(), words()
    try:
        if form_export.number(context(), actor(), wanted, MOST + 1) > MOST:
            return _order(wanted, t)
        found = form_export.export(context(), actor(), wanted)
    except ReasonMissing:
        return Response(_page(t("export.needs-reason")), 422)
    with tempfile.TemporaryDirectory() as folder:
        suffix = ".csv" if request.form.get("format") == "csv" else ".xlsx"
        tables = [(sheet.name, sheet.headings, sheet.numeric) for sheet in found.sheets]
        path = _one(sheets.write_book(Path(folder) / f"{wanted.form_id}{suffix}", tables, found.rows))
        response = Response(path.read_bytes(), mimetype=_TYPES[path.suffix])
    month = formats().month(wanted.month) if wanted.month else t("export.all")
    return named(response, _titles().get(wanted.form_id, wanted.form_id), month, ending=path.suffix[1:])


def _order(wanted: Wanted, t: Words) -> Any:
    """Have a worker make what is too much for one request."""
    asked = Order(
        "form",
        form=wanted.form_id,
        month=wanted.month,
        codes=wanted.language is None,
        full=wanted.full,
        language=t.language,
    )
    export_id = orders.order(context(), actor(), asked, reason=wanted.reason)
    flash(t("export.ordered", n=MOST), "done")
    return redirect(url_for("office.one_export", export_id=export_id))


def _wanted() -> Wanted:
    form = request.form
    return Wanted(
        form.get("form", ""),
        month_argument(form.get("month")),
        words().language if form.get("contents") == "labels" else None,
        form.get("full") == "1",
        form.get("reason", ""),
    )


def _one(paths: list[Path]) -> Path:
    """One file to send: several tables in a zip."""
    if len(paths) == 1:
        return paths[0]
    together = paths[0].with_suffix(".zip")
    with zipfile.ZipFile(together, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
    return together


def _page(problem: str | None = None) -> str:
    f = formats()
    return render_template(
        "office/export.html",
        forms=list(_titles().items()),
        months=months_back(month_of(f.now_ms, f.zone), 24),
        asked=request.values,
        problem=problem,
    )


def _titles() -> dict[str, str]:
    """The forms that may be exported, by id, as the reader calls them."""
    forms, language = form_export.exportable(context(), actor()), words().language
    return {form_id: in_language(title, language) or form_id for form_id, title in forms}
