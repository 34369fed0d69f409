"""What a file really is, by its first bytes: names and declared types lie, and phones mislabel HEIC as JPEG."""

from __future__ import annotations

from dataclasses import dataclass

#: Every type `sniff` may answer.
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"})
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A kind of file we can show: its media type."""

    type: str


def sniff(head: bytes) -> Picture | None:
    """The picture these first bytes (32 are enough) begin, or None when they begin something else."""
    if head.startswith(b"\xff\xd8\xff"):
        return Picture("image/jpeg")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Picture("image/png")
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Picture("image/gif")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Picture("image/webp")
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return Picture("image/heic")
    return None
