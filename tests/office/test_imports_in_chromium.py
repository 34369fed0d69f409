"""The import pages in a real browser: they fit an old screen and a phone, and need no script to show progress."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask, Response
from playwright.sync_api import Page, expect

from fieldsvc.services import jobs
from fieldsvc.services.context import Context
from fieldsvc.services.job_kinds import HANDLERS
from tests.imports.sheets_made import xlsx
from tests.office.district import District
from tests.office.test_forms_in_chromium import enters
from tests.office.test_imports import HEADINGS, LOWER, UPPER
from tests.office.test_in_chromium import AXE, OLD_SCREEN, PHONE, VIOLATIONS, address, speaks
from tests.support.browser import OpenBrowser

__all__ = ["address"]
pytestmark = pytest.mark.browser

NAMED = "name => document.querySelector('td option:checked').textContent = name"
PICTURES = "FIELDSVC_IMPORT_PICTURES"  # a folder: every page is photographed into it
SHEET = xlsx(
    ("2026 年民政局农户名单",),
    HEADINGS,
    ("001", UPPER, 6, "井水", "13900000001", "x"),
    ("002", LOWER, "两", "井水", None, None),
    ("003", LOWER, 2, "河水", None, None),
    ("004", LOWER, 2, "山泉水", None, None),
    ("005", "990000000000", 2, "山泉水", None, None),
)


@pytest.fixture(autouse=True)
def standing_still(app: Flask) -> None:
    """A page that waits for a job comes anew every three seconds: here it stays until it was measured."""

    def stay(response: Response) -> Response:
        response.headers.pop("Refresh", None)
        return response

    app.after_request(stay)


@pytest.mark.parametrize("screen", [OLD_SCREEN, PHONE], ids=["old screen", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_is_imported_and_taken_back_without_scripts_on_pages_that_fit(
    open_browser: OpenBrowser,
    address: str,
    district: District,
    ctx: Context,
    screen: dict[str, int],
    language: str,
) -> None:
    district.person("县管理员", "A01", role="administrator", area=district.county)
    district.household("陈一", district.upper, hh_no="001", people="4", phone="13900000009")
    page = open_browser(viewport=screen).page
    enters(page, address)
    speaks(page, language)
    looks(page, f"{address}/office/imports", f"history-{language}")
    page.fill("#source", "民政")
    page.set_input_files("#file", {"name": "农户名单.xlsx", "mimeType": "application/zip", "buffer": SHEET})
    page.click(".upload button")
    page.wait_for_url("**/columns")
    page.evaluate(NAMED, "A property of which the name is longer than a phone is wide")
    looks(page, "", f"columns-{language}")
    page.click("button.primary")
    expect(page.locator("#state")).to_be_visible()
    here = page.url
    looks(page, "", f"reading-{language}")
    jobs.run_due(ctx, HANDLERS)
    looks(page, here, f"checked-{language}")
    looks(page, f"{here}?fate=error", f"errors-{language}")
    page.goto(here)
    page.click("button[value=start]")
    expect(page.locator("progress")).to_be_visible()
    jobs.run_due(ctx, HANDLERS)
    looks(page, here, f"done-{language}")
    page.click("button[value=undo]")
    expect(page.locator("progress")).to_be_visible()
    jobs.run_due(ctx, HANDLERS)
    looks(page, here, f"undone-{language}")
    looks(page, f"{address}/office/imports", f"after-{language}")


def looks(page: Page, address: str, name: str) -> None:
    """Open a page, or stay on this one: it fits the screen and everybody can read it."""
    if address:
        page.goto(address)
    page.wait_for_load_state("load")  # a pressed button's page is measured with its styles, not before they came
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{name} is wider than the screen"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == [], name
    folder = os.environ.get(PICTURES)
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{seen}.png", full_page=True)
