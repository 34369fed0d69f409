"""The columns and settings that only this project has: switched on, each word known, each message with its rule."""

from __future__ import annotations

import re

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.own_words import SETTINGS, unknown_word

_OURS = "bind::fs:"
#: pyxform takes the value with and without quotes, and reads those of a word processor as plain ones.
_DECLARED = re.compile(r"(?:^|\s)fs=[\"“”]?urn:fieldsvc:forms[\"“”]?(?=\s|$)")
_OTHERS = re.compile(r"bind::([A-Za-z][\w.-]*):")
#: What pyxform declares in every form.
_PREFIXES = ("h", "ev", "xsd", "jr", "orx", "odk", "entities")
_SAID = re.compile(r"bind::fs:soft-(?:zh|en|reason)(\d*)")


def own(book: Book) -> None:
    """Note columns of ours that nothing switches on, words they do not know, and messages without a rule."""
    survey = book.sheet("survey")
    _switched_on(book, {column for _, row in survey.numbered() for column in row})
    for number, row in survey.numbered():
        for column, value in row.items():
            if not column.startswith(_OURS):
                continue
            if strange := unknown_word(column.removeprefix(_OURS), value):
                book.complain("word-unknown", "survey", number, column, strange)
            said = _SAID.fullmatch(column)
            if said and f"bind::fs:soft{said[1]}" not in row:
                book.warn("soft-missing", "survey", number, column, f"bind::fs:soft{said[1]}")
    for setting in SETTINGS:
        if (word := book.settings.get(setting)) and (strange := unknown_word(setting, word)):
            book.complain("word-unknown", "settings", 2, setting, strange)


def _switched_on(book: Book, columns: set[str]) -> None:
    """Without the cell pyxform makes no XML of such a column, and with another text in it the column says nothing."""
    declared = book.settings.get("namespaces", "")
    ours = any(column.startswith(_OURS) for column in columns) and not _DECLARED.search(declared)
    others = {found[1] for column in columns if (found := _OTHERS.match(column))} - {"fs", *_PREFIXES}
    strange = sorted(prefix for prefix in others if not re.search(rf"(?:^|\s){re.escape(prefix)}=", declared))
    if ours or strange:
        detail = declared if ours and declared else ", ".join(f"bind::{one}:" for one in ["fs"] * ours + strange)
        book.complain("namespace-missing", "settings", 2, "namespaces", detail)
