"""What a form may leave out or bring along from elsewhere because XLSForm allows it, each told as a doubt.

The settings sheet is optional there, and its files are full of rows that record in the background. A form that other
tools take as it is should not be turned away for either.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from pyxform.xls2json_backends import DefinitionData

from fieldsvc.xlsform.lint.book import heading_of
from fieldsvc.xlsform.lint.settings import FORM_ID, VERSION
from fieldsvc.xlsform.problems import FormProblem, problem
from fieldsvc.xlsform.xform import XForm

#: What records without being asked: nobody is tracked here. It stays blank, because expressions may name it.
TRACKING = {"background-audio", "background-geopoint"}
#: What keeps a log of the visit itself, which no expression names; XLSForm allows no other name for it.
AUDIT = "audit"
#: What no browser tells; it stays blank as well.
UNTOLD = {
    *("simserial", "sim id", "get sim id", "uri:simserial"),
    *("subscriberid", "subscriber id", "get subscriber id", "uri:subscriberid"),
}
#: The id of a ready XForm, which may have blanks and letters of every script. A point marks a form on trial.
_ADDRESSED = re.compile(r"[^./\\?#%\x00-\x1f]{1,64}")


def supply(read: DefinitionData, filename: str) -> list[FormProblem]:
    """Fill in the title, id and version that are missing, and silence the rows that record nothing here.

    An id is taken from the name of the file where that can be one; where it cannot, it stays missing.
    """
    return [*_settings(read, filename), *_unrecorded(read)]


def identify(form: XForm, filename: str) -> None:
    """Fill in the id and the version that a ready XForm leaves out, and note those that can stand in no address.

    A spreadsheet was asked by its settings sheet. Other clients take any text; phones fetch a form by its address.
    """
    stem, written = PurePath(filename).stem, form.instance.attrib
    if not written.get("id") and FORM_ID.fullmatch(stem):
        written["id"] = stem
        form.warnings.append(problem("form-id-missing", stem))
    if not written.get("version"):
        written["version"] = "1"
        form.warnings.append(problem("version-missing", "1"))
    for key, code, rule in (("id", "form-id-invalid", _ADDRESSED), ("version", "version-invalid", VERSION)):
        if not rule.fullmatch(written.get(key, "")):
            form.problems.append(problem(code, written.get(key, "")))


def _settings(read: DefinitionData, filename: str) -> list[FormProblem]:
    rows = read.settings or []
    first = next((row for row in rows if any(row.values())), None)
    written = {heading_of(str(key)): str(value) for key, value in (first or {}).items() if value}
    added: dict[str, str] = {}
    found: list[FormProblem] = []

    def add(key: str, code: str, value: str) -> None:
        if key not in written:
            added[key] = value
            found.append(problem(code, value, sheet="settings", row=2, column=key))

    stem = PurePath(filename).stem
    if FORM_ID.fullmatch(stem):
        add("form_id", "form-id-missing", stem)
    if known := written.get("form_id") or added.get("form_id"):
        add("form_title", "title-missing", known)
    add("version", "version-missing", "1")
    if first is None:
        read.settings = [added]
    else:
        first.update(added)
    header = read.settings_header or [{}]
    read.settings_header = [{**header[0], **dict.fromkeys(added)}]
    return found


def _unrecorded(read: DefinitionData) -> list[FormProblem]:
    found: list[FormProblem] = []
    for number, row in enumerate(read.survey or [], start=2):
        key = next((key for key in row if heading_of(str(key)) == "type"), None)
        kind = str(row.get(key) or "").strip() if key else ""
        if not key or kind not in {AUDIT} | TRACKING | UNTOLD:
            continue
        found.append(problem("type-unrecorded", kind, sheet="survey", row=number, column=key))
        row[key] = "hidden"
        if kind not in UNTOLD:
            _blank(row, kind)
    return found


def _blank(row: dict[str, Any], kind: str) -> None:
    """Leave of a row that would record only its name: how and when it would record says nothing about a blank."""
    names = {heading_of(str(heading)): heading for heading in row if row[heading]}
    kept = {names[one]: row[names[one]] for one in ("type", "name")} if kind != AUDIT and "name" in names else {}
    row.clear()
    row.update(kept)
