"""The entities sheet and the save_to column: which records a form makes and changes."""

from __future__ import annotations

import re

from fieldsvc.xlsform.lint.book import Book, Row, is_name
from fieldsvc.xlsform.spelling import nearest

_RESERVED = re.compile(r"(?i)(name|label)|__.*")


def entities(book: Book) -> None:
    """Note declarations without what they need, and save_to cells that name nothing or the same twice."""
    declared: dict[str, None] = {}
    for number, row in book.sheet("entities").numbered():
        listed = row.get("list_name", "")
        if not is_name(listed) or listed.startswith("__") or "." in listed or listed in declared:
            book.complain("entity-invalid", "entities", number, "list_name", listed)
        declared[listed] = None
        _declaration(book, number, row)
    seen: dict[str, int] = {}
    for number, row in book.sheet("survey").numbered():
        if "save_to" in row:
            _saved(book, number, row, list(declared), seen)


def _declaration(book: Book, number: int, row: Row) -> None:
    """To create needs a label, to change an entity_id, both at once the condition for each."""
    creates = "create_if" in row or "entity_id" not in row
    wrong = None
    if "update_if" in row and "entity_id" not in row:
        wrong = "entity_id"
    elif "create_if" in row and "entity_id" in row and "update_if" not in row:
        wrong = "update_if"
    elif creates and "label" not in row:
        wrong = "label"
    if (inside := row.get("repeat")) and not _is_repeat(book, inside):
        book.complain("entity-invalid", "entities", number, "repeat", inside)
    if wrong:
        book.complain("entity-invalid", "entities", number, wrong, row.get("list_name", ""))


def _is_repeat(book: Book, text: str) -> bool:
    """Whether a cell names a repeat; a question that is not there is told as such."""
    named = re.fullmatch(r"\$\{\s*([\w.-]+)\s*\}", text)
    found = [row for _, row in book.sheet("survey").numbered() if named and row.get("name") == named[1]]
    repeats = [row for row in found if re.match(r"begin[\s_]+repeat", row.get("type", ""))]
    return named is not None and (not found or bool(repeats))


def _saved(book: Book, number: int, row: Row, declared: list[str], seen: dict[str, int]) -> None:
    text = row["save_to"]
    listed, mark, name = text.rpartition("#")
    dataset = listed if mark else (declared[0] if len(declared) == 1 else "")
    detail = ""
    if row.get("type", "").startswith(("begin", "end")) or not declared:
        detail = text
    elif dataset not in declared:
        detail = nearest(listed or text, declared)
    elif not is_name(name) or "." in name or _RESERVED.fullmatch(name) or "#" in listed:
        detail = text
    elif f"{dataset}#{name}" in seen:
        detail = f"{text} = {seen[f'{dataset}#{name}']}"
    if detail:
        book.complain("save-to-invalid", "survey", number, "save_to", detail)
    seen.setdefault(f"{dataset}#{name}", number)
