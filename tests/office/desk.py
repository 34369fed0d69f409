"""A supervisor's browser: Flask's test client with eyes for forms."""

from __future__ import annotations

import html
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.office.district import PASSWORD


class Desk:
    """One browser. Forms are sent as a page would: with the hidden fields the page carries."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.last: TestResponse | None = None

    def opens(self, path: str) -> str:
        """The text of a page, which must be there."""
        self.last = self.client.get(path, follow_redirects=True)
        assert self.last.status_code == 200, (path, self.last.status_code)
        return self.last.get_data(as_text=True)

    def asks(self, path: str) -> int:
        """The status a path answers with."""
        self.last = self.client.get(path)
        return self.last.status_code

    def sends(self, path: str, page: str | None = None, **fields: Any) -> TestResponse:
        """Send a form of the page at `page` (or at `path` itself) with these fields."""
        shown = self.client.get(page or path, follow_redirects=True).get_data(as_text=True)
        names = {name.replace("__", ":"): value for name, value in fields.items()}
        self.last = self.client.post(path, data={**hidden(shown), **names})
        return self.last

    def signs_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        """Sign in with a staff number."""
        return self.sends("/office/sign-in", login=login, password=password)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms; of fields with one name the last."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if name != "back"}


def text(page: str) -> str:
    """What a person reads of a page: no tags, single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def reveals(page: str) -> list[str]:
    """The names under which a page offers to show its masked values, in the page's order."""
    return re.findall(r'name="reveal" value="([^"]*)"', page)
