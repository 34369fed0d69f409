"""The settings sheet: what the form is called, its id, its version, its language."""

from __future__ import annotations

import re

from fieldsvc.xlsform.lint.book import Book, heading_of
from fieldsvc.xlsform.spelling import nearest

FORM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_CODED = re.compile(r"\([A-Za-z-]+\)$|^[a-z]{2,3}$")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")


def settings(book: Book) -> None:
    """Note an id or version that cannot stand in an address, and a default language nobody speaks."""
    row = book.settings
    if not FORM_ID.fullmatch(row.get("form_id", "")):
        book.complain("form-id-invalid", "settings", 2, "form_id", row.get("form_id", ""))
    if not VERSION.fullmatch(row.get("version", "")):
        book.complain("version-invalid", "settings", 2, "version", row.get("version", ""))
    for number, _ in [*book.sheet("settings").numbered()][1:]:
        book.warn("settings-twice", "settings", number)
    for name in ("survey", "choices"):
        for written in book.sheet(name).written:
            language = heading_of(written).partition("::")[2] if heading_of(written).startswith("label::") else ""
            if language and not _CODED.search(language):
                book.warn("language-code", name, 1, written, language)
    default = row.get("default_language")
    spoken = languages(book)
    if default and spoken and default not in spoken:
        book.complain("language-unknown", "settings", 2, "default_language", nearest(default, spoken))


def languages(book: Book) -> list[str]:
    """The languages of the labels, as the headings name them."""
    found: dict[str, None] = {}
    for sheet in ("survey", "choices"):
        for heading in book.sheet(sheet).headings:
            base, mark, language = heading.partition("::")
            if base == "label" and mark:
                found[language] = None
    return list(found)
