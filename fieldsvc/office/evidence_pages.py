"""证据包: all evidence about one household as a file that can be checked anywhere."""

from __future__ import annotations

import tempfile
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, words
from fieldsvc.problems import ReasonMissing
from fieldsvc.services import evidence


def add_pages(pages: Blueprint) -> None:
    """Give the office its evidence packages."""
    where = "/households/<household_id>/evidence"
    pages.add_url_rule(where, "evidence", ask)
    pages.add_url_rule(where, "download_evidence", download, methods=["POST"])


def ask(household_id: str) -> str:
    """What the package holds, and why it is wanted."""
    return _page(household_id)


def download(household_id: str) -> Any:
    """The package. Who wanted it and why is on record before it is made."""
    # A file without a name: photos of many megabytes must not pile up in memory, nor outlive the request.
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it once the last byte has left
    try:
        evidence.export(context(), actor(), household_id, file, reason=request.form.get("reason", ""))
    except ReasonMissing:
        file.close()
        return Response(_page(household_id, words()("evidence.needs-reason")), 422)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"evidence-{household_id[:13]}.zip"
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)


def _page(household_id: str, problem: str | None = None) -> str:
    label = evidence.label_of(context(), actor(), household_id)
    return render_template("office/evidence.html", household_id=household_id, label=label, problem=problem)
