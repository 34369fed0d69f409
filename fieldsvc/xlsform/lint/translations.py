"""Texts that one language has and another lacks. Never an error: the default language is shown instead."""

from __future__ import annotations

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.lint.settings import languages

_TEXTS = ("label", "hint", "constraint_message", "required_message")
_MOST_ROWS = 8


def translations(book: Book) -> None:
    """Note, once per column, the rows that say something in one language and nothing in another."""
    spoken = languages(book)
    if len(spoken) < 2:
        return
    for name in ("survey", "choices"):
        sheet = book.sheet(name)
        for text in _TEXTS:
            for language in spoken:
                column = f"{text}::{language}"
                rows = [
                    number
                    for number, row in sheet.numbered()
                    if column not in row and any(key.split("::")[0] == text for key in row)
                ]
                if rows:
                    shown = ", ".join(map(str, rows[:_MOST_ROWS])) + (" …" if len(rows) > _MOST_ROWS else "")
                    book.warn("translation-missing", name, rows[0], column, shown)
