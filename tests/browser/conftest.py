"""A stage and one phone on it, shared by all tests of the screens: a browser starts slowly, a page fast."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.stage import Stage, phone, static_server
from tests.support.browser import QUIET
from tests.support.tools import chromium


@pytest.fixture(scope="session")
def stage_address() -> Iterator[str]:
    """Where the screens are served."""
    with static_server() as address:
        yield address


@pytest.fixture(scope="session")
def phone_context(playwright: Playwright) -> Iterator[BrowserContext]:
    """A small Android phone."""
    program = chromium()
    assert program, "no Chromium on this machine: run make test, which installs one"
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # Chromium's sandbox refuses root
    browser = playwright.chromium.launch(executable_path=program, args=arguments)
    yield phone(browser)
    browser.close()


@contextmanager
def staged(context: BrowserContext, address: str) -> Iterator[Stage]:
    """A new page as a stage, which takes down whatever the page complains about."""
    page: Page = context.new_page()
    shown = Stage(page, address)
    page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    page.on("console", lambda line: line.type in ("error", "warning") and shown.complaints.append(line.text))
    yield shown
    page.close()


@pytest.fixture
def stage(phone_context: BrowserContext, stage_address: str) -> Iterator[Stage]:
    """A page to show any screen on; whatever the page complains about fails the test."""
    with staged(phone_context, stage_address) as shown:
        yield shown
        assert not shown.complaints


@pytest.fixture(scope="module")
def module_stage(phone_context: BrowserContext, stage_address: str) -> Iterator[Stage]:
    """One page for all tests of a file that leave it as they found it: a new one costs as much as what it shows."""
    with staged(phone_context, stage_address) as shown:
        yield shown


@pytest.fixture
def standing_stage(module_stage: Stage) -> Iterator[Stage]:
    """That page, on which each screen is a fresh document; whatever it complains about fails the test."""
    module_stage.complaints.clear()
    yield module_stage
    assert not module_stage.complaints
