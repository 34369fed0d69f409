"""Who is asking: the bearer token of a phone."""

from __future__ import annotations

from typing import Any

from flask import request

from fieldsvc.extensions import context
from fieldsvc.problems import TokenUnknown
from fieldsvc.services.access import Actor
from fieldsvc.services.enrol import authenticate

#: What OpenAPI says of an address that needs a token.
TOKEN: list[dict[str, list[Any]]] = [{"token": []}]


def actor(*, lost: bool = False) -> Actor:
    """The actor whose token the request carries; a problem 401 without one. A `lost` phone is none unless asked for."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token or not token.isascii() or len(token) > 200:
        raise TokenUnknown
    return authenticate(context(), token, lost=lost)
