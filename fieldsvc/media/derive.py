"""Smaller pictures made from a photo: turned upright, without EXIF (it tells where a family lives), as JPEG.

A picture that would need too much memory is refused before it is decoded: its size is in its header. Call this
in a process of its own (`fieldsvc.media.apart`): the decoders are C, and the bytes come from anywhere.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import ExifTags, Image
from pillow_heif import options as heif_options
from pillow_heif import register_heif_opener

from fieldsvc.media.cost import fits, webp_fits
from fieldsvc.media.fingerprint import fingerprint
from fieldsvc.media.sniff import sniff

register_heif_opener(thumbnails=False)
heif_options.DECODE_THREADS = 1  # one tile at a time: threads would each want memory of their own

THUMBNAIL_PIXELS = 320
SCREEN_PIXELS = 1024
Image.MAX_IMAGE_PIXELS = None  # `fits` decides, by what the format really needs
#: What phones send. Pillow knows forty formats more, among them some that start other programs.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")  # an MPO opens as the JPEG it begins with
# What Pillow and its decoders raise for bytes that lie about themselves (600,000 pictures altered at random).
DAMAGE = (OSError, ValueError, SyntaxError, EOFError, RuntimeError, struct.error)


class Unreadable(ValueError):
    """The bytes cannot be shown. `reason` is `empty`, `no-picture`, `too-large`, `damaged` or `decoder`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Derived:
    """A JPEG made from a photo, with its size in pixels (unknown for one that a phone made)."""

    data: bytes
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Views:
    """What a photo is shown by, within 320 pixels and within 1024, its own size upright, and its fingerprint."""

    thumb: Derived
    screen: Derived
    width: int
    height: int
    fingerprint: int | None


def views(data: bytes) -> Views:
    """The smaller pictures of a photo, decoded once. Raises `Unreadable`."""
    if not data:
        raise Unreadable("empty")
    kind = sniff(data[:32])
    if kind is None:
        raise Unreadable("no-picture")
    if kind.type == "image/webp" and not webp_fits(data[:32]):
        raise Unreadable("too-large")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            return _views(opened)
    except MemoryError:
        raise Unreadable("too-large") from None
    except Unreadable:
        raise
    except DAMAGE:
        raise Unreadable("damaged") from None


def _views(opened: Image.Image) -> Views:
    """Decode as small as the format allows, shrink before turning: a turned picture is a second one in memory."""
    if not fits(opened):
        raise Unreadable("too-large")
    width, height = opened.size
    turned = _orientation(opened)
    opened.draft("RGB", (SCREEN_PIXELS, SCREEN_PIXELS))  # JPEG decodes at 1/8 scale: 108 MP in 7 MB
    opened.thumbnail((SCREEN_PIXELS, SCREEN_PIXELS))
    upright = _on_white(opened if turned is None else opened.transpose(turned))
    small = upright.copy()
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    if turned in _LYING:
        width, height = height, width
    return Views(_jpeg(small, quality=60), _jpeg(upright, quality=80), width, height, fingerprint(small))


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = {_TURNS[orientation] for orientation in (5, 6, 7, 8)}


def _orientation(image: Image.Image) -> Image.Transpose | None:
    """How to turn it upright; not at all when its EXIF is broken, which is no reason to show nothing."""
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except DAMAGE:
        return None


def _jpeg(image: Image.Image, *, quality: int) -> Derived:
    """The picture as JPEG and nothing else: no EXIF, no profile, no comment."""
    out = io.BytesIO()
    image.info = {}
    image.save(out, "JPEG", quality=quality, optimize=True)
    return Derived(out.getvalue(), image.width, image.height)


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
