"""The pages of imports. While a worker is at it a page asks for itself again, so that it needs no script."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from fieldsvc import sheets
from fieldsvc.extensions import context
from fieldsvc.office.downloads import named
from fieldsvc.office.filters import key_of, text_of_key
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.imports import view
from fieldsvc.office.titles import in_language
from fieldsvc.problems import NotFound, PreconditionFailed, SheetMerged, SheetTooLarge, SheetUnreadable
from fieldsvc.services.imports import desk
from fieldsvc.services.imports.kinds import kinds
from fieldsvc.services.imports.model import Fate

#: Seconds until a page looks again how far a worker has got.
_AGAIN = "3"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add_pages(pages: Blueprint) -> None:
    """Give the office its imports."""
    pages.add_url_rule("/imports", "imports", history)
    pages.add_url_rule("/imports", "upload_import", upload, methods=["POST"])
    pages.add_url_rule("/imports/<import_id>", "one_import", one)
    pages.add_url_rule("/imports/<import_id>/columns", "import_columns", columns)
    pages.add_url_rule("/imports/<import_id>/columns", "name_columns", name_columns, methods=["POST"])
    pages.add_url_rule("/imports/<import_id>", "act_import", act, methods=["POST"])
    pages.add_url_rule("/imports/<import_id>/errors.xlsx", "import_errors", errors)


def history() -> str:
    """Where a sheet is uploaded, and what was imported before."""
    return _history()


def upload() -> Any:
    """Look at the file; one that can be read is asked about its columns."""
    t, file = words(), request.files.get("file")
    kind, source = request.form.get("kind", ""), " ".join(request.form.get("source", "").split())[:60]
    if file is None or not file.filename or not source or kind not in kinds():
        return Response(_history(t("imports.incomplete")), 422)
    try:
        import_id = desk.upload(context(), actor(), kind=kind, source=source, data=file.read(), filename=file.filename)
    except (SheetUnreadable, SheetTooLarge, SheetMerged) as problem:
        row = t("imports.at-row", n=problem.details["row"]) if "row" in problem.details else ""
        said = f"{problem.title[t.language]}{row} {problem.remedy[t.language]}"
        return Response(_history(said), problem.status)
    return redirect(url_for("office.import_columns", import_id=import_id))


def columns(import_id: str) -> str:
    """Which column is which field, guessed or as it was last time."""
    return _columns(import_id)


def name_columns(import_id: str) -> Any:
    """Take the columns as named and have every row looked at."""
    t = words()
    found = desk.show(context(), actor(), import_id)
    mapping = [request.form.get(f"column-{at}", "") for at in range(len(found.row.headings or ()))]
    try:
        lacking = desk.name_columns(context(), actor(), import_id, mapping)
    except PreconditionFailed:
        flash(t("imports.stale"), "problem")
        return redirect(url_for("office.one_import", import_id=import_id))
    if lacking:
        names = "、".join(in_language(found.fields[name], t.language) for name in lacking)
        return Response(_columns(import_id, t("imports.lacking", names=names), mapping), 422)
    return redirect(url_for("office.one_import", import_id=import_id))


def one(import_id: str) -> Any:
    """How far an import is, and the fate of its rows."""
    found = desk.show(context(), actor(), import_id)
    if found.row.state == "mapping":
        return redirect(url_for("office.import_columns", import_id=import_id))
    fate = request.args.get("fate", "")
    fate = fate if fate in {one.value for one in Fate} else ""
    after = request.args.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    busy = found.row.state in desk.BUSY
    rows = [] if busy else desk.lines(context(), actor(), import_id, fate, start, desk.PAGE + 1)
    page = make_response(
        render_template(
            "office/import.html",
            found=found,
            kind=in_language(found.kind.label, words().language),
            busy=busy,
            emptied=found.row.state in desk.EMPTIED,
            tabs=view.tabs(found, fate),
            fate=fate,
            lines=view.lines(found, rows[: desk.PAGE], words(), formats()),
            first_url=url_for("office.one_import", import_id=import_id, fate=fate or None) if start else None,
            next_url=url_for("office.one_import", import_id=import_id, fate=fate or None, after=rows[-2].number)
            if len(rows) > desk.PAGE
            else None,
        )
    )
    if busy:
        page.headers["Refresh"] = _AGAIN
    return page


def act(import_id: str) -> Any:
    """Begin it, give it up, or take it back."""
    try:
        desk.act(context(), actor(), import_id, request.form.get("step", ""))
    except PreconditionFailed:
        flash(words()("imports.stale"), "problem")
    return redirect(url_for("office.one_import", import_id=import_id))


def errors(import_id: str) -> Response:
    """The rows with mistakes as they came, each with what is wrong: to be mended and uploaded again.

    Raises `not-found` once the import was taken back or its days are over: its sheet is gone, and rows of it are handed
    out no more.
    """
    ctx, by, t = context(), actor(), words()
    found = desk.show(ctx, by, import_id)
    if found.row.state in desk.EMPTIED:
        raise NotFound
    headings = [*view.headings(found), t("imports.why")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        sheets.write(path, headings, view.annotated(found, desk.all_of(ctx, by, import_id, Fate.ERROR), t))
        response = Response(path.read_bytes(), mimetype=_XLSX)
    return named(response, Path(found.row.filename or "").stem, t("imports.errors-file"), ending="xlsx")


def _history(problem: str | None = None) -> str:
    after = key_of(request.args.get("after"))
    rows, names = desk.history(context(), actor(), after)
    shown = rows[: desk.PAGE]
    return render_template(
        "office/imports.html",
        kinds=[(name, in_language(kind.label, words().language)) for name, kind in kinds().items()],
        titles={name: in_language(kind.label, words().language) for name, kind in kinds().items()},
        asked=request.form,
        sources=sorted({row.source for row in rows}),
        rows=shown,
        names=names,
        problem=problem,
        first_url=url_for("office.imports") if after else None,
        next_url=url_for("office.imports", after=text_of_key((shown[-1].at, shown[-1].id)))
        if len(rows) > desk.PAGE
        else None,
    )


def _columns(import_id: str, problem: str | None = None, mapping: list[str] | None = None) -> str:
    found = desk.show(context(), actor(), import_id)
    language = words().language
    return render_template(
        "office/import_columns.html",
        found=found,
        kind=in_language(found.kind.label, language),
        columns=list(zip(found.row.headings or (), mapping or found.mapping, strict=False)),
        fields=[(name, in_language(label, language)) for name, label in found.fields.items()],
        problem=problem,
    )
