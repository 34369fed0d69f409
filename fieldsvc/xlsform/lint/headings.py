"""Sheets and headings: the ones that are needed, twice, or not known."""

from __future__ import annotations

import difflib
import re

from fieldsvc.xlsform.lint.book import Book, heading_of
from fieldsvc.xlsform.own_words import BASES, SETTINGS
from fieldsvc.xlsform.spelling import nearest

KNOWN_SHEETS = ("survey", "choices", "settings", "entities", "external_choices", "osm")
#: Headings without their language.
KNOWN = {
    "survey": {
        *("type", "name", "label", "hint", "guidance_hint", "image", "big-image", "audio", "video", "media"),
        *("required", "required_message", "relevant", "constraint", "constraint_message", "calculation", "default"),
        *("appearance", "readonly", "repeat_count", "choice_filter", "parameters", "trigger", "save_to", "autoplay"),
        *("rows", "body", "bind", "instance", "control", "intent", "compact_tag", "disabled", "note", "notes"),
    },
    "settings": {
        *("form_title", "form_id", "version", "default_language", "namespaces", "instance_name", "name", "style"),
        *(
            "subject_dataset",
            "theme",
            *SETTINGS,
            "allow_choice_duplicates",
            "public_key",
            "submission_url",
            "auto_send",
            "auto_delete",
        ),
        *("prefix", "clean_text_values", "omit_instanceid", "attribute"),
    },
    "entities": {"list_name", "entity_id", "create_if", "update_if", "label", "repeat"},
}
_MEDIA = ("image", "big-image", "audio", "video")
NEEDED = {"survey": ("type", "name"), "choices": ("list_name", "name")}


def headings(book: Book) -> None:
    """Note missing sheets and headings, headings that stand twice, and ones nobody knows."""
    _sheets(book)
    for name, sheet in book.sheets.items():
        if sheet.rows and not sheet.written:
            book.complain("heading-missing", name, 1)
        for needed in NEEDED.get(name, ()):
            if sheet.rows and needed not in sheet.headings:
                book.complain("heading-missing", name, 1, None, needed)
        seen: set[str] = set()
        for written in sheet.written:
            heading = heading_of(written)
            if heading in seen:
                book.complain("heading-duplicate", name, 1, None, written)
            seen.add(heading)
            _written_wrong(book, name, heading, written)
            _known(book, name, written)


def _sheets(book: Book) -> None:
    survey = book.sheets.get("survey")
    if survey is None or not any(True for _ in survey.numbered()):
        near = difflib.get_close_matches("survey", [one.lower() for one in book.sheet_names], n=1, cutoff=0.6)
        if survey is not None:
            book.complain("sheet-empty", "survey", None)
        else:
            book.complain("sheet-missing", "survey", None, None, f"{near[0]} → survey?" if near else "")
    for name in book.sheet_names:
        if name.lower() in KNOWN_SHEETS or name.startswith("_"):
            continue
        close = difflib.get_close_matches(name.lower(), KNOWN_SHEETS, n=1, cutoff=0.7)
        if close and close[0] not in book.sheets and close[0] != "survey":
            book.complain("sheet-missing", close[0], None, None, f"{name} → {close[0]}?")


def _written_wrong(book: Book, sheet: str, heading: str, written: str) -> None:
    """Columns that pyxform refuses (a kind of media nobody shows) or leaves out (a choice's column with a blank)."""
    base, mark, kind = heading.partition("::")
    if sheet in ("survey", "choices") and base == "media" and mark and kind.split("::")[0] not in _MEDIA:
        book.complain("heading-wrong", sheet, 1, None, nearest(written, [f"media::{one}" for one in _MEDIA]))
    elif sheet == "choices" and re.search(r"\s", base):
        book.warn("heading-wrong", sheet, 1, None, written)


def _known(book: Book, sheet: str, written: str) -> None:
    known = KNOWN.get(sheet)
    heading = heading_of(written)
    base = heading.split("::")[0].split(":")[0]
    if known is None or base in known or (sheet == "settings" and heading.startswith("bind")):
        own = heading.removeprefix("bind::fs:")
        if own != heading and own.rstrip("0123456789") not in BASES:
            guess = nearest(own, BASES)
            if guess.endswith("?"):
                book.warn("heading-unknown", sheet, 1, None, guess)
        return
    if sheet == "entities":
        book.complain("entity-invalid", sheet, 1, heading, nearest(written, known))
    else:
        book.warn("heading-unknown", sheet, 1, None, nearest(written, known))
