"""Does this server live, and is it ready for requests? Asked by whoever starts it and whoever stands before it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from fieldsvc.extensions import context
from fieldsvc.services.health import check, check_ready

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, Any]:
    """`{"status": "ok"}` once the database answers."""
    check(context())
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> dict[str, Any]:
    """`{"status": "ready"}` when requests may come: the database, its tables and the place for photos are there.

    With `"missing": ["files"]` while an object store is away, without which text goes on. Raises `database-away`,
    `not-ready`; a proxy leaves the server out for as long.
    """
    missing = check_ready(context())
    return {"status": "ready", **({"missing": missing} if missing else {})}
