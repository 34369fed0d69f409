"""The API's one smorest object, and the pieces every blueprint of it shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import EXCLUDE, Schema, fields

PREFIX = "/api/v1"
_View = TypeVar("_View", bound=Callable[..., Any])


class Contract(Api):  # type: ignore[misc]
    """OpenAPI from the views' decorators; errors stay with `api/errors.py`."""

    def _register_error_handlers(self) -> None:
        """Ours answer in one shape, in two languages, with a remedy."""


class Shape(Schema):
    """A schema that ignores what it does not know: an old server must take a newer phone's request."""

    class Meta:
        unknown = EXCLUDE


class ProblemShape(Shape):
    """What every refusal looks like (`docs/problems.md`)."""

    code = fields.String(required=True)
    status = fields.Integer(required=True)
    title = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    detail = fields.String()
    remedy = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    request_id = fields.String()


def blueprint(name: str, description: str) -> Any:
    """A blueprint of the API under its prefix."""
    return SmorestBlueprint(name, name, url_prefix=PREFIX, description=description)


#: tus's own status, which HTTP does not know.
CHECKSUM_MISMATCH = 460


def refusals(bp: Any, *statuses: int) -> Callable[[_View], _View]:
    """Describe the problems a view may answer with."""

    def decorate(view: _View) -> _View:
        for status in statuses:
            described = {"schema": ProblemShape, "content_type": "application/problem+json"}
            if status == CHECKSUM_MISMATCH:
                described["description"] = "Checksum Mismatch"
            view = bp.alt_response(status, **described)(view)
        return view

    return decorate


def settings(secure: bool) -> dict[str, Any]:
    """What smorest and OpenAPI need to know."""
    scheme = {"type": "http", "scheme": "bearer", "description": "The token of a phone's session."}
    return {
        "API_TITLE": "fieldsvc",
        "API_VERSION": "1",
        "OPENAPI_VERSION": "3.0.3",
        "OPENAPI_URL_PREFIX": PREFIX,
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {"components": {"securitySchemes": {"token": scheme}}},
        "PREFERRED_URL_SCHEME": "https" if secure else "http",
    }
