"""Reading a request's body in bounded memory: by type, by size as it travels, by size once inflated."""

from __future__ import annotations

import json
import zlib
from typing import Any

import orjson
from flask import request

from fieldsvc.problems import BodyTooLarge, MalformedBody, WrongContentType

_PIECE_BYTES = 64 * 1024


def read_json(most_bytes: int, most_inflated: int) -> Any:
    """The JSON value in the body, gzip or plain; a problem when it is too large, of another type, or not JSON."""
    if request.mimetype != "application/json":
        raise WrongContentType
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip"):
        raise WrongContentType("Only gzip is inflated here.")
    body = _read(most_bytes)
    return _parse(_inflate(body, most_inflated) if encoding == "gzip" else body)


def _read(most_bytes: int) -> bytes:
    """The body as it travelled. A length that lies, or none at all, is read no further than the cap."""
    if (request.content_length or 0) > most_bytes:
        raise BodyTooLarge
    body = request.stream.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise BodyTooLarge
    return body


def _inflate(body: bytes, most: int) -> bytes:
    """The inflated body. Ten kilobytes may hold a gigabyte: what exceeds the cap is never made."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        data = inflater.decompress(body, most + 1)
    except zlib.error:
        raise MalformedBody("The body is not gzip.") from None
    if len(data) > most:
        raise BodyTooLarge
    if not inflater.eof or inflater.unused_data:
        raise MalformedBody("The gzip body is not whole.")
    return data


def _parse(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        # One operation with half a surrogate pair must not hold up its forty neighbours: the lenient parser
        # lets it through, and it is then refused alone.
        return json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedBody from None
