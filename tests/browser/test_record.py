"""The record of a household: one primary action, all other forms in calm reach, its cases and problems with theirs."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.browser


def test_the_visit_is_the_one_action_and_all_other_forms_are_one_tap_away_by_theme(stage: Stage) -> None:
    stage.show("/h/h0")
    primary = stage.page.locator(".action-bar .primary")
    expect(primary).to_have_text("开始走访")
    stage.press("其他表单")
    sections = stage.page.locator("main section")
    expect(sections).to_have_count(2)
    expect(sections.first.locator("h2")).to_have_text("危房改造")
    expect(sections.first.locator("b")).to_have_text(["现场检查", "竣工验收"])
    expect(stage.page.get_by_role("button", name="竣工验收")).to_contain_text("上次 10月21日")
    stage.page.go_back()
    expect(primary).to_be_visible()


def test_a_draft_of_another_form_shows_in_the_list_and_on_the_record_without_taking_the_one_action(
    stage: Stage,
) -> None:
    stage.show("/h/h1", withDraft=True)
    expect(stage.page.locator(".action-bar .primary")).to_have_text("继续填写")
    notices = stage.page.locator(".notice", has_text="草稿")
    expect(notices).to_have_count(2)
    expect(notices.nth(1)).to_contain_text("问题整改")
    stage.press("其他表单")
    expect(stage.page.get_by_role("button", name="问题整改")).to_contain_text("草稿")


def test_a_problem_is_listed_with_its_state_and_opens_the_form_that_works_on_it(stage: Stage) -> None:
    stage.show("/h/h0")
    problems = stage.page.locator("section", has=stage.page.get_by_role("heading", name="问题 2"))
    row = problems.get_by_role("button", name="卫生间没有下水")
    expect(row).to_contain_text("整改中")
    row.click()
    problems.get_by_role("button", name="问题整改").click()
    expect(stage.page.locator(".form-body")).to_be_visible()
    assert stage.calls("startVisit") == [["startVisit", "h0", "rectify", "p1"]]


def test_a_record_that_no_form_works_on_is_only_read(stage: Stage) -> None:
    stage.show("/h/h0")
    members = stage.page.locator("section", has=stage.page.get_by_role("heading", name="家庭成员 3"))
    members.get_by_role("button", name="陈秀兰").click()
    expect(members.locator(".opened")).to_have_count(0)


def test_a_case_shows_its_stages_and_where_it_is(stage: Stage) -> None:
    stage.show("/h/h0")
    stage.page.get_by_role("button", name="2026 年原址新建").click()
    bar = stage.page.locator(".stages")
    expect(bar.locator("li")).to_have_count(6)
    expect(bar.locator("[aria-current=step]")).to_have_text(re.compile("施工.*当前.*11月2日"))
    expect(bar.locator(".done")).to_have_text([re.compile("申请"), re.compile("公示"), re.compile("审批")])
    expect(bar.locator(".passed")).to_have_text(re.compile("审核.*未办"))
    wide, seen = stage.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen


HOME, FOUND = "29.7000000 118.3000000 0 8", "29.7050000 118.3000000 0 6"
#: A point of this very moment, whatever the clock says.
FIXED = {"state": "fixed", "value": FOUND, "accuracy": 6, "at": 4_102_444_800_000}
TOLD = {FOUND: {"age": 0, "source": "device"}}


def test_the_point_of_a_house_is_moved_on_its_record_with_the_distance_and_for_a_reason(stage: Stage) -> None:
    stage.show("/h/h0", home=HOME, position=FIXED)
    stage.page.get_by_role("button", name="更正 家庭位置").click()
    pin = stage.page.locator(".correction")
    save = pin.get_by_role("button", name="保存")
    expect(save).to_be_disabled()
    pin.get_by_role("button", name="取定位").click()
    expect(pin).to_contain_text("手机定位，取的就是当时的位置")
    expect(pin.locator(".compass")).to_have_text("原来的位置在南方向，相距 556 米。")
    expect(save).to_be_disabled()
    pin.get_by_label("为什么移动").fill(" 原来标在村部 ")
    save.click()
    expect(pin).to_have_count(0)
    assert stage.calls("correct") == [["correct", "h0", {"home_gps": FOUND}, "原来标在村部", TOLD, {"home_gps": HOME}]]


def test_the_first_point_of_a_house_needs_no_reason(stage: Stage) -> None:
    stage.show("/h/h0", home="", position=FIXED)
    stage.page.get_by_role("button", name="更正 家庭位置").click()
    pin = stage.page.locator(".correction")
    pin.get_by_role("button", name="取定位").click()
    expect(pin.get_by_role("textbox")).to_have_count(0)
    pin.get_by_role("button", name="保存").click()
    expect(pin).to_have_count(0)
    assert stage.calls("correct") == [["correct", "h0", {"home_gps": FOUND}, "", TOLD, {"home_gps": None}]]
