"""Ordering a file that takes longer than a request, seeing how far it is, and fetching it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from fieldsvc.blobs.begun import begun
from fieldsvc.extensions import context
from fieldsvc.office.downloads import named
from fieldsvc.office.exporting.box import box_of
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.titles import in_language
from fieldsvc.problems import ReasonMissing
from fieldsvc.services import evidence, form_export
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.orders import Order
from fieldsvc.services.ledgers import reading
from fieldsvc.store.tables import ExportRow

#: Seconds until a page looks again how far a worker has got.
_AGAIN = "3"
_BUSY = ("waiting", "making")
_TYPES = {"geojson": "application/geo+json", "zip": "application/zip"} | {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}


def add_pages(pages: Blueprint) -> None:
    """Give the office its ordered files."""
    pages.add_url_rule("/exports", "exports", shelf)
    pages.add_url_rule("/exports", "order_export", order, methods=["POST"])
    pages.add_url_rule("/exports/<export_id>", "one_export", one)
    pages.add_url_rule("/exports/<export_id>/file", "export_file", fetch)


def shelf() -> str:
    """What can be ordered, and what the reader ordered before."""
    return _shelf(request.args.get("household") or None)


def order() -> Any:
    """Note the order; the worker makes the file."""
    form = request.form
    wanted = Order(
        kind=form.get("kind", "points"),
        area=form.get("area") or None,
        household=form.get("household") or None,
        box=box_of(form.get("box")),
        mark=form.get("mark") or None,
        only={"yes": True, "no": False}.get(form.get("only", "")),
        full=form.get("full") == "1",
        language=words().language,
    )
    villages = {one.id for one in orders.shelf(context(), actor()).villages}
    if wanted.kind == "village" and wanted.area not in villages:
        return Response(_shelf(None, words()("exports.needs-village")), 422)
    try:
        export_id = orders.order(context(), actor(), wanted, reason=form.get("reason", ""))
    except ReasonMissing:
        return Response(_shelf(wanted.household, words()("export.needs-reason")), 422)
    return redirect(url_for("office.one_export", export_id=export_id))


def one(export_id: str) -> Any:
    """How far one file is; the page looks again by itself while it is being made."""
    row = orders.show(context(), actor(), export_id)
    busy = row.state in _BUSY
    page = make_response(render_template("office/export_one.html", row=_shown(row), busy=busy))
    if busy:
        page.headers["Refresh"] = _AGAIN
    return page


def fetch(export_id: str) -> Response:
    """The file, piece by piece, for whoever ordered it."""
    row, pieces = orders.fetch(context(), actor(), export_id)
    ending = orders.KINDS[row.kind]
    response = Response(begun(pieces), mimetype=_TYPES[ending])
    response.content_length = row.bytes
    # A household's package is told from another's by when it was ordered: no name of a person stands in a folder.
    about = "" if row.kind == "household" else row.label
    what = _what(row) if row.kind in ("form", "ledger") else words()(f"exports.file.{row.kind}")
    return named(response, what, about, formats().full_time(row.at)[:16].replace(":", ""), ending=ending)


def _shelf(household: str | None, problem: str | None = None) -> str:
    found = orders.shelf(context(), actor())
    return render_template(
        "office/exports.html",
        household=household,
        label=evidence.label_of(context(), actor(), household) if household else "",
        areas=found.areas,
        rows=[_shown(row) for row in found.rows],
        asked=request.form,
        problem=problem,
    )


def _what(row: ExportRow) -> str:
    """What was ordered; of a form its title and month, of a ledger its name, or two orders would look alike."""
    t, order = words(), orders.wanted_of(row)
    if order.ledger is not None:
        found = {one.name: one for one in reading.shelf_of(context(), by=actor())[0]}.get(order.ledger)
        return found.label[t.language] if found else order.ledger
    if order.form is None:
        return t(f"exports.kind.{row.kind}")
    title = in_language(dict(form_export.exportable(context(), actor())).get(order.form), t.language) or order.form
    return t("exports.form", title=title, month=formats().month(order.month) if order.month else t("export.all"))


def _shown(row: ExportRow) -> dict[str, Any]:
    t = words()
    return {
        "id": row.id,
        "what": _what(row),
        "about": row.label,
        "state": row.state,
        "word": t(f"exports.state.{row.state}"),
        "done": min(row.done, row.total),
        "total": row.total,
        "bytes": row.bytes,
        "problem": row.problem,
        "at": row.at,
        "expires_at": row.expires_at,
    }
