"""JSON on its way out: compressed where that saves anything, with Brotli for those who take it."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Any

import brotli
import orjson
from flask import Response, request

_WORTH_IT = 600
# At this quality Brotli costs what gzip costs and leaves a fifth less: seconds of a first sync on 2G.
_BROTLI_QUALITY = 6
# A page of a first sync: another eighth less, for 70 ms of the server's time. The phone saves half a second a page.
_LARGE, _LARGE_QUALITY = 64_000, 10
# What is sent to every phone, but compressed once.
_KEPT, _KEPT_QUALITY = 64, 11
# All of a release's definitions are half a megabyte; every phone of a county lacks the same ones.
_KEPT_TOGETHER = 8


def json_reply(value: Any, status: int = 200) -> Response:
    """A JSON response, compressed for those who take it once it is longer than one packet half full."""
    data = orjson.dumps(value)
    response = Response(status=status, mimetype="application/json")
    if len(data) > _WORTH_IT:
        data = _compressed(data, response)
    response.headers["Vary"] = "Accept-Encoding"
    response.set_data(data)
    return response


def lasting_reply(data: bytes, digest: str) -> Response:
    """JSON that never changes, named by `digest`: compressed as far as it goes, and fetched once by each phone."""
    response = Response(mimetype="application/json")
    encoding = _accepted()
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_data(_kept(data, encoding))
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.set_etag(digest)
    response.make_conditional(request)
    return response


def lasting_picture(data: bytes, kind: str, sha256: str) -> Response:
    """A picture that never changes, named by its own digest."""
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def lines_reply(data: bytes) -> Response:
    """Lines of JSON, compressed as far as they go; a phone reads each as it comes and keeps it itself."""
    response = Response(mimetype="application/x-ndjson")
    encoding = _accepted()
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_data(_kept_together(data, encoding))
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-store"
    return response


def own_lines_reply(data: bytes, status: int) -> Response:
    """Lines of JSON for one phone, once: compressed as far as is worth a tenth of a second of the server's time."""
    response = Response(status=status, mimetype="application/x-ndjson")
    encoding = _accepted()
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_data(_as(data, encoding, _LARGE_QUALITY))
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=_KEPT_TOGETHER)
def _kept_together(data: bytes, encoding: str | None) -> bytes:
    return _as(data, encoding, _KEPT_QUALITY)


@lru_cache(maxsize=_KEPT)
def _kept(data: bytes, encoding: str | None) -> bytes:
    return _as(data, encoding, _KEPT_QUALITY)


def _compressed(data: bytes, response: Response) -> bytes:
    """The data as the caller can read them; browsers offer Brotli in secure contexts only."""
    encoding = _accepted()
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return _as(data, encoding, _LARGE_QUALITY if len(data) > _LARGE else _BROTLI_QUALITY)


def _accepted() -> str | None:
    accepted = request.accept_encodings
    return next((each for each in ("br", "gzip") if accepted.quality(each) > 0), None)


def _as(data: bytes, encoding: str | None, quality: int) -> bytes:
    match encoding:
        case "br":
            return bytes(brotli.compress(data, quality=quality))
        case "gzip":
            return gzip.compress(data, 6, mtime=0)
    return data
