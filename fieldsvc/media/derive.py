"""Smaller pictures made from a photo: turned upright, without EXIF (it tells where a family lives), as JPEG.

A picture that would need too much memory is refused before it is decoded: its size is in its header.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

register_heif_opener()

THUMBNAIL_PIXELS = 320
SCREEN_PIXELS = 1024
# 120 million pixels: the largest phone sensors (108 MP) pass; a bomb of a few kilobytes does not.
MOST_PIXELS = 120_000_000
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class Unreadable(ValueError):
    """The bytes are no picture we can show, or one too large to open safely."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A JPEG made from a photo, with its size in pixels."""

    data: bytes
    width: int
    height: int


def thumbnail(data: bytes) -> Derived:
    """The photo within 320 × 320 pixels."""
    return _shrink(data, THUMBNAIL_PIXELS, quality=60)


def screen_size(data: bytes) -> Derived:
    """The photo within 1024 × 1024 pixels, for reading on a screen."""
    return _shrink(data, SCREEN_PIXELS, quality=80)


def _shrink(data: bytes, longest: int, *, quality: int) -> Derived:
    """Decode as small as the format allows, turn upright, shrink, and write a JPEG that carries nothing else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                opened.draft("RGB", (longest, longest))  # JPEG decodes at 1/8 scale: 108 MP in 7 MB
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((longest, longest))
                flat = _on_white(upright)
                out = io.BytesIO()
                flat.save(out, "JPEG", quality=quality, optimize=True)
                return Derived(out.getvalue(), flat.width, flat.height)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(str(error)) from error
    except Image.DecompressionBombWarning as error:
        raise Unreadable("too many pixels") from error


def _on_white(image: Image.Image) -> Image.Image:
    """The same picture in plain RGB; what was transparent becomes paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGB", rgba.size, "white")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    if image.mode.startswith("I"):  # 16 bits a pixel: plain conversion would turn everything white
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGB")
