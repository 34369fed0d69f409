"""The survey sheet row by row: types, names, labels, groups, and which lists are asked for."""

from __future__ import annotations

import re

from fieldsvc.xlsform.lint.book import Book, Row, is_name
from fieldsvc.xlsform.spelling import nearest

#: What `docs/forms.md` lists, and other spellings of the same.
TYPES = {
    *("text", "string", "barcode", "integer", "int", "decimal", "range", "date", "time", "datetime", "dateTime"),
    *("acknowledge", "trigger", "image", "photo", "audio", "video", "file", "geopoint", "location", "geotrace"),
    *("geoshape", "note", "calculate", "hidden", "start", "end", "today", "username", "deviceid", "phonenumber"),
    *("email", "start-geopoint", "csv-external", "xml-external"),
}
#: How forms of the first years spell some of them; the libraries of many organisations are full of these.
_EARLIER = {
    "text": ("add text prompt", "q string"),
    "integer": ("add integer prompt", "q int"),
    "decimal": ("add decimal prompt", "q decimal"),
    "date": ("add date prompt", "q date"),
    "datetime": ("date time", "add date time prompt", "add dateTime prompt", "q date time", "q dateTime"),
    "geopoint": ("gps", "add location prompt", "q location", "q geopoint"),
    "image": ("add image prompt", "add photo prompt", "q image", "q picture"),
    "audio": ("add audio prompt", "q audio"),
    "video": ("add video prompt", "q video"),
    "file": ("add file prompt",),
    "barcode": ("add barcode prompt", "q barcode"),
    "acknowledge": ("add acknowledge prompt", "q acknowledge"),
    "note": ("add note prompt", "q note"),
    "calculate": ("add calculate prompt", "q calculate"),
    "start": ("start time", "get start time"),
    "end": ("end time", "get end time"),
    "today": ("get today",),
    "deviceid": ("imei", "device id", "get device id", "uri:deviceid"),
    "phonenumber": ("phone number", "get phone number", "uri:phonenumber"),
    "username": ("uri:username",),
    "email": ("uri:email",),
}
EARLIER = {spelled: kind for kind, all_spelled in _EARLIER.items() for spelled in all_spelled}
SELECTS = {"select_one", "select_multiple", "rank", "select one", "select multiple", "select1"} | {
    *("select one from", "select all that apply", "select all that apply from"),
    *("add select one prompt using", "add select multiple prompt using"),
}
FILES = {"select_one_from_file", "select_multiple_from_file", "select one from file", "select multiple from file"}
_SILENT = {
    *("calculate", "hidden", "start", "end", "today", "username", "deviceid", "phonenumber", "email"),
    *("start-geopoint", "csv-external", "xml-external"),
}
_CONTROL = re.compile(r"(begin|end)[\s_]+(group|repeat|loop)\b")
_SELECT = re.compile(
    rf"({'|'.join(sorted(SELECTS | FILES, key=len, reverse=True))})\s+(.+?)(?:\s+(?:or_other|or specify other))?"
)


def questions(book: Book) -> None:
    """Note rows without type, name or label, names that stand twice, and groups that do not close."""
    listed = {row.get("list_name") for _, row in book.sheet("choices").numbered()}
    open_groups: list[tuple[str, str, int]] = []
    seen: dict[tuple[str, ...], set[str]] = {}
    for number, row in book.sheet("survey").numbered():
        kind = row.get("type", "")
        control = _CONTROL.match(kind)
        if control and control[1] == "end":
            _close(book, open_groups, control[2], number)
            continue
        if not kind:
            if row.get("name") or _said(row):
                book.complain("type-missing", "survey", number, "type")
            continue
        path = tuple(name for name, _, _ in open_groups)
        name = _name(book, number, row, seen.setdefault(path, set()))
        book.places.setdefault("/".join((*path, name)), number)
        book.names[name] = book.names.get(name, 0) + 1
        if control:
            open_groups.append((name, control[2], number))
            if control[2] == "group" and "repeat_count" in row:
                book.warn("repeat-count", "survey", number, "repeat_count", row["repeat_count"])
        else:
            _question(book, number, row, {one for one in listed if one})
    for name, kind, number in open_groups:
        book.complain("group-unbalanced", "survey", number, "type", f"begin {kind} {name}")


def listed_by(kind: str) -> str | None:
    """The choice list a type asks for; None for other types and for files."""
    found = _SELECT.fullmatch(kind)
    return found[2] if found and found[1] not in FILES and not found[2].startswith("${") else None


def _close(book: Book, open_groups: list[tuple[str, str, int]], kind: str, number: int) -> None:
    if open_groups and open_groups[-1][1] == kind:
        open_groups.pop()
    else:
        book.complain("group-unbalanced", "survey", number, "type", f"end {kind}")


def _name(book: Book, number: int, row: Row, taken: set[str]) -> str:
    name = row.get("name", "")
    if not name:
        kind = EARLIER.get(row["type"], row["type"])
        needed = kind not in ("note", *_SILENT - {"calculate", "hidden"})
        if needed and "name" in book.sheet("survey").headings:
            book.complain("name-missing", "survey", number, "name")
        return row["type"]
    if not is_name(name):
        book.complain("name-invalid", "survey", number, "name", name)
    elif name in taken or name == "meta":
        book.complain("name-duplicate", "survey", number, "name", name)
    taken.add(name)
    return name


def _question(book: Book, number: int, row: Row, listed: set[str]) -> None:
    kind = EARLIER.get(row["type"], row["type"])
    select = _SELECT.fullmatch(kind)
    if select:
        wanted = listed_by(kind)
        if wanted is not None and wanted not in listed:
            book.complain("list-missing", "survey", number, "type", nearest(wanted, listed))
        _offered(book, number, row, wanted is None)
    elif kind in SELECTS | FILES:
        book.complain("list-missing", "survey", number, "type", kind)
    elif kind not in TYPES:
        known = TYPES | {"select_one", "select_multiple", "begin group", "begin repeat", "end group", "end repeat"}
        book.complain("type-unsupported", "survey", number, "type", nearest(kind, known))
        return
    if kind == "calculate" and not (row.get("calculation") or row.get("default") or row.get("trigger")):
        book.complain("calculation-missing", "survey", number, "calculation")
    # Whatever has a calculation and no words is computed and not shown, as everywhere in XLSForm.
    if kind not in _SILENT and not _said(row) and not row.get("calculation"):
        book.complain("label-missing", "survey", number, "label")


def _offered(book: Book, number: int, row: Row, from_file: bool) -> None:
    """Where the choices come from, and whether somebody may name another."""
    kind = row["type"]
    found = _SELECT.fullmatch(EARLIER.get(kind, kind))
    if from_file and found and found[1] in FILES and not found[2].lower().endswith((".csv", ".xml", ".geojson")):
        book.complain("list-file", "survey", number, "type", found[2])
    if "choice_filter" in row and re.search(r"\b(or_other|or specify other)$", kind):
        book.complain("choice-other", "survey", number, "choice_filter", row["choice_filter"])


def _said(row: Row) -> bool:
    """Whether the row has words or a picture to show, or takes them from a property."""
    shown = ("label", "hint", "image", "big-image", "audio", "video", "media", "guidance_hint")
    return any(heading.split(":")[0] in shown for heading in row)
