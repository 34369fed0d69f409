"""Workbooks that somebody uploaded, row by row: .xlsx by openpyxl, .xls by xlrd. `sheet.py` bounds what they say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import xlrd
from openpyxl import load_workbook
from xlrd.compdoc import CompDocError

from fieldsvc.problems import SheetUnreadable
from fieldsvc.services.imports.sheet import MOST_COLUMNS


def xlsx(data: bytes) -> Iterator[list[Any]]:
    """The rows of the first sheet of an .xlsx."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS):
            yield list(row)
    finally:
        book.close()


def xls(data: bytes) -> Iterator[list[Any]]:
    """The rows of the first sheet of an .xls. Raises `sheet-unreadable` for what xlrd alone calls wrong."""
    try:
        yield from _xls(data)
    except (xlrd.XLRDError, CompDocError) as error:
        raise SheetUnreadable(kind=type(error).__name__) from error


def _xls(data: bytes) -> Iterator[list[Any]]:
    book = xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO())
    sheet = book.sheet_by_index(0)
    for at in range(sheet.nrows):
        row = sheet.row(at)[:MOST_COLUMNS]
        yield [
            xlrd.xldate.xldate_as_datetime(cell.value, book.datemode) if cell.ctype == xlrd.XL_CELL_DATE else cell.value
            for cell in row
        ]
