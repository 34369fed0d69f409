"""The application factory: settings, context, blueprints, error handlers. Nothing else."""

from __future__ import annotations

import os

from flask import Flask

from fieldsvc.api import register_api
from fieldsvc.config import Settings
from fieldsvc.doors import guard_doors
from fieldsvc.extensions import keep_context
from fieldsvc.headers import add_headers
from fieldsvc.office.register import register_office
from fieldsvc.services.context import Context, open_context
from fieldsvc.web import blueprint as web


def create_app(settings: Settings | None = None, ctx: Context | None = None) -> Flask:
    """A server: from given settings, from a given context (tests), or from the environment."""
    settings = ctx.settings if ctx else settings or Settings.from_environment(os.environ)
    app = Flask("fieldsvc", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.mode == "production",
        TESTING=settings.mode == "test",
    )
    keep_context(app, ctx or open_context(settings))
    add_headers(app)
    register_api(app)
    register_office(app)
    guard_doors(app, settings.sign_ins_per_minute)
    app.register_blueprint(web)
    return app
