"""Bar codes and QR codes in a photo, read where the phone's browser cannot (every iPhone, most cheap Androids).

Call this in a process of its own (`fieldsvc.media.apart`): two C libraries look at bytes that come from anywhere.
"""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image

from fieldsvc.media.cost import fits, webp_fits
from fieldsvc.media.derive import DAMAGE, FORMATS
from fieldsvc.media.sniff import sniff

#: A label of a meter holds two or three codes; a wall of parcels is no answer.
MOST, LONGEST = 3, 200
_PIXELS = 2000


def codes(data: bytes) -> list[str]:
    """The texts of the codes in a photo, each once, from the top; none when there are none or it cannot be opened."""
    head = data[:32]
    kind = sniff(head)
    if kind is None or (kind.type == "image/webp" and not webp_fits(head)):
        return []
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if not fits(opened):
                return []
            opened.draft("L", (_PIXELS, _PIXELS))
            opened.thumbnail((_PIXELS, _PIXELS))
            found = zxingcpp.read_barcodes(opened.convert("L"), text_mode=zxingcpp.TextMode.Plain)
    except (*DAMAGE, MemoryError):
        return []
    found.sort(key=lambda one: (one.position.top_left.y, one.position.top_left.x))
    return list(dict.fromkeys(filter(None, (_said(one.text) for one in found))))[:MOST]


def _said(text: str) -> str:
    """What may be shown of a code: one line of letters, for it may hold anything at all."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]
