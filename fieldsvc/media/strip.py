"""A JPEG without what it tells beside the picture: EXIF, XMP, comments, previews, and whatever follows its end."""

from __future__ import annotations

from collections.abc import Iterator

_START, _SCAN, _END, _COMMENT = 0xD8, 0xDA, 0xD9, 0xFE
_FIRST_APPLICATION, _LAST_APPLICATION = 0xE0, 0xEF
# JFIF, and Adobe's, which says how the colours are to be read.
_KEPT = (0xE0, 0xEE)


def strip(data: bytes) -> bytes | None:
    """The same picture bit for bit without its metadata, or None when the bytes are not a JPEG to its end."""
    if not data.startswith(b"\xff\xd8"):
        return None
    kept = [b"\xff\xd8"]
    for marker, start, end in _segments(data):
        application = _FIRST_APPLICATION <= marker <= _LAST_APPLICATION
        if marker == _END:
            return b"".join([*kept, b"\xff\xd9"])
        if not (marker == _COMMENT or (application and marker not in _KEPT)):
            kept.append(data[start:end])
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each segment's marker with where it starts and ends; a scan ends where the next real marker begins."""
    at = 2
    while at + 2 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _END:
            yield marker, at, at + 2
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(data):
            return
        if marker == _SCAN:
            end = _end_of_scan(data, end)
        yield marker, at, end
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Where coded data ends: at an 0xFF that is neither stuffed (00) nor a restart (D0 to D7)."""
    while (found := data.find(b"\xff", at)) != -1 and found + 1 < len(data):
        follows = data[found + 1]
        if follows != 0 and not 0xD0 <= follows <= 0xD7 and follows != 0xFF:
            return found
        at = found + (1 if follows == 0xFF else 2)
    return len(data)
