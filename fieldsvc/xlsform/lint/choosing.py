"""Codes and columns of choice lists where they are named: in conditions, defaults and choice filters.

What compares an answer with a code that no choice has is never true, and a filter by a column that is not there leaves
no choice. Nobody sees either until the form is in a village.
"""

from __future__ import annotations

import re

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.lint.questions import EARLIER, listed_by
from fieldsvc.xlsform.spelling import nearest

_COMPARED = re.compile(r"""\$\{\s*([\w.-]+)\s*\}\s*!?=\s*(?:'([^']*)'|"([^"]*)")""")
_SELECTED = re.compile(r"""selected\(\s*\$\{\s*([\w.-]+)\s*\}\s*,\s*(?:'([^']*)'|"([^"]*)")""")
#: What is no column of the list: texts, questions, and calls of shared rules, which may name columns themselves.
_NO_COLUMN = re.compile(r"""'[^']*'|"[^"]*"|\$\{[^}]*\}|@\w+""")
_COLUMN = re.compile(r"(?<![\w.:/-])([A-Za-z_][\w.-]*)(?![\w.:-]|\s*[(/])")
_WORDS = {"and", "or", "div", "mod"}


def choosing(book: Book) -> None:
    """Doubt codes that a question's list does not have, and refuse filters by columns that it does not have."""
    codes: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    for _, row in book.sheet("choices").numbered():
        listed = row.get("list_name", "")
        codes.setdefault(listed, set()).add(row.get("name", ""))
        columns.setdefault(listed, {"name", "label"}).update(heading.split("::")[0] for heading in row)
    asked = _asked(book)
    for number, row in book.sheet("survey").numbered():
        own = asked.get(row.get("name", ""))
        for column, text in row.items():
            found = [*_COMPARED.findall(text), *_SELECTED.findall(text)] if "$" in text else []
            for name, *either in found:
                _codes(book, number, column, codes.get(asked.get(name) or ""), "".join(either))
        default = row.get("default", "")
        if own and re.fullmatch(r"[\w.-]+( [\w.-]+)*", default):
            _codes(book, number, "default", codes.get(own), default)
        known = columns.get(listed_by(EARLIER.get(row.get("type", ""), row.get("type", ""))) or "")
        if known and "choice_filter" in row:
            for name in dict.fromkeys(_COLUMN.findall(_NO_COLUMN.sub(" ", row["choice_filter"]))):
                if name not in known | _WORDS:
                    book.complain("choice-column", "survey", number, "choice_filter", nearest(name, known))


def _asked(book: Book) -> dict[str, str | None]:
    """The list of each question with choices, by its name; of a name that stands twice, none."""
    found: dict[str, str | None] = {}
    for _, row in book.sheet("survey").numbered():
        listed = listed_by(EARLIER.get(row.get("type", ""), row.get("type", "")))
        if listed and row.get("name") and "or_other" not in row["type"] and "or specify other" not in row["type"]:
            found[row["name"]] = listed if book.names.get(row["name"], 0) == 1 else None
    return found


def _codes(book: Book, number: int, column: str, known: set[str] | None, said: str) -> None:
    for code in said.split() if known else ():
        if code not in (known or ()):
            book.warn("choice-code-unknown", "survey", number, column, nearest(code, known or ()))
