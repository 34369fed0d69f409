"""A sheet somebody uploaded, as rows of text: .xlsx, .xls, and .csv in UTF-8 or GB18030.

Everything is bounded before it is believed: what it unpacks to, how many rows and columns. Long numbers stay text; one
that Excel has already rounded is marked, for nobody can know its last digits again.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import PurePath
from typing import Any

from fieldsvc.problems import SheetMerged, SheetTooLarge, SheetUnreadable
from fieldsvc.services.imports.unpacked import look

LARGEST = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 150
LONGEST_CELL = 2_000
#: How far down the headings may stand: sheets begin with titles.
_TITLES = 10
#: Behind a number of which Excel has kept the first fifteen digits.
ROUNDED = "≈"
_EXACT = 10**15
_UNREADABLE = (
    *(ValueError, LookupError, TypeError, AttributeError, OSError, OverflowError, AssertionError, EOFError),
    # lxml's errors are SyntaxErrors.
    *(SyntaxError, struct.error, zipfile.BadZipFile, zlib.error, csv.Error),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(slots=True)
class Table:
    """A sheet: its headings, and its rows with the number each has in the sheet."""

    headings: list[str]
    rows: Iterator[tuple[int, list[str]]]


def open_table(data: bytes, filename: str) -> Table:
    """The first sheet of a file. Raises `sheet-unreadable`, `-too-large` and `-merged`, also while rows are read."""
    if len(data) > LARGEST:
        raise SheetTooLarge(bytes=len(data), most=LARGEST)
    kind = PurePath(filename).suffix.lower()
    merged = look(data) if kind == ".xlsx" else 0
    rows = _bounded(_read(data, kind))
    first = list(islice(rows, _TITLES))
    at = _headings_at(first)
    if merged > at + 1:
        raise SheetMerged(row=merged)
    headings = first[at][1] if first else []
    while headings and not headings[-1]:
        headings.pop()
    if not any(headings):
        raise SheetUnreadable(kind="headings")
    return Table(headings, _filled([*first[at + 1 :]], rows, len(headings)))


def _read(data: bytes, kind: str) -> Iterator[list[Any]]:
    if kind == ".csv":
        return _csv(data)
    # Loaded with the first workbook: most processes see none.
    from fieldsvc.services.imports import workbooks

    if reader := {".xlsx": workbooks.xlsx, ".xls": workbooks.xls}.get(kind):
        return reader(data)
    raise SheetUnreadable(kind=kind)


def _filled(
    first: list[tuple[int, list[str]]], rest: Iterator[tuple[int, list[str]]], width: int
) -> Iterator[tuple[int, list[str]]]:
    for some in (first, rest):
        for number, cells in some:
            cut = cells[:width]
            if any(cut):
                yield number, cut + [""] * (width - len(cut))


def _headings_at(first: list[tuple[int, list[str]]]) -> int:
    """The row of the headings: the first with nearly as many cells as the fullest; titles above it have one or two."""
    filled = [sum(bool(cell) for cell in cells) for _, cells in first]
    most = max(filled, default=0)
    return next((at for at, count in enumerate(filled) if 2 * count > most), 0)


def _bounded(rows: Iterator[list[Any]]) -> Iterator[tuple[int, list[str]]]:
    empty = 0
    try:
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise SheetTooLarge(most_rows=MOST_ROWS)
            cells = [_text(value) for value in row[:MOST_COLUMNS]]
            empty = 0 if any(cells) else empty + 1
            if empty > 200:  # a sheet may claim a million rows
                return
            yield number, cells
    except _UNREADABLE as error:
        raise SheetUnreadable(kind=type(error).__name__) from error


def _csv(data: bytes) -> Iterator[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    first = text.partition("\n")[0]
    comma = max(",\t;，", key=first.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=comma)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case int() | float() if abs(value) >= _EXACT:
            return f"{value:.0f}{ROUNDED}"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return f"{value:%Y-%m-%d}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return _CONTROL.sub("", str(value)).strip()[:LONGEST_CELL]
