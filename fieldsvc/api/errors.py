"""The one place where a problem becomes an HTTP answer.

Every answer carries `Fieldsvc-Protocol: 1`: a captive portal also says 200, and a phone that believed it
would delete a visit nobody received.
"""

from __future__ import annotations

import secrets
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from fieldsvc import problems
from fieldsvc.failpoints import reached

PROTOCOL_HEADER = "Fieldsvc-Protocol"
_log = structlog.get_logger()
_BY_STATUS: dict[int | None, type[problems.Problem]] = {
    400: problems.MalformedBody,
    401: problems.TokenUnknown,
    403: problems.NotAllowed,
    404: problems.NotFound,
    405: problems.MethodNotAllowed,
    413: problems.BodyTooLarge,
    415: problems.WrongContentType,
    422: problems.MalformedBody,
}


def problem_response(problem: problems.Problem) -> Response:
    """The answer that says what is wrong, what to do, and which request it was."""
    body = problem.as_json(g.get("request_id"))
    response = Response(orjson.dumps(body), problem.status, mimetype="application/problem+json")
    if problem.retry_after_seconds:
        response.headers["Retry-After"] = str(problem.retry_after_seconds)
    return response


def is_api(path: str) -> bool:
    """Whether an address answers JSON (others show pages)."""
    return path.startswith("/api/") or path in ("/healthz", "/readyz", "/metrics")


def register_errors(app: Flask) -> None:
    """Answer every error of the API in one shape, and mark every answer as ours."""

    @app.before_request
    def _name_request() -> None:
        g.request_id = secrets.token_hex(8)
        # Whatever is logged while this request is answered carries its id, which a problem shows to the caller.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _mark(response: Response) -> Response:
        if is_api(request.path):
            response.headers[PROTOCOL_HEADER] = "1"
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["X-Content-Type-Options"] = "nosniff"
            reached("reply.ready")
        return response

    @app.errorhandler(problems.Problem)
    def _problem(problem: problems.Problem) -> Response:
        return problem_response(problem)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        if not is_api(request.path) or (error.code or 500) < 400:
            return error
        fallback = problems.ServerFailed if (error.code or 500) >= 500 else problems.Problem
        response = problem_response(_BY_STATUS.get(error.code, fallback)())
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    @app.errorhandler(Exception)
    def _bug(error: Exception) -> Any:
        # The traceback is for us; the caller learns only that nothing was acknowledged.
        _log.exception("request failed", path=request.path, error=type(error).__name__)
        return problem_response(problems.ServerFailed())
