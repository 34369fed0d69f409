"""Sheets as other offices send them, made on the spot."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

Cells = Sequence[Any]


def xlsx(*rows: Cells, merged: str | None = None) -> bytes:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xls(*rows: Cells, encoding: str = "gbk") -> bytes:
    """A sheet as the oldest Excel wrote it (BIFF2, one stream): no writer of .xls is kept any more.

    Records are a kind, a length and bytes: the beginning, the code page, a label or a number for each cell, the end.
    """
    records = [_record(0x0009, struct.pack("<HH", 2, 0x10)), _record(0x0042, struct.pack("<H", 936))]
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHBBB", at, column, 0, 0, 0)
            if isinstance(cell, int | float):
                records.append(_record(0x0003, place + struct.pack("<d", cell)))
            elif cell is not None:
                said = str(cell).encode(encoding)
                records.append(_record(0x0004, place + struct.pack("<B", len(said)) + said))
    return b"".join([*records, _record(0x000A, b"")])


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def csv(*rows: Cells, encoding: str = "utf-8") -> bytes:
    """A text with commas, in the encoding of an old or a new Excel."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)
