"""The map in a real browser: houses stand where they live, and a rectangle drawn by hand becomes a list."""

import pytest
from playwright.sync_api import Request, expect

from tests.office.district import District
from tests.office.test_in_chromium import OLD_SCREEN, address, enters
from tests.support.browser import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["address"]


def test_a_rectangle_drawn_over_the_houses_lists_them_and_no_other_server_is_asked(
    open_browser: OpenBrowser, address: str, district: District
) -> None:
    for name, place in (("陈一", "29.870000 118.330000 0 8"), ("陈二", "29.900000 118.400000 0 60")):
        district.household(name, district.upper, home_gps=place)
    # The middle of the upper village's houses: both names would stand in one place.
    district.household("周一", district.lower, home_gps="29.885000 118.365000 0 8")
    page = open_browser(viewport=OLD_SCREEN).page
    elsewhere: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            elsewhere.append(request.url)

    page.on("request", look)
    enters(page, address)
    page.goto(f"{address}/office/map")
    expect(page.locator("#map-frame")).to_have_attribute("data-shown", "3")
    expect(page.locator(".village")).to_have_count(1)
    page.click("[data-draw]")
    expect(page.locator("#map.drawing")).to_be_visible()
    ground = page.locator("#map").bounding_box()
    assert ground is not None
    # The lower left quarter: the house in the south-west is in it, the one in the north-east is not.
    page.mouse.move(ground["x"] + 60, ground["y"] + ground["height"] / 2)
    page.mouse.down()
    page.mouse.move(ground["x"] + ground["width"] / 2, ground["y"] + ground["height"] - 8, steps=4)
    page.mouse.up()
    page.wait_for_url("**/office/map/list?view=*")
    expect(page.locator("tbody")).to_contain_text("陈一")
    expect(page.locator("tbody")).not_to_contain_text("陈二")
    assert elsewhere == []
