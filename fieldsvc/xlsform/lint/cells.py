"""Defaults and parameters that are plain values: do they fit the type of their question."""

from __future__ import annotations

import re
from datetime import date

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.lint.questions import EARLIER

#: What stands for itself; brackets, questions and operators with blanks make an expression of it.
_PLAIN = re.compile(r"[\w.年月日号/:-]+")
_SHAPES = {
    "integer": re.compile(r"-?\d+"),
    "int": re.compile(r"-?\d+"),
    "decimal": re.compile(r"-?(\d+\.?\d*|\.\d+)"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
}
_NUMBERS = ("start", "end", "step", "max-pixels")


def cells(book: Book) -> None:
    """Note a default that its question would refuse, and a parameter that is no number."""
    for number, row in book.sheet("survey").numbered():
        kind, default = EARLIER.get(row.get("type", ""), row.get("type", "")), row.get("default", "")
        if kind in _SHAPES and _PLAIN.fullmatch(default) and not _fits(kind, default):
            book.complain("default-unfit", "survey", number, "default", default)
        for one in re.findall(r"([\w-]+)\s*=\s*([^\s,;]+)", row.get("parameters", "")):
            if one[0] in _NUMBERS and not _SHAPES["decimal"].fullmatch(one[1]):
                book.complain("parameters-invalid", "survey", number, "parameters", "=".join(one))


def _fits(kind: str, default: str) -> bool:
    if not _SHAPES[kind].fullmatch(default):
        return False
    try:
        return kind != "date" or bool(date.fromisoformat(default))
    except ValueError:
        return False
