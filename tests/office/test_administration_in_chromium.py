"""The administrator's pages in a real browser: readable by everybody, at home on an old screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from fieldsvc.services.context import Context
from tests.imports.sheets_made import xlsx
from tests.office.desk import Desk
from tests.office.district import District
from tests.office.test_feedback import says
from tests.office.test_imports import UPPER, checked, imported
from tests.office.test_in_chromium import OLD_SCREEN, PHONE, address, enters, look_at, speaks
from tests.support.browser import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
__all__ = ["address"]

HEADINGS = ("户编号", "村代码", "手机号", "家庭人口数")


@pytest.fixture
def pages(district: District, ctx: Context, desk_of: Callable[[str], Desk]) -> list[str]:
    """The pages of who administers the county, each with something on it."""
    district.person("县管理员", "A01", role="administrator", area=district.county)
    district.visit(district.household("陈一", district.upper, helper=district.li), district.li)
    says(district, ctx, "在山上打开户情况很慢。")
    office = desk_of("A01")
    good = imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, "13900000000", 4)))
    bad = checked(office, ctx, xlsx(HEADINGS, ("002", "没有这个村", "13900000000", "四"), ("003", UPPER, "1", 2)))
    return [
        "/office/",
        "/office/people",
        f"/office/people/{district.li}",
        "/office/people/roster",
        "/office/devices",
        "/office/devices/device-C01",
        "/office/phones",
        "/office/forms",
        "/office/forms/visit",
        "/office/imports",
        good,
        bad,
        f"{bad}/columns",
        "/office/settings",
        "/office/log",
        "/office/feedback",
        "/office/export",
        "/office/exports",
        "/office/rescue",
        "/office/admin",
        f"/office/assignments/{district.li}",
        "/office/datasets/households",
    ]


@pytest.mark.parametrize(("language", "read_on"), [("zh", OLD_SCREEN), ("en", PHONE)], ids=["zh", "en"])
def test_every_page_of_administration_is_accessible_and_fits_both_screens(
    open_browser: OpenBrowser, address: str, pages: list[str], language: str, read_on: ViewportSize
) -> None:
    page = open_browser(viewport=read_on).page
    enters(page, address, "A01")
    speaks(page, language)
    look_at(page, [address + path for path in pages], read_on)


def test_the_administrators_lists_are_walked_by_keys(open_browser: OpenBrowser, address: str, pages: list[str]) -> None:
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address, "A01")
    for path, opened in (("people", "/office/people/"), ("devices", "/office/devices/"), ("forms", "/office/forms/")):
        assert f"/office/{path}" in pages
        page.goto(f"{address}/office/{path}")
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url(f"{address}{opened}*")
