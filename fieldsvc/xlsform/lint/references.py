"""`${name}` in any cell: is there such a question, and only one."""

from __future__ import annotations

import re

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.spelling import nearest

_REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")
_LISTED = re.compile(r"\$\{[^}]+\}(\s*,\s*\$\{[^}]+\})*")
_BROKEN = re.compile(r"\$\{[^}]*$|\$\([\w.-]+\)|\$\{\s*\}")


def references(book: Book) -> None:
    """Note references that lead nowhere or to several questions, and ones that are not closed."""
    for name in ("survey", "choices", "entities", "settings"):
        for number, row in book.sheet(name).numbered():
            if name == "survey" and "trigger" in row and not _LISTED.fullmatch(row["trigger"]):
                book.complain("expression-syntax", name, number, "trigger", row["trigger"])
            for column, text in row.items():
                if "$" in text:
                    _cell(book, name, number, column, text)


def _cell(book: Book, sheet: str, number: int, column: str, text: str) -> None:
    if _BROKEN.search(text):
        book.complain("expression-syntax", sheet, number, column, text)
    for wanted in dict.fromkeys(_REFERENCE.findall(text)):
        if not wanted:
            continue
        known = book.names.get(wanted, 0)
        if known == 0:
            book.complain("unknown-node", sheet, number, column, nearest(wanted, book.names))
        elif known > 1:
            book.complain("name-ambiguous", sheet, number, column, wanted)
