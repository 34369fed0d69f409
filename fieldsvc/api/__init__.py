"""JSON over HTTP and nothing else: parse, call a service, dump."""

from __future__ import annotations

from flask import Flask

from fieldsvc.api.errors import register_errors
from fieldsvc.api.health import blueprint as health


def register_api(app: Flask) -> None:
    """Give the app its error answers and its API."""
    register_errors(app)
    app.register_blueprint(health)
