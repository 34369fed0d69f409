"""What opening a picture will cost in memory, told from its header before a pixel of it is decoded.

The figures were measured with the decoders Pillow brings (`VmPeak` of one decode of 48 and 108 million pixels).
They are bytes per pixel of the picture as declared.
"""

from __future__ import annotations

from PIL import Image

# 120 million pixels: the largest phone sensors (108 MP) pass; a bomb of a few kilobytes does not.
MOST_PIXELS = 120_000_000
# Beside Python and the decoders themselves (110 MB) this fits the 512 MB that a decoding process may have.
MOST_BYTES = 400_000_000

_WEBP, _HEIF, _GIF = 11.0, 8.5, 4.0
_BYTES_OF_MODE = {"1": 1, "L": 1, "P": 1, "LA": 4, "PA": 4, "I;16": 2, "I;16B": 2, "I": 4, "F": 4}


def fits(image: Image.Image) -> bool:
    """Whether this opened, not yet decoded, picture can be decoded within the ceiling."""
    pixels = image.width * image.height
    return pixels <= MOST_PIXELS and pixels * _bytes_per_pixel(image) <= MOST_BYTES


def webp_fits(head: bytes) -> bool:
    """The same for a WebP that is not opened yet: its decoder takes the memory of the whole canvas on opening."""
    match head[12:16]:
        case b"VP8X":
            width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case _:
            width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width * height * _WEBP <= MOST_BYTES


def _bytes_per_pixel(image: Image.Image) -> float:
    match image.format:
        case "JPEG" | "MPO":
            return _of_jpeg(image)
        case "WEBP":
            return _WEBP
        case "HEIF":
            return _HEIF
        case "GIF":
            return _GIF
        case _:
            return _BYTES_OF_MODE.get(image.mode, len(image.getbands()))


def _of_jpeg(image: Image.Image) -> float:
    """A plain JPEG is decoded line by line at an eighth of its size; a progressive one waits whole in memory."""
    if not image.info.get("progressive"):
        return 0.1
    layers = getattr(image, "layer", ())
    widest = max((across * down for _, across, down, _ in layers), default=1)
    return 2.0 * sum(across * down for _, across, down, _ in layers) / widest if layers else 6.0
