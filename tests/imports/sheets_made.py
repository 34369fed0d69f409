"""Sheets as other offices send them, made on the spot."""

from __future__ import annotations

import io
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


def csv(*rows: Cells, encoding: str = "utf-8") -> bytes:
    """A text with commas, in the encoding of an old or a new Excel."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)
