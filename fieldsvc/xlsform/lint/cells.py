"""Cells that are plain values: do defaults fit the type of their question, does yes or no say either."""

from __future__ import annotations

import re
from datetime import date

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.lint.questions import EARLIER
from fieldsvc.xlsform.own_words import NO, YES

#: What stands for itself; brackets, questions and operators with blanks make an expression of it.
_PLAIN = re.compile(r"[\w.年月日号/:-]+")
_SHAPES = {
    "integer": re.compile(r"-?\d+"),
    "int": re.compile(r"-?\d+"),
    "decimal": re.compile(r"-?(\d+\.?\d*|\.\d+)"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "time": re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?"),
}
#: What a clerk writes for yes; a question of that name would have to be ${…}.
_WORD = re.compile(r"\w+")


def cells(book: Book) -> None:
    """Note a default that its question would refuse, and a word for yes or no that is neither."""
    for number, row in book.sheet("survey").numbered():
        kind, default = EARLIER.get(row.get("type", ""), row.get("type", "")), row.get("default", "")
        if kind in _SHAPES and _PLAIN.fullmatch(default) and not _fits(kind, default):
            book.complain("default-unfit", "survey", number, "default", default)
        for column in ("required", "readonly"):
            word = row.get(column, "")
            if _WORD.fullmatch(word) and word.lower() not in (*YES, *NO):
                book.complain("word-unknown", "survey", number, column, f"{word}; yes, no")


def _fits(kind: str, default: str) -> bool:
    if not _SHAPES[kind].fullmatch(default):
        return False
    try:
        return kind != "date" or bool(date.fromisoformat(default))
    except ValueError:
        return False
