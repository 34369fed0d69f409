"""Tables as offices send and want them: .xlsx, and .csv in UTF-8 or in GB18030, which old Chinese Excel writes.

A sheet is a list of rows, a row maps the heading of each column to text. Nothing here knows what it means.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

# A cell that begins like this is run as a formula when the file is opened.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class SheetUnreadable(ValueError):
    """The file is no table we can read, as a sentence."""


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the first sheet; empty rows and columns without a heading are left out."""
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise SheetUnreadable(f"{path.name}: 只能读 .xlsx 和 .csv。Only .xlsx and .csv can be read.")
    rows = _xlsx(path) if kind == ".xlsx" else _csv(path)
    headings = [heading.strip() for heading in next(rows, [])]
    for row in rows:
        values = {heading: value.strip() for heading, value in zip(headings, row, strict=False) if heading}
        if any(values.values()):
            yield values


def write(path: Path, headings: Sequence[str], rows: Iterable[Mapping[str, str]]) -> int:
    """Write a sheet with these columns, row by row; return how many rows it has."""
    lines = ([row.get(heading, "") for heading in headings] for row in rows)
    if path.suffix.lower() == ".csv":
        return _write_csv(path, headings, lines)
    return _write_xlsx(path, headings, lines)


def _csv(path: Path) -> Iterator[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise SheetUnreadable(f"{path.name}: 文字编码无法识别。The text encoding is unknown.") from None
    yield from csv.reader(text.splitlines())


def _xlsx(path: Path) -> Iterator[list[str]]:
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


def _write_csv(path: Path, headings: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    number = 0
    # The mark at the beginning tells Excel that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number, line in enumerate(lines, start=1):  # noqa: B007 - the last number is the count
            writer.writerow([f"'{value}" if value.startswith(FORMULA) else value for value in line])
    return number


def _write_xlsx(path: Path, headings: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append(list(headings))
    number = 0
    for number, line in enumerate(lines, start=1):  # noqa: B007 - the last number is the count
        sheet.append([_cell(sheet, value) for value in line])
    book.save(path)
    return number


def _cell(sheet: Any, value: str) -> Any:
    """A cell of text, whatever it begins with: identity numbers stay whole and formulas stay words."""
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell
