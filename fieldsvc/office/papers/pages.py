"""档案: how complete a household's file is, and its documents as PDF, one by one or as one bundle."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc import problems
from fieldsvc.extensions import context
from fieldsvc.office.downloads import named
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.papers.bundle import BUNDLE, SmallPictures
from fieldsvc.office.papers.filing import items
from fieldsvc.office.papers.fill import Printing, papers
from fieldsvc.office.titles import in_language
from fieldsvc.papers import draw, font
from fieldsvc.services import households, register
from fieldsvc.services.dossier import archive, documents, scans

_WHERE = "/households/<household_id>/archive"


def add_pages(pages: Blueprint) -> None:
    """Give the office its papers."""
    pages.add_url_rule(_WHERE, "archive", completeness)
    pages.add_url_rule(f"{_WHERE}/exempt", "exempt", exempt, methods=["POST"])
    pages.add_url_rule(f"{_WHERE}/scans", "file_paper", file_paper, methods=["POST"])
    pages.add_url_rule(f"{_WHERE}/scans/<scan_id>", "scan", scan)
    pages.add_url_rule(f"{_WHERE}/scans/<scan_id>", "take_out_paper", take_out, methods=["POST"])
    pages.add_url_rule(f"{_WHERE}/<name>.pdf", "document", printed, methods=["GET", "POST"])


def completeness(household_id: str) -> str:
    """The file's items, what is missing, and what may be printed."""
    return _page(household_id)


def exempt(household_id: str) -> Any:
    """Say why a household has no such paper, or take that back."""
    code, record = request.form.get("slot", ""), request.form.get("exemption")
    reason = request.form.get("reason", "").strip()[:200]
    if record:
        register.delete(context(), actor(), record, seen_version=1, reason=reason)
    elif not reason or code not in {slot["code"] for slot in archive.slots()}:
        return Response(_page(household_id, words()("archive.needs-reason")), 422)
    else:
        said = {"slot": code, "reason": reason}
        register.create(context(), actor(), archive.EXEMPTIONS, said, subject_id=household_id)
        flash(words()("archive.done"), "done")
    return redirect(url_for("office.archive", household_id=household_id))


def file_paper(household_id: str) -> Any:
    """File a signed paper that was scanned or photographed at a desk."""
    t, sent = words(), request.files.get("file")
    if sent is None or not sent.filename:
        return Response(_page(household_id, t("archive.no-file")), 422)
    try:
        # One byte more than may be: what is larger is refused without being read to its end.
        data = sent.read(scans.MOST_BYTES + 1)
        scans.file(context(), actor(), household_id, request.form.get("slot", ""), data)
    except problems.ScanUnfit as unfit:
        said = f"{unfit.title[t.language]} {unfit.remedy[t.language]}"
        return Response(_page(household_id, said), unfit.status)
    except problems.NotUnique:
        return Response(_page(household_id, t("archive.filed-before")), 409)
    flash(t("archive.filed-done"), "done")
    return redirect(url_for("office.archive", household_id=household_id))


def scan(household_id: str, scan_id: str) -> Response:
    """A filed paper as it came. A PDF may hold a program: it is downloaded, and opened by what opens PDFs."""
    found, pieces = scans.open_scan(context(), actor(), household_id, scan_id)
    response = Response(pieces, mimetype=found.type)
    shown = "attachment" if found.type == scans.PDF else "inline"
    ending = {"image/jpeg": "jpg", "image/png": "png"}.get(found.type, "pdf")
    response.headers["Content-Disposition"] = f'{shown}; filename="{found.slot}-{found.sha256[:12]}.{ending}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def take_out(household_id: str, scan_id: str) -> Any:
    """Take a paper out that does not belong there, with a reason."""
    reason = request.form.get("reason", "").strip()[:200]
    if not reason:
        return Response(_page(household_id, words()("archive.out-needs-reason")), 422)
    scans.take_out(context(), actor(), household_id, scan_id, reason)
    flash(words()("archive.out-done"), "done")
    return redirect(url_for("office.archive", household_id=household_id))


def printed(household_id: str, name: str) -> Any:
    """One document as PDF, or all of them. Who printed it is on record before it is made."""
    templates = documents.templates()
    if name != "archive" and name not in templates:
        raise problems.NotFound()
    full = request.method == "POST" and request.form.get("full") == "1"
    try:
        documents.allow(context(), actor(), household_id, name, full=full, reason=request.form.get("reason", ""))
    except problems.ReasonMissing:
        return Response(_page(household_id, words()("evidence.needs-reason")), 422)
    found = households.household(context(), household_id, by=actor(), viewed=False)
    printing = Printing(found, actor().name, full, words(), formats(), SmallPictures(context(), actor(), found))
    wanted = BUNDLE if name == "archive" else (name,)
    made = [paper for one in wanted for paper in papers(templates[one], printing, request.args.get("record"))]
    if not made:
        return Response(_page(household_id, words()("papers.nothing")), 422)
    face = font.file(context().settings.paper_font)
    response = Response(draw(made, formats().now_ms, face), mimetype="application/pdf")
    what = words()("papers.bundle") if name == "archive" else in_language(templates[name].label, words().language)
    return named(response, what, _number(found) or household_id[:8], ending="pdf", shown=True)


def _number(found: households.Household) -> str:
    """The household's number: what its papers are called by. Nobody's name stands in a folder of downloads."""
    return next((str(one.value or "") for one in found.record.properties if one.name == "hh_no"), "")


def _page(household_id: str, problem: str | None = None) -> str:
    found = households.household(context(), household_id, by=actor())
    t = words()
    listed = items(found, t)
    known = {one.dataset for one in (*found.others, *(record for record, _ in found.cases))}
    return render_template(
        "office/archive.html",
        household={"id": household_id, "label": found.record.label, "places": found.places},
        items=listed,
        there=sum(one["state"] in ("produced", "filed") for one in listed),
        needed=sum(one["state"] != "exempt" for one in listed),
        documents=[
            {"name": one.name, "label": in_language(one.label, t.language), "public": one.public}
            for one in documents.templates().values()
            if one.of is None or one.of in known
        ],
        problem=problem,
    )
