"""The half of `fieldsvc.sheets` that reads and writes workbooks (.xlsx)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from fieldsvc.sheets.text import PLAIN_NUMBER, SheetUnreadable, Table

LONGEST_CELL = 32_767
#: Rows of a sheet, its headings among them. Excel repairs a longer one by throwing away what is below.
MOST_ROWS = 1_048_576
#: So many rows say how wide the columns are; the rest may be a million.
_LOOKED_AT = 200
_NARROWEST, _WIDEST = 6, 42
#: What Excel calls the sheet of paper.
_A4 = 9


def read(path: Path) -> Iterator[list[str]]:
    """The rows of the first sheet, its headings first."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception:  # a damaged or protected file fails in a dozen ways inside the reader
        raise SheetUnreadable(f"{path.name}: 文件打不开。The file cannot be opened.") from None
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [_text(value) for value in row]
    book.close()


def _text(value: Any) -> str:
    """A cell as text. Excel keeps whole numbers as fractions and days as moments."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return f"{value:%Y-%m-%d}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def write(path: Path, headings: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    """Write one table; return how many rows it has."""
    book, every = Workbook(write_only=True), iter(lines)
    first = list(islice(every, _LOOKED_AT))
    pages, number = _Pages(book, "Sheet", headings, first), 0
    for number, line in enumerate(chain(first, every), start=1):  # noqa: B007 - the last number is the count
        sheet = pages.next_row()
        sheet.append([cell(sheet, value) for value in line])
    book.save(path)
    return number


def write_all(path: Path, sheets: Sequence[Table], rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Path]:
    """Write a sheet for each table, from rows in any order."""
    book, every = Workbook(write_only=True), iter(rows)
    first = list(islice(every, _LOOKED_AT))
    made = [
        _Pages(
            book,
            _sheet_name(name, at),
            headings,
            [[row.get(one, "") for one in headings] for number, row in first if number == at],
        )
        for at, (name, headings, _) in enumerate(sheets)
    ]
    for number, row in chain(first, every):
        _, headings, numbers = sheets[number]
        sheet = made[number].next_row()
        cells = ((heading, row.get(heading, "")) for heading in headings)
        sheet.append([_number(sheet, text) if heading in numbers else cell(sheet, text) for heading, text in cells])
    book.save(path)
    return [path]


class _Pages:
    """The sheets of one table: where one is full the next goes on, under the same headings and as wide."""

    def __init__(self, book: Any, name: str, headings: Sequence[str], first: Sequence[Sequence[str]]) -> None:
        self._book, self._name, self._headings, self._first, self._number = book, name, headings, first, 0
        self._begin()

    def next_row(self) -> Any:
        """The sheet that the next row goes into."""
        if self._rows == MOST_ROWS:
            self._begin()
        self._rows += 1
        return self._sheet

    def _begin(self) -> None:
        self._number, self._rows = self._number + 1, 1
        more = f" ({self._number})" if self._number > 1 else ""
        self._sheet = self._book.create_sheet(f"{self._name[: 31 - len(more)]}{more}")
        begin(self._sheet, self._headings, self._first)


def _number(sheet: Any, text: str) -> Any:
    """A number to calculate with; what is none, or too long to be exact, stays text."""
    if not PLAIN_NUMBER.fullmatch(text) or len(text) > 15:
        return cell(sheet, text)
    return float(text) if "." in text else int(text)


def _sheet_name(name: str, number: int) -> str:
    """What Excel takes as the name of a sheet: no more than 31 characters, and none of these."""
    return re.sub(r"[][:*?/\\]", "_", f"{number} {name}" if number else name)[:31]


def begin(sheet: Any, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the headings of a sheet that somebody will read and print: in bold, with columns as wide as these rows ask.

    On paper it lies on its side, as wide as the sheet of A4, its headings on every page, each page numbered.
    """
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    for at, texts in enumerate(zip(headings, *rows, strict=True), start=1):
        width = min(max(_NARROWEST, *(_width(text) + 2 for text in texts)), _WIDEST)
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.center.text = "&P / &N"
    sheet.append([_bold(cell(sheet, heading)) for heading in headings])


def _bold(made: Any) -> Any:
    made.font = Font(bold=True)
    return made


def _width(text: str) -> int:
    """How many figures wide a text is: a Chinese character takes the room of two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text[:_WIDEST])


def cell(sheet: Any, value: str) -> Any:
    """A cell of text for a sheet, whatever it begins with: identity numbers stay whole and formulas stay words."""
    # Excel repairs a file with these characters, or with more text in a cell, by throwing rows away.
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
    made.data_type = "s"
    return made
