"""A stage and one phone on it, shared by all tests of the screens: a browser starts slowly, a page fast."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.stage import AXE, Stage, phone, static_server
from tests.support.browser import QUIET
from tests.support.tools import chromium


@pytest.fixture(scope="session")
def stage_address() -> Iterator[str]:
    """Where the screens are served."""
    with static_server() as address:
        yield address


@pytest.fixture(scope="session")
def phone_context(playwright: Playwright) -> Iterator[BrowserContext]:
    """A small Android phone, with axe-core ready in every page."""
    program = chromium()
    assert program, "no Chromium on this machine: run make test, which installs one"
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # Chromium's sandbox refuses root
    browser = playwright.chromium.launch(executable_path=program, args=arguments)
    context = phone(browser)
    context.add_init_script(path=AXE)
    yield context
    browser.close()


@pytest.fixture
def stage(phone_context: BrowserContext, stage_address: str) -> Iterator[Stage]:
    """A page to show any screen on; whatever the page complains about fails the test."""
    page: Page = phone_context.new_page()
    shown = Stage(page, stage_address)
    page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    page.on("console", lambda line: line.type in ("error", "warning") and shown.complaints.append(line.text))
    yield shown
    page.close()
    assert not shown.complaints
