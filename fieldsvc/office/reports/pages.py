"""The shelf of reports, one of them, its publishing, and its files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.downloads import named
from fieldsvc.office.filters import report_key_of, text_of_key
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.reports import files, view
from fieldsvc.papers import draw, font, for_word
from fieldsvc.problems import NotFound
from fieldsvc.services.reports import freezing

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def add_pages(pages: Blueprint) -> None:
    """Give the office its reports."""
    pages.add_url_rule("/reports", "reports", shelf)
    pages.add_url_rule("/reports/<period>", "report", report)
    pages.add_url_rule("/reports/<period>", "publish_report", publish, methods=["POST"])
    pages.add_url_rule("/reports/<period>/<kind>", "report_file", download)


def shelf() -> str:
    """What was published, and what can be read."""
    t, f = words(), formats()
    after = report_key_of(request.args.get("after"))
    found = freezing.shelf(context(), by=actor(), after=after)
    return render_template(
        "office/reports.html",
        published=[(view.called(one.period, t, f), one) for one in found.published],
        periods=[(view.called(one, t, f), one) for one in found.periods],
        first_url=url_for("office.reports") if after else None,
        next_url=url_for("office.reports", after=text_of_key(found.next)) if found.next else None,
    )


def report(period: str) -> str:
    """One report: as it was published, with what came since; or as it is now."""
    return _page(period)


def publish(period: str) -> Any:
    """Freeze the figures."""
    found = freezing.publish(context(), period, request.form.get("area") or None, by=actor())
    flash(words()("report.done"), "done")
    return redirect(url_for("office.report", period=period, area=found.area_id))


def download(period: str, kind: str) -> Response:
    """The report as PDF, DOCX or XLSX."""
    t, f = words(), formats()
    if kind not in ("pdf", "docx", "xlsx"):
        raise NotFound
    found = freezing.read(context(), period, request.args.get("area") or None, by=actor())
    made = files.paper(found, actor().name, t, f)
    if kind == "docx":
        response = Response(for_word(made, f.now_ms), mimetype=_WORD)
    elif kind == "pdf":
        data = draw([made], f.now_ms, font.file(context().settings.paper_font))
        response = Response(data, mimetype="application/pdf")
    else:
        from fieldsvc.office.reports.workbook import workbook

        response = Response(workbook(found, t, f), mimetype=_WORKBOOK)
    title = t("report.title", area=found.area, period=view.called(found.period, t, f))
    return named(response, title, ending=kind)


def _page(period: str) -> str:
    found = freezing.read(context(), period, request.args.get("area") or None, by=actor())
    t, f = words(), formats()
    return render_template(
        "office/report.html",
        **view.page(found, t, f),
        report=found,
        status=files.status(found, t, f),
    )
