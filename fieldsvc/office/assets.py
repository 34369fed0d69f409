"""The office's styles, script and icon. The styles are several files to read and one to fetch."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, url_for

from fieldsvc import problems

_HERE = Path(__file__).parent / "static"
#: The one file of colours and sizes is the phone app's; the office draws with the same.
_TOKENS = Path(__file__).parents[1] / "static" / "ui" / "tokens.css"
_STYLES = (
    "frame",
    "controls",
    "tables",
    "lists",
    "cases",
    "visit",
    "photos",
    "decide",
    "household",
    "forms",
    "ledgers",
    "imports",
    "admin",
    "map",
    "narrow",
)
_FILES: dict[str, tuple[str, tuple[Path, ...]]] = {
    "office.css": ("text/css", (_TOKENS, *(_HERE / f"{name}.css" for name in _STYLES))),
    "print.css": ("text/css", (_HERE / "print.css",)),
    "office.js": ("text/javascript", (_HERE / "office.js",)),
    "datum.js": ("text/javascript", (_HERE / "datum.js",)),
    "photos.js": ("text/javascript", (_HERE / "photos.js",)),
    "map.js": ("text/javascript", (_HERE / "map.js",)),
    "leaflet.js": ("text/javascript", (_HERE / "vendor" / "leaflet.js",)),
    "leaflet.css": ("text/css", (_HERE / "vendor" / "leaflet.css",)),
    "icon.svg": ("image/svg+xml", (_HERE / "icon.svg",)),
}


def address(name: str) -> str:
    """The address of a style or script, different for every content, so that it may be kept for ever."""
    return url_for("office.asset", name=name, v=hashlib.sha256(_content(name)).hexdigest()[:12])


def serve(name: str) -> Response:
    """One of the office's files."""
    if name not in _FILES:
        raise problems.NotFound()
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_content(name), mimetype=_FILES[name][0], headers=headers)


@cache
def _content(name: str) -> bytes:
    return b"\n".join(path.read_bytes() for path in _FILES[name][1])
