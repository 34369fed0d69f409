"""The map in a real browser: houses stand where they live, and a rectangle drawn by hand becomes a list."""

import pytest
from playwright.sync_api import Request, expect

from tests.office.district import District
from tests.office.test_in_chromium import OLD_SCREEN, address, enters
from tests.support.browser import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["address"]

OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".village, .cell, #map path[fill-opacity='1']")].map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    const [name, cell] = [each.matches(".village"), each.matches(".cell")];
    return { name: name && each.textContent, cell, left, top, right, bottom };
  });
  const over = (one, other) => one !== other && (one.name || one.cell && other.cell)
    && one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  return boxes.flatMap((one) => boxes.filter((other) => over(one, other)).map((other) => [one, other]));
}"""


def test_a_rectangle_drawn_over_the_houses_lists_them_and_no_other_server_is_asked(
    open_browser: OpenBrowser, address: str, district: District
) -> None:
    for name, place in (("陈一", "29.870000 118.330000 0 8"), ("陈二", "29.900000 118.400000 0 60")):
        district.household(name, district.upper, home_gps=place)
    # The middle of the upper village's houses: its name makes room for the other.
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
    expect(page.locator(".village")).to_have_count(2)
    assert page.evaluate(OVERLAPS) == []
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


def test_no_name_stands_over_a_house_or_another_name_and_no_circle_over_another(
    open_browser: OpenBrowser, address: str, district: District
) -> None:
    for village, (south, west) in {district.upper: (29.87, 118.33), district.lower: (29.875, 118.335)}.items():
        for number in range(12):
            place = f"{south + number % 4 * 0.001:.6f} {west + number // 4 * 0.001:.6f} 0 8"
            district.household(f"陈{number}", village, home_gps=place)
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address)
    page.goto(f"{address}/office/map")
    expect(page.locator("#map-frame")).to_have_attribute("data-shown", "24")
    expect(page.locator(".village")).to_have_text(["上村", "下村"])
    assert page.evaluate(OVERLAPS) == []
    cells = [[29.872, 118.333, 30, 4], [29.8721, 118.3331, 10, 1], [29.8774, 118.3372, 7, 0]]
    page.route("**/office/map/places*", lambda route: route.fulfill(json={"cells": cells, "homes": []}))
    page.reload()
    expect(page.locator("#map-frame")).to_have_attribute("data-shown", "2")
    expect(page.locator(".cell")).to_have_text(["5/40", "7"])
    expect(page.locator(".village")).to_have_text(["上村", "下村"])
    assert page.evaluate(OVERLAPS) == []
