"""Tables as offices send and want them: .xlsx, and .csv in UTF-8 or in GB18030, which old Chinese Excel writes.

A sheet is a list of rows, a row maps the heading of each column to text. Nothing here knows what it means. What knows
workbooks (`book.py`) is loaded with the first of them: its library is ten megabytes, and most processes see none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from fieldsvc.sheets import text
from fieldsvc.sheets.text import SheetUnreadable, Table

__all__ = ["SheetUnreadable", "Table", "read", "write", "write_book"]


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the first sheet; empty rows and columns without a heading are left out."""
    rows = _rows(path)
    headings = [heading.strip() for heading in next(rows, [])]
    for row in rows:
        values = {heading: value.strip() for heading, value in zip(headings, row, strict=False) if heading}
        if any(values.values()):
            yield values


def _rows(path: Path) -> Iterator[list[str]]:
    match path.suffix.lower():
        case ".csv":
            return text.read(path)
        case ".xlsx":
            from fieldsvc.sheets import book

            return book.read(path)
    raise SheetUnreadable(f"{path.name}: 只能读 .xlsx 和 .csv。Only .xlsx and .csv can be read.")


def write(path: Path, headings: Sequence[str], rows: Iterable[Mapping[str, str]]) -> int:
    """Write a sheet with these columns, row by row; return how many rows it has."""
    lines = ([row.get(heading, "") for heading in headings] for row in rows)
    if path.suffix.lower() == ".csv":
        return text.write(path, headings, lines)
    from fieldsvc.sheets import book

    return book.write(path, headings, lines)


def write_book(path: Path, sheets: Sequence[Table], rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Path]:
    """Write several tables: an .xlsx with a sheet each, or a .csv each beside the first; return the files.

    A sheet is its name, its headings, and those of them that hold numbers; a row says which sheet it belongs to. Rows
    of all sheets may come in any order, and are never all in memory.
    """
    if path.suffix.lower() == ".csv":
        return text.write_all(path, sheets, rows)
    from fieldsvc.sheets import book

    return book.write_all(path, sheets, rows)
