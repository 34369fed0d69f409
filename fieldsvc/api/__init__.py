"""JSON over HTTP and nothing else: parse, call a service, dump."""

from __future__ import annotations

from flask import Flask

from fieldsvc.api import blueprint, forms, photos, session, sync, uploads
from fieldsvc.api.errors import register_errors
from fieldsvc.api.health import blueprint as health
from fieldsvc.api.metrics import blueprint as metrics


def register_api(app: Flask) -> None:
    """Give the app its error answers, its API and the description of it."""
    app.config.update(blueprint.settings(secure=bool(app.config["SESSION_COOKIE_SECURE"])))
    register_errors(app)
    app.register_blueprint(health)
    app.register_blueprint(metrics)
    contract = blueprint.Contract(app)
    for module in (session, sync, forms, photos, uploads):
        contract.register_blueprint(module.bp)
