"""Is this server able to answer from its database?"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from fieldsvc.extensions import context
from fieldsvc.services.health import check

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, Any]:
    """`{"status": "ok"}` once the database answers."""
    check(context())
    return {"status": "ok"}
