"""Looks through an .xlsx before it is opened: what it unpacks to, XML that must not be read, merged cells.

A few kilobytes of zip can unpack to gigabytes, and its directory may lie: the bytes are counted as they come.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from fieldsvc.problems import SheetTooLarge, SheetUnreadable

LARGEST_UNPACKED = 300_000_000
#: The texts of all cells; the reader keeps them in memory.
LARGEST_TEXTS = 60_000_000
_PIECE = 1_000_000
#: What may stand across the seam of two pieces.
_SEAM = 64
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="[A-Z]+\d+:[A-Z]+(\d+)')
_FIRST_SHEET = re.compile(r"xl/worksheets/sheet1\.xml")


def look(data: bytes) -> int:
    """The last row of the first sheet in which cells are merged, or 0. Raises `sheet-too-large`, `sheet-unreadable`."""
    left, merged = LARGEST_UNPACKED, 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                texts = item.filename.endswith("sharedStrings.xml")
                most, first = (LARGEST_TEXTS if texts else left), bool(_FIRST_SHEET.fullmatch(item.filename))
                size, seam = 0, b""
                with archive.open(item) as file:
                    while piece := file.read(_PIECE):
                        size += len(piece)
                        if size > min(most, left):
                            raise SheetTooLarge(most=min(most, LARGEST_UNPACKED))
                        around = seam + piece
                        if b"<!DOCTYPE" in around.replace(b"\0", b""):
                            raise SheetUnreadable(kind="DOCTYPE")
                        if first:
                            merged = max([merged, *(int(row) for row in _MERGED.findall(around))])
                        seam = piece[-_SEAM:]
                left -= size
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise SheetUnreadable(kind="zip") from error
    return merged
