"""A draft as phones will show it: a frame of a small phone's size, with the app's own engine and screens in it."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup

from fieldsvc.extensions import context
from fieldsvc.office.frame import POLICY, actor, words
from fieldsvc.office.titles import in_language
from fieldsvc.services import preview
from fieldsvc.web.shell import current_release

_CHOICES = {"language": ("zh", "en"), "size": ("normal", "elder"), "theme": ("light", "dark")}
#: The frame runs the app and reaches nothing: no request leaves it, and nobody else may show it.
_FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def add_pages(pages: Blueprint) -> None:
    """Give the office its previews."""
    pages.add_url_rule("/forms/<form_id>/draft/<version>/preview", "preview", page)
    pages.add_url_rule("/forms/<form_id>/draft/<version>/preview/phone", "preview_phone", phone)


def page(form_id: str, version: str) -> Response:
    """The phone on the desk, with its switches beside it."""
    found = preview.sample(context(), actor(), form_id, version)
    response = make_response(
        render_template(
            "office/preview.html",
            form_id=form_id,
            version=version,
            title=in_language(found["form"]["title"], words().language),
            chosen=_chosen(),
            choices=_CHOICES,
        )
    )
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def phone(form_id: str, version: str) -> Response:
    """What is in the frame: an empty page, the app's files, and the sample as data."""
    found = preview.sample(context(), actor(), form_id, version)
    chosen, release = _chosen(), current_release()
    found["settings"], found["release"] = chosen, release.id
    # Inside a script element only this sequence could end the data.
    text = orjson.dumps(found).decode().replace("<", "\\u003c")
    styles = sorted(
        (path for path in release.files if path.endswith(".css") and path.startswith("ui/")),
        key=lambda path: ("tokens" not in path, path),
    )
    response = make_response(
        render_template(
            "office/preview_phone.html",
            chosen=chosen,
            release=release.id,
            styles=styles,
            sample=Markup(text),  # noqa: S704 - JSON with every "<" written as an escape
        )
    )
    response.headers["Content-Security-Policy"] = _FRAME_POLICY
    return response


def _chosen() -> dict[str, str]:
    """The switches as the address has them, the reader's own language first."""
    defaults = {"language": words().language, "size": "normal", "theme": "light"}
    asked = {name: request.args.get(name, "") for name in _CHOICES}
    return {name: asked[name] if asked[name] in _CHOICES[name] else defaults[name] for name in _CHOICES}
