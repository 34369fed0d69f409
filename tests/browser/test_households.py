"""The first screen: three hundred households on a small phone, found and come back to."""

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.browser


def test_only_the_rows_near_the_screen_are_drawn(stage: Stage) -> None:
    stage.show(count=300)
    rows = stage.page.locator("a.row")
    assert 0 < rows.count() <= 120

    stage.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(stage.page.locator('a.row[href="#/h/h299"]')).to_be_visible()
    assert rows.count() <= 120


def test_coming_back_from_a_household_stands_on_the_same_row(stage: Stage) -> None:
    stage.show(count=300)
    page = stage.page
    for _ in range(4):
        page.evaluate("scrollBy(0, 900)")
        expect(page.locator("a.row").first).to_be_attached()
    # By its address from here on: rows come and go while the page is still being scrolled, and the thirtieth changes.
    link = page.locator("a.row").filter(visible=True).nth(30).get_attribute("href")
    row = page.locator(f'a.row[href="{link}"]')
    row.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    row.click()
    expect(page.get_by_role("button", name="开始走访")).to_be_visible()

    page.go_back()

    expect(row).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - place) < 200


def test_a_household_is_found_by_name_by_initials_and_by_last_digits(stage: Stage) -> None:
    stage.show(count=300)
    for words in ("罗建国", "wjg", "1012"):
        stage.page.get_by_placeholder("姓名、组名、电话尾号").fill(words)
        expect(stage.page.locator("a.row").first).to_be_visible()
    stage.page.get_by_placeholder("姓名、组名、电话尾号").fill("没有这个人")
    expect(stage.page.get_by_text("没有找到。请换一个字，或看全部。")).to_be_visible()
    stage.page.get_by_role("button", name="全部").last.click()
    expect(stage.page.locator("a.row").first).to_be_visible()


def test_what_was_sent_back_stands_first_with_its_comment(stage: Stage) -> None:
    stage.show(count=300)
    first = stage.page.locator("a.row").first
    expect(first).to_contain_text("退回")
    expect(first).to_contain_text("请在正门前重拍")


def test_a_finished_transfer_never_blanks_the_list(stage: Stage) -> None:
    stage.show()
    stage.page.evaluate("() => { fake.households = () => new Promise(() => {}); }")
    stage.bend(counts={"onPhone": 0, "received": 17, "attention": 1})
    expect(stage.page.get_by_text("已收到 17", exact=True)).to_be_visible()
    expect(stage.page.locator("a.row").first).to_be_visible()


def test_a_hidden_value_shown_on_tap_leaves_a_trace(stage: Stage) -> None:
    stage.show("/h/h0")
    stage.press("张有田")
    line = stage.page.locator(".line").filter(has_text="已隐藏").first
    line.get_by_role("button", name="显示").click()
    expect(stage.page.get_by_text("1963-05")).to_be_visible()
    assert stage.calls("shown") == [["shown", "m1", "born"]]
