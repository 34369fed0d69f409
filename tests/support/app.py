"""The application on a test's own context, without being built anew for each of two thousand tests.

Registering the addresses and compiling the templates is half the time of a test that asks for one page, and comes out
the same every time. Both are done once for all tests of a process that have the same settings.
"""

from __future__ import annotations

import copy
import dataclasses
from collections import defaultdict
from pathlib import Path
from types import MappingProxyType
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
    "standby_url": "",
    "blobs_url": "",
    "public_url": "",
    "bind": "",
    "ledgers_file": "",
}
#: What each copy has of its own; every other list and dictionary of the application is shared, and not to be written.
_OWN = ("config", "extensions", "before_request_funcs", "after_request_funcs")
_built: dict[Settings, Flask] = {}


def app_on(ctx: Context) -> Flask:
    """What `create_app(ctx=ctx)` answers with; context, configuration, hooks and counted sign-ins are its own."""
    alike = dataclasses.replace(ctx.settings, **_PLACES)
    if alike not in _built:
        _built[alike] = _to_be_copied(create_app(ctx=ctx))
    built = _built[alike]
    app = copy.copy(built)
    app.config = copy.copy(built.config)
    app.extensions = dict(built.extensions)  # a county of two servers is two copies at once, each with its own doors
    app.before_request_funcs = _hooks(built.before_request_funcs)
    app.after_request_funcs = _hooks(built.after_request_funcs)
    keep_context(app, ctx)
    return app


def _to_be_copied(built: Flask) -> Flask:
    """One whose addresses, templates and handlers nobody can change: a test would change them for all after it."""
    jinja = vars(built.jinja_env)  # made here, or each copy would make and fill one of its own
    jinja |= {name: MappingProxyType(jinja[name]) for name in ("filters", "globals", "tests")}
    vars(built.url_map)["add"] = _is_shared
    for name, value in vars(built).items():
        if name not in _OWN:
            vars(built)[name] = _frozen(value)
    return built


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, dict):
        return value
    frozen = {key: _frozen(one) for key, one in value.items()}
    if isinstance(value, defaultdict):  # Flask looks for handlers where none may be
        factory = tuple if value.default_factory is list else value.default_factory
        return MappingProxyType(defaultdict(factory, frozen))
    return MappingProxyType(frozen)


def _is_shared(*_: object) -> None:
    raise TypeError("the addresses of an application are shared by all tests: build one with create_app")


def _hooks(by_blueprint: dict[Any, list[Any]]) -> defaultdict[Any, list[Any]]:
    return defaultdict(list, {name: list(functions) for name, functions in by_blueprint.items()})
