"""The office's sessions: a signed cookie, which only a browser at a desk has."""

from __future__ import annotations

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class DeskSessions(SecureCookieSessionInterface):
    """Flask's own, without the work for whoever has no cookie and is given none: every request of a phone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the cookie, or an empty one."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set or take back the cookie, where there is something to say about it."""
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)
