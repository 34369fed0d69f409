"""The application on a test's own context, without being built anew for each of two thousand tests.

Registering the addresses and compiling the templates is half the time of a test that asks for one page, and comes out
the same every time. Both are done once for all tests of a process that have the same settings.
"""

from __future__ import annotations

import copy
import dataclasses
from collections import defaultdict
from pathlib import Path
from typing import Any

from flask import Flask

from fieldsvc.app import create_app
from fieldsvc.config import Settings
from fieldsvc.extensions import keep_context
from fieldsvc.services.context import Context

#: Where things are is told by the context of the request; no address and no template knows it.
_PLACES: dict[str, Any] = {
    "data_folder": Path(),
    "database_url": "sqlite://",
    "blobs_url": "",
    "public_url": "",
    "bind": "",
    "ledgers_file": "",
}
_built: dict[Settings, Flask] = {}


def app_on(ctx: Context) -> Flask:
    """What `create_app(ctx=ctx)` answers with; context, configuration, hooks and counted sign-ins are its own."""
    alike = dataclasses.replace(ctx.settings, **_PLACES)
    if alike not in _built:
        _built[alike] = create_app(ctx=ctx)
        assert _built[alike].jinja_env  # made here, or each copy would make and fill one of its own
    built = _built[alike]
    app = copy.copy(built)
    app.config = copy.copy(built.config)
    app.extensions = dict(built.extensions)
    app.before_request_funcs = _hooks(built.before_request_funcs)
    app.after_request_funcs = _hooks(built.after_request_funcs)
    for limiter in app.extensions["limiter"]:
        limiter.reset()
    keep_context(app, ctx)
    return app


def _hooks(by_blueprint: dict[Any, list[Any]]) -> defaultdict[Any, list[Any]]:
    return defaultdict(list, {name: list(functions) for name, functions in by_blueprint.items()})
