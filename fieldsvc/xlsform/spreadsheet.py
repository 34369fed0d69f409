"""Looks into an .xlsx file before it is believed: how large it is, and what Excel hides from whoever reads only values.

Everything is bounded: by what the zip directory says before it is unpacked, then by rows while they are streamed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from openpyxl import load_workbook

from fieldsvc.xlsform.problems import FormProblem, FormProblems, problem

LARGEST_UNPACKED = 20_000_000
#: A form of 500 questions is long; a list of all villages of a county fits.
MOST_ROWS = {"survey": 3_000, "choices": 20_000, "settings": 100, "entities": 100}
MOST_COLUMNS = 200
_EMPTY_ROWS = 60
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]+)(\d+)')
#: What openpyxl and what it stands on raise for files that lie about themselves; lxml's errors are SyntaxErrors.
UNREADABLE = (
    *(LookupError, ValueError, TypeError, OSError, AttributeError, SyntaxError, EOFError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, NotImplementedError),
)


def inspect(data: bytes) -> tuple[list[FormProblem], list[FormProblem]]:
    """Mistakes and doubts about the cells of a workbook. Raises `FormProblems` for a file that must not be opened."""
    _refuse_unsafe(data)
    try:
        return _looked_at(data)
    except UNREADABLE as error:
        raise FormProblems([problem("form-unreadable", type(error).__name__)]) from error


def _refuse_unsafe(data: bytes) -> None:
    """A few kilobytes of zip can unpack to gigabytes; its directory tells before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > LARGEST_UNPACKED:
                raise FormProblems([problem("form-too-large", f"{size} > {LARGEST_UNPACKED}")])
            for item in archive.infolist():
                # Blanks between the letters: the same words in UTF-16.
                if b"<!DOCTYPE" in archive.read(item).replace(b"\0", b""):
                    raise FormProblems([problem("xml-unsafe", item.filename)])
    except UNREADABLE as error:
        raise FormProblems([problem("form-unreadable", "zip")]) from error


def _looked_at(data: bytes) -> tuple[list[FormProblem], list[FormProblem]]:
    problems: list[FormProblem] = []
    warnings: list[FormProblem] = []
    formulas = load_workbook(io.BytesIO(data), read_only=True)
    values = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet, computed in zip(formulas.worksheets, values.worksheets, strict=True):
        name = sheet.title.lower()
        if name not in MOST_ROWS:
            continue
        if sheet.sheet_state != "visible":
            warnings.append(problem("sheet-hidden", sheet=name))
        headings = _headings(computed)
        problems += [problem("heading-duplicate", one, sheet=name, row=1, column=one) for one in _twice(headings)]
        width = len(headings)
        for number, (written, read) in enumerate(zip(_rows(sheet, width), _rows(computed, width), strict=True), 1):
            if number > MOST_ROWS[name]:
                raise FormProblems([problem("form-too-large", f"> {MOST_ROWS[name]}", sheet=name)])
            for column, value, shown in zip(headings, written, read, strict=False):
                found = _odd(value, shown)
                if found and column:
                    problems.append(problem(found, sheet=name, row=number, column=column))
    formulas.close()
    values.close()
    problems += _merged(data)
    return problems, warnings


def _headings(sheet: Any) -> list[str]:
    """The first row up to its last heading."""
    [first] = [*sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS, values_only=True)][:1] or [()]
    texts = [str(value or "").strip() for value in first]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _rows(sheet: Any, width: int) -> Iterator[tuple[Any, ...]]:
    """Rows up to a long stretch of empty ones: a sheet may claim a million."""
    empty = 0
    for row in sheet.iter_rows(values_only=True, max_col=max(width, 1)):
        empty = 0 if any(value is not None for value in row) else empty + 1
        if empty > _EMPTY_ROWS:
            return
        yield row


def _twice(headings: list[str]) -> list[str]:
    """The headings that stand there more than once."""
    return [one for one, times in Counter(headings).items() if one and times > 1]


def _odd(written: Any, shown: Any) -> str | None:
    """A formula that nobody computed reads as nothing; a date reads as something else than it looked like."""
    if isinstance(written, str) and written.startswith("=") and shown is None:
        return "cell-formula"
    return "cell-date" if isinstance(shown, (date, time)) else None


def _merged(data: bytes) -> list[FormProblem]:
    """Merged cells below the headings of the sheets that are read."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    found: list[FormProblem] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for sheet in book.worksheets:
            name = sheet.title.lower()
            if name in MOST_ROWS:
                # openpyxl drops merged ranges when it streams; the sheet's own file has them.
                for column, row in _MERGED.findall(archive.read(sheet._worksheet_path)):
                    found.append(problem("cell-merged", f"{column.decode()}{int(row)}", sheet=name, row=int(row)))
    book.close()
    return found
