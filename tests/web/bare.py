"""A page of the app's origin with nothing on it, to try single modules of the app in."""

import pytest
from playwright.sync_api import Page

from fieldsvc.web.assets import Release
from tests.support.browser import Browser, OpenBrowser
from tests.web.shop import Shop


@pytest.fixture
def browser(shop: Shop, open_browser: OpenBrowser, release: Release) -> Browser:
    """A browser on such a page; `load(path)` in it imports a module of the release."""
    browser = open_browser()
    browser.page.goto(f"{shop.url}/healthz")
    prepare(browser.page, release)
    return browser


@pytest.fixture
def page(browser: Browser) -> Page:
    """The page alone."""
    return browser.page


def prepare(page: Page, release: Release) -> None:
    """Give a page its `load`."""
    page.evaluate("(root) => { globalThis.load = (path) => import(root + path); }", f"/app/{release.id}/")
