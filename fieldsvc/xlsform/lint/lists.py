"""The choices sheet: codes, lists, labels."""

from __future__ import annotations

import re

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.lint.questions import listed_by

_ASCII = re.compile(r"[\x21-\x7e]+")


def lists(book: Book) -> None:
    """Note choices without a list or a code, codes with blanks, twice, or without words; lists nobody asks for."""
    twice_is_meant = book.settings.get("allow_choice_duplicates", "").lower() in ("yes", "true", "true()")
    seen: set[tuple[str, str]] = set()
    first: dict[str, int] = {}
    for number, row in book.sheet("choices").numbered():
        listed, code = row.get("list_name", ""), row.get("name", "")
        if not listed or not code:
            book.complain("choice-unnamed", "choices", number, "name" if listed else "list_name")
            continue
        first.setdefault(listed, number)
        if re.search(r"\s", code):
            book.complain("choice-code", "choices", number, "name", code)
        elif not _ASCII.fullmatch(code):
            book.warn("choice-code-ascii", "choices", number, "name", code)
        if (listed, code) in seen and not twice_is_meant:
            book.complain("choice-duplicate", "choices", number, "name", f"{listed}: {code}")
        seen.add((listed, code))
        if not any(heading.split("::")[0] in ("label", "image", "media") for heading in row):
            book.warn("choice-label", "choices", number, "label", code)
    _unused(book, first)


def _unused(book: Book, first: dict[str, int]) -> None:
    """A list is used by a type, or named in any expression."""
    texts = [text for _, row in book.sheet("survey").numbered() for text in row.values()]
    asked = {listed_by(row.get("type", "")) for _, row in book.sheet("survey").numbered()}
    for listed, number in first.items():
        named = re.compile(rf"(?<![\w.-]){re.escape(listed)}(?![\w.-])")
        if listed not in asked and not any(named.search(text) for text in texts):
            book.warn("list-unused", "choices", number, "list_name", listed)
