"""JSON on its way out: small, and gzipped where that saves anything."""

from __future__ import annotations

import gzip
from typing import Any

import orjson
from flask import Response, request

_WORTH_GZIP = 600


def json_reply(value: Any, status: int = 200) -> Response:
    """A JSON response, gzipped for those who take it once it is longer than one packet half full."""
    data = orjson.dumps(value)
    response = Response(status=status, mimetype="application/json")
    if len(data) > _WORTH_GZIP and request.accept_encodings.quality("gzip") > 0:
        data = gzip.compress(data, 6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_data(data)
    return response
