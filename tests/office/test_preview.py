"""A draft is tried out in the office, in a phone's own size, with the phone's own engine, and leaves no trace."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, Request, expect

from fieldsvc.services import authoring, preview
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store.tables import EntityRow, OperationRow
from tests.forms.pictured import pictured
from tests.office.desk import Desk
from tests.office.district import District
from tests.office.test_form_pages import source
from tests.office.test_forms_in_chromium import enters
from tests.office.test_in_chromium import AXE, OLD_SCREEN, VIOLATIONS, address
from tests.support.browser import OpenBrowser

__all__ = ["address"]
PAGE = "/office/forms/trial/draft/1/preview"


@pytest.fixture
def admin(ctx: Context, district: District) -> Actor:
    """An administrator with a draft: a required number with a limit, and a name prefilled from the record."""
    admin = district.actor(district.person("县管理员", "A01", role="administrator", area=district.county))
    number = {
        "type": "integer",
        "name": "pigs",
        "label": "生猪（头）</script>",
        "required": "yes",
        "constraint": ". < 100",
    }
    phone = {"type": "text", "name": "tel", "label": "电话", "bind::fs:prefill": "phone"}
    assert authoring.save_draft(ctx, admin, source("1", number, phone), "pigs.md").problems == []
    return admin


def frame_of(page: Page) -> Frame:
    frame = page.frame(url="**/preview/phone**")
    assert frame is not None
    return frame


def test_the_sample_is_invented_and_stays_out_of_the_database(ctx: Context, admin: Actor) -> None:
    found = preview.sample(ctx, admin, "trial", "1")
    household, *members = [one for one in found["page"]["changes"] if one["kind"] == "entity"]
    assert household["properties"]["phone"] == "13900000000"
    assert [one["properties"]["id_no"][:2] for one in members] == ["99"] * 3
    with ctx.db.read() as session:
        assert session.query(EntityRow).count() == 0


def test_only_administrators_see_it_and_nobody_else_s_page_may_show_it(desk: Desk, admin: Actor, desk_of) -> None:  # type: ignore[no-untyped-def]
    assert desk.asks(PAGE) == desk.asks(PAGE + "/phone") == 403
    office = desk_of("A01")
    shown = office.opens(PAGE + "/phone")
    assert "</script>" not in shown.split('id="sample">')[1].split("<script")[0].removesuffix("</script>\n")
    policy = office.last.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "connect-src" not in policy, "nothing but scripts, styles and pictures of our own"
    assert "default-src 'none'" in policy


@pytest.mark.browser
def test_the_form_is_filled_in_with_the_real_engine_and_nothing_is_kept_or_sent(
    open_browser: OpenBrowser, address: str, admin: Actor, ctx: Context
) -> None:
    page = open_browser(viewport={"width": 1024, "height": 1000}).page
    complaints: list[str] = []
    asked: list[Request] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    enters(page, address)
    page.on("request", lambda request: asked.append(request))
    page.goto(address + PAGE)
    phone = page.frame_locator("iframe")
    pigs = phone.get_by_label("生猪（头）</script>")
    expect(phone.get_by_label("电话")).to_have_value("13900000000")
    pigs.fill("200")
    ahead = phone.locator(".form-foot .primary")
    ahead.click()
    expect(phone.locator("body")).to_contain_text("完成前看一看")
    ahead.click()
    pigs.fill("20")
    ahead.click()
    expect(ahead).to_have_text("完成")
    ahead.click()
    expect(phone.locator("body")).to_contain_text("本机 1")
    assert frame_of(page).evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert frame_of(page).evaluate("localStorage.length") == 0
    assert frame_of(page).evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    assert {one.method for one in asked} == {"GET"}
    assert complaints == []
    with ctx.db.read() as session:
        assert session.query(OperationRow).count() == 0


@pytest.mark.browser
def test_language_letters_and_colours_are_switched_and_the_page_is_accessible(
    open_browser: OpenBrowser, address: str, admin: Actor
) -> None:
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address)
    page.goto(address + PAGE)
    for name in ("大字", "深色", "English"):
        page.get_by_role("link", name=name).click()
    expect(page.frame_locator("iframe").get_by_text("Leave").first).to_be_visible()
    phone = page.frame_locator("iframe").locator("html")
    expect(phone).to_have_attribute("data-size", "elder")
    expect(phone).to_have_attribute("data-theme", "dark")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []
    page.set_viewport_size({"width": 360, "height": 740})
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen


@pytest.mark.browser
def test_pictures_stand_over_the_words_of_choices_and_under_those_of_a_note(
    open_browser: OpenBrowser, address: str, admin: Actor, ctx: Context
) -> None:
    more = {"type": "select_one roofs", "name": "long", "label": "原来的屋顶", "appearance": "minimal"}
    assert authoring.save_draft(ctx, admin, *pictured(more, version="2")).problems == []
    page = open_browser(viewport={"width": 1024, "height": 1000}).page
    enters(page, address)
    page.goto(address + PAGE.replace("/1/", "/2/"))
    phone = page.frame_locator("iframe")
    tile, thatch = phone.get_by_role("radio", name="瓦屋面").first, phone.get_by_role("radio", name="草顶或油毡").first
    expect(tile).to_have_accessible_name("瓦屋面")
    drawn = "one => one.querySelector('img').complete && one.querySelector('img').naturalWidth"
    frame = frame_of(page)
    frame.wait_for_function(
        "() => [...document.images].length === 5 && [...document.images].every(one => one.complete)"
    )
    assert [one.evaluate(drawn) for one in (tile, thatch)] == [120, 120]
    over = """one => one.querySelector('img').getBoundingClientRect().bottom
        <= one.querySelector('span:last-child').getBoundingClientRect().top"""
    assert thatch.evaluate(over)
    expect(phone.locator(".note img")).to_have_count(1)
    thatch.click()
    expect(thatch).to_have_attribute("aria-checked", "true")
    assert frame.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.browser
def test_a_plot_is_walked_corner_by_corner_drawn_and_measured(
    open_browser: OpenBrowser, address: str, admin: Actor, ctx: Context
) -> None:
    plot = {"type": "geoshape", "name": "plot", "label": "地块"}
    assert authoring.save_draft(ctx, admin, source("2", plot), "plot.md").problems == []
    start = {"latitude": 29.8, "longitude": 118.3, "accuracy": 5}
    screen = {"width": 360, "height": 740}
    page = open_browser(viewport=screen, geolocation=start, permissions=["geolocation"]).page
    enters(page, address)
    page.goto(address + PAGE.replace("/1/", "/2/") + "/phone")
    for number, (lat, lon) in enumerate([(29.8, 118.3), (29.8006, 118.3001), (29.8005, 118.3009)], 1):
        page.context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": 5})
        page.get_by_role("button", name="在这里取一点").click()
        expect(page.get_by_text(f"已取 {number} 点")).to_be_visible()
    expect(page.get_by_text("面积 2635 平方米（3.95 亩）")).to_be_visible()
    expect(page.locator(".trace .closed")).to_have_count(1)
    page.get_by_role("button", name="撤销上一点").click()
    expect(page.get_by_text("已取 2 点，至少要 3 点")).to_be_visible()
