"""The form pages in a real browser: they fit an old screen and a phone, and everybody can read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fieldsvc.services import authoring, trials
from fieldsvc.services.context import Context
from tests.office.district import PASSWORD, District
from tests.office.test_form_pages import source
from tests.office.test_in_chromium import AXE, OLD_SCREEN, PHONE, VIOLATIONS, address, speaks
from tests.support.browser import OpenBrowser

__all__ = ["address"]
pytestmark = pytest.mark.browser

BAD = (Path(__file__).parents[1] / "forms" / "bad" / "everything-at-once.md").read_bytes()
MORE = {"type": "text", "name": "clan", "label": "宗族（家族在村里的称呼，没有就不填）", "save_to": "clan"}


@pytest.fixture
def pages(ctx: Context, district: District) -> list[str]:
    """A form in force, a draft that changes it, and a tester."""
    admin = district.actor(district.person("县管理员", "A01", role="administrator", area=district.county))
    authoring.publish(ctx, admin, source("1", {"type": "text", "name": "old", "label": "旧题"}), "hamlet.md")
    authoring.save_draft(ctx, admin, source("2", MORE), "村民小组核对表.md")
    trials.set_testers(ctx, admin, "trial", "2", [district.li])
    return ["/office/forms", "/office/forms/trial", "/office/forms/trial/draft/2", "/office/export"]


def enters(page: Page, address: str) -> None:
    page.goto(f"{address}/office/sign-in")
    page.fill("#login", "A01")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(f"{address}/office/")


def uploads(page: Page, address: str, data: bytes) -> None:
    page.goto(f"{address}/office/forms")
    page.set_input_files("#file", {"name": "form.md", "mimeType": "text/markdown", "buffer": data})
    with page.expect_navigation():
        page.click(".upload button")


@pytest.mark.parametrize("screen", [OLD_SCREEN, PHONE], ids=["old screen", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_form_pages_are_accessible_and_fit_their_screen(
    open_browser: OpenBrowser, address: str, pages: list[str], screen: dict[str, int], language: str
) -> None:
    page = open_browser(viewport=screen).page
    enters(page, address)
    speaks(page, language)
    axe = AXE.read_text(encoding="utf-8")
    for path in [*pages, ""]:
        if path:
            page.goto(address + path, wait_until="load")
        else:
            uploads(page, address, BAD)
        wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= seen, f"{path} is wider than the screen"
        page.evaluate(axe)
        assert page.evaluate(VIOLATIONS) == [], path


def test_a_form_is_uploaded_tried_and_published_without_scripts(
    open_browser: OpenBrowser, address: str, pages: list[str]
) -> None:
    page = open_browser(viewport=OLD_SCREEN, java_script_enabled=False).page
    enters(page, address)
    uploads(page, address, source("3", MORE))
    expect(page.locator("main")).to_contain_text("没有错误，已存为草稿")
    page.fill("input[name=login]", "C02")
    page.get_by_text("添加试用人").click()
    expect(page.locator("main")).to_contain_text("张帮扶")
    page.click("button[value=publish]")
    expect(page.locator(".notice.done")).to_contain_text("已发布版本 3")
