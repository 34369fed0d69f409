"""What every answer says about itself, also those that no page and no address of ours made (404, 405, 500)."""

from __future__ import annotations

from flask import Flask, Response

#: For a page that says nothing of its own: it may load nothing, and nobody may show it in a frame.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def add_headers(app: Flask) -> None:
    """Give every answer its `nosniff`, and every page a policy and a refusal to stand in somebody else's frame."""

    @app.after_request
    def _say(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if response.mimetype == "text/html":
            headers.setdefault("Content-Security-Policy", NOTHING)
            # An office PC's old browser knows no `frame-ancestors`.
            own = "frame-ancestors 'self'" in headers["Content-Security-Policy"]
            headers["X-Frame-Options"] = "SAMEORIGIN" if own else "DENY"
        return response
