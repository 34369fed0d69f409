"""Where a Flask app keeps the context, and how a view gets at it."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from fieldsvc.services.context import Context

_KEY = "fieldsvc"


def keep_context(app: Flask, ctx: Context) -> None:
    """Give this app its context."""
    app.extensions[_KEY] = ctx


def context() -> Context:
    """The context of the app that answers the current request."""
    return cast(Context, current_app.extensions[_KEY])
