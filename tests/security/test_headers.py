"""What answers say about themselves: no sniffing, no stranger's frame, no inline code, and a cookie that stays here."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask

from fieldsvc.app import create_app
from tests.world import World

#: The app, the door of the office, and addresses that nobody gave, in and out of both.
PAGES = ["/", "/office/sign-in", "/office/nowhere", "/nowhere", "/app/none.pack", "/office/assets/none.css"]


@pytest.fixture
def app(world: World) -> Flask:
    """The server as it runs in a county, where cookies travel over HTTPS alone."""
    ctx = world.server.ctx
    settings = dataclasses.replace(ctx.settings, mode="production", secret_key="s" * 32)
    return create_app(ctx=dataclasses.replace(ctx, settings=settings))


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_what_is_inline_or_from_elsewhere_or_stands_in_a_strangers_frame(
    app: Flask, path: str, method: str
) -> None:
    answer = app.test_client().open(path, method=method)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.mimetype == "text/html":
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_an_answer_of_the_api_is_never_taken_for_a_page(app: Flask) -> None:
    for path in ("/healthz", "/api/v1/feed", "/api/v1/nowhere", "/api/v1/openapi.json"):
        answer = app.test_client().get(path)
        assert "json" in answer.mimetype, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_offices_cookie_is_read_by_no_script_and_sent_by_no_other_site_and_over_https_alone(app: Flask) -> None:
    cookie = app.test_client().get("/office/sign-in").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
