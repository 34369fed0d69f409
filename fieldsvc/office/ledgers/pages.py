"""The shelf of ledgers, one of them filtered and paged, and its file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc import sheets
from fieldsvc.extensions import context
from fieldsvc.office.downloads import named
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.ledgers import view
from fieldsvc.problems import ReasonMissing
from fieldsvc.services.access import Action, area_paths
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.orders import Order
from fieldsvc.services.ledgers import files, reading
from fieldsvc.services.ledgers.reading import Wanted

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}
#: What one page of paper-bound lines holds: the whole ledger of a town, not of a province.
MOST_PRINTED = 3000
#: Lines that one request writes while somebody waits for it.
MOST_AT_ONCE = 20_000


def add_pages(pages: Blueprint) -> None:
    """Give the office its ledgers."""
    pages.add_url_rule("/ledgers", "ledgers", shelf)
    pages.add_url_rule("/ledgers/<name>", "ledger", ledger)
    pages.add_url_rule("/ledgers/<name>", "download_ledger", download, methods=["POST"])


def shelf() -> str:
    """The ledgers there are."""
    language = words().language
    found, refused = reading.shelf_of(context(), by=actor())
    # A rectangle drawn on the map goes along to the ledger that is chosen.
    wanted = view.wanted_of(request.args)
    here = {name: value for name, value in view.arguments_of(wanted).items() if name in ("area", "box")}
    ledgers = [(url_for("office.ledger", name=one.name, **here), one.label[language]) for one in found]
    return render_template("office/ledgers.html", ledgers=ledgers, refused=refused, in_box=wanted.box is not None)


def ledger(name: str) -> str:
    """One ledger: its filter as a sentence, a page of lines, what all of them come to."""
    wanted, whole = view.wanted_of(request.args), request.args.get("all") == "1"
    after = reading.key_of(request.args.get("after"))
    limit = MOST_PRINTED if whole else 50
    page = reading.page(context(), name, wanted, by=actor(), after=after, limit=limit)
    here = view.arguments_of(page.wanted)
    return render_template(
        "office/ledger.html",
        **view.page(page, words(), formats()),
        here=here,
        whole=whole,
        may_export=bool(area_paths(actor(), Action.EXPORT)),
        has_secrets=any(one.secret for one in page.opened.headings),
        first_url=url_for("office.ledger", name=name, **here) if after else None,
        next_url=url_for("office.ledger", name=name, **here, after="~".join(page.next)) if page.next else None,
        all_url=url_for("office.ledger", name=name, **here, all=1) if page.next and not whole else None,
    )


def download(name: str) -> Any:
    """The whole ledger as a file, row by row; it is on record before it is made. A long one is ordered instead."""
    suffix = ".csv" if request.form.get("format") == "csv" else ".xlsx"
    wanted = view.wanted_of(request.form)
    page = reading.page(context(), name, wanted, by=actor(), limit=0)
    full, reason = request.form.get("full") == "1", request.form.get("reason", "")
    if full or page.sums.rows > MOST_AT_ONCE:
        return _order(name, page.wanted, full=full, reason=reason)
    found = files.export(context(), name, wanted, words().language, by=actor())
    said = view.sentence(page, words(), formats())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{suffix}"
        rows = ((0, row) for row in found.rows)
        sheets.write_book(path, [(found.label[words().language], found.headings, found.numeric)], rows)
        response = Response(path.read_bytes(), mimetype=_TYPES[suffix])
    return named(response, found.label[words().language], *said, ending=suffix[1:])


def _order(name: str, wanted: Wanted, *, full: bool, reason: str) -> Any:
    """Have a worker make it: a county's members are half a minute of a processor, and phones sync meanwhile.

    So is a file in which nothing is masked: an order has a reason, and one person alone can fetch it for two days.
    """
    chosen = tuple(sorted(wanted.codes.items()))
    asked = Order("ledger", area=wanted.area, ledger=name, chosen=chosen, month=wanted.month, box=wanted.box, full=full)
    try:
        export_id = orders.order(context(), actor(), replace(asked, language=words().language), reason=reason)
    except ReasonMissing:
        flash(words()("export.needs-reason"), "problem")
        return redirect(url_for("office.ledger", name=name, **view.arguments_of(wanted)))
    flash(words()("ledger.ordered-full" if full else "ledger.ordered", n=MOST_AT_ONCE), "done")
    return redirect(url_for("office.one_export", export_id=export_id))
