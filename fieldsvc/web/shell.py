"""The addresses of the phone app: first page, worker, packs, single files, manifest and icons.

Everything named by a release is immutable; the first page and the worker are asked for again each time, and are small.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState

from fieldsvc.extensions import context
from fieldsvc.media import icons
from fieldsvc.web.assets import POLICY, Release, compressed, packaged_release, release_of_the_tree
from fieldsvc.web.packs import Packs

blueprint = Blueprint("web", __name__)

_KEY = "fieldsvc.web"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "svg": "image/svg+xml",
}


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    """In production the release is made at start, so that no phone waits for it."""
    app = cast(Flask, state.app)
    with app.app_context():
        if context().settings.mode == "production":
            _packs().whole(packaged_release().id, "br")


def _packs() -> Packs:
    """The packs of this app. In development the tree is read again, so that a saved file is a new release."""
    settings = context().settings
    packs = cast("Packs | None", current_app.extensions.get(_KEY))
    release = release_of_the_tree() if settings.mode == "development" else packaged_release()
    if packs is None or packs.current.id != release.id:
        packs = Packs(settings.data_folder / "releases", release)
        packs.keep()
        current_app.extensions[_KEY] = packs
    return packs


def current_release() -> Release:
    """The release that phones are offered now."""
    return _packs().current


@blueprint.get("/")
def page() -> Response:
    """The first page: a few words, a bar, and the script that fetches the rest."""
    release = _packs().current
    response = _text(release.page, "html", _ASK_AGAIN)
    response.headers["Content-Security-Policy"] = release.files[POLICY]
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/sw.js")
def entry() -> Response:
    """The worker of the current release; other bytes mean a new release to every browser."""
    return _text(_packs().current.entry, "js", _ASK_AGAIN)


@blueprint.get("/worker-<digest>.js")
def worker(digest: str) -> Response:
    """The worker's code."""
    current = _packs().current
    if current.worker_path != f"/worker-{digest}.js":
        abort(HTTPStatus.NOT_FOUND)
    return _text(current.worker, "js", _FOR_EVER)


@blueprint.get("/app/<release_id>.pack")
def pack(release_id: str) -> Response:
    """A release in one response; with `have`, only what changed since that one."""
    encoding = _encoding()
    packs = _packs()
    base = request.args.get("have")
    found = packs.difference(release_id, base, encoding) if base else packs.whole(release_id, encoding)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    body, size = found
    response = _answer(body, "application/json", encoding, _FOR_EVER)
    response.headers["Fieldsvc-Size"] = str(size)
    return response


@blueprint.get("/app/<release_id>/<path:path>")
def file(release_id: str, path: str) -> Response:
    """One file of a release, for browsers without a worker."""
    release: Release | None = _packs().release(release_id)
    kind = path.rsplit(".", 1)[-1]
    if release is None or path not in release.files or kind not in _TYPES:
        abort(HTTPStatus.NOT_FOUND)
    return _text(release.files[path], kind, _FOR_EVER)


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the app is called and looks like on a home screen."""
    pictures = [{"src": f"/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)]
    answer = jsonify(
        {
            "name": "走访",
            "short_name": "走访",
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#faf8f0",
            "theme_color": "#1f5c3f",
            "lang": "zh-CN",
            "icons": [*pictures, {**pictures[-1], "purpose": "maskable"}],
        }
    )
    answer.mimetype = "application/manifest+json"
    return answer


@blueprint.get("/icon-<int:size>.png")
def icon(size: int) -> Response:
    """The icon in one of the sizes phones ask for."""
    if size not in icons.SIZES:
        abort(HTTPStatus.NOT_FOUND)
    return _answer(icons.png(size), "image/png", "", "public, max-age=604800")


@blueprint.get("/icon.svg")
def icon_drawing() -> Response:
    """The icon for browser tabs."""
    return _answer(icons.svg().encode(), "image/svg+xml", "", "public, max-age=604800")


def _encoding() -> str:
    """The best encoding this browser takes: brotli, gzip or none. Browsers offer brotli only over HTTPS."""
    return request.accept_encodings.best_match(["br", "gzip"]) or ""


def _text(text: str, kind: str, caching: str) -> Response:
    """A text in the best encoding, known by its bytes."""
    encoding = _encoding()
    body = compressed(text, encoding) if encoding else text.encode()
    response = _answer(body, f"{_TYPES[kind]}; charset=utf-8", encoding, caching)
    response.add_etag()
    response.make_conditional(request)
    return response


def _answer(body: bytes, mimetype: str, encoding: str, caching: str) -> Response:
    response = Response(body, content_type=mimetype)
    response.headers["Cache-Control"] = caching
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept-Encoding")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response
