"""Filling in a form: nothing typed is lost, Back always works, and nothing stands in the way of finishing."""

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.browser
FILLED = {
    "/data/visit/met": "head",
    "/data/visit/changes": "none",
    "/data/family/income": "860",
    "/data/needs/list": [],
    "/data/log/text": "帮忙联系了务工岗位。",
}


def test_every_keystroke_is_kept_at_once(stage: Stage) -> None:
    stage.show("/f/d1/4")
    stage.page.locator("textarea").press_sequentially("两句话")
    assert len(stage.calls("saveDraft")) == 3
    expect(stage.page.locator(".saved")).to_contain_text("已存在手机 14:05")


def test_a_full_phone_is_told_while_it_can_still_be_helped(stage: Stage) -> None:
    stage.show("/f/d1/4", fail="storage-full")
    stage.page.locator("textarea").fill("这句还没有存上")
    expect(stage.page.get_by_role("alert").first).to_contain_text("手机存储已满")
    expect(stage.page.locator(".saved")).to_have_text("还没有存上")
    expect(stage.page.locator("textarea")).to_have_value("这句还没有存上")


def test_back_goes_page_by_page_and_then_out_of_the_form(stage: Stage) -> None:
    stage.show("/h/h0")
    stage.press("开始走访")
    stage.press("下一步")
    stage.press("下一步")
    heading = stage.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("住房")
    stage.page.go_back()
    expect(heading).to_have_text("家庭信息")
    stage.page.go_back()
    expect(heading).to_have_text("走访情况")
    stage.page.go_back()
    expect(heading).to_have_text("张有田")


def test_leaving_steps_over_all_pages_at_once(stage: Stage) -> None:
    stage.show("/")
    stage.page.locator("a.row").nth(1).click()
    stage.press("开始走访")
    stage.press("下一步")
    stage.press("离开")
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("张有田")
    stage.page.go_back()
    expect(stage.page.get_by_text("本月 12 / 20 户").first).to_be_visible()


def test_the_check_leads_to_what_is_missing_and_back_again(stage: Stage) -> None:
    stage.show("/f/d1/5")
    stage.press("检查")
    stage.press("帮扶日志")
    expect(stage.page.locator("textarea")).to_be_in_viewport()
    stage.page.locator("textarea").fill("帮忙联系了务工岗位。")
    stage.press("检查")
    expect(stage.page.get_by_role("heading", name="完成前看一看")).to_be_visible()
    expect(stage.page.get_by_text("去填 4 处")).to_be_visible()


def test_a_finished_form_is_left_for_good(stage: Stage) -> None:
    stage.show("/", draft=FILLED)
    stage.page.locator("a.row").nth(1).click()
    stage.press("开始走访")
    for _ in range(5):
        stage.press("下一步")
    stage.press("检查")
    stage.page.locator(".form-foot .primary", has_text="完成").click()
    expect(stage.page.get_by_text("已存在手机，有信号时自动上传。")).to_be_visible()
    assert len(stage.calls("finish")) == 1
    stage.page.go_back()
    expect(stage.page.get_by_text("本月 12 / 20 户").first).to_be_visible()


def test_the_keyboard_hides_neither_the_field_nor_the_button(stage: Stage) -> None:
    stage.show("/f/d1/1")
    field = stage.page.get_by_label("本月收入（元）")
    field.focus()
    stage.page.set_viewport_size({"width": 360, "height": 380})
    expect(field).to_be_in_viewport(ratio=0.95)
    expect(stage.page.get_by_role("button", name="下一步")).to_be_in_viewport(ratio=0.95)


@pytest.mark.parametrize("size", ["normal", "elder"])
def test_the_chrome_of_the_form_is_thin(stage: Stage, size: str) -> None:
    stage.show("/f/d1/1", settings={"size": size})
    bars = stage.page.locator(".form-head, .form-foot")
    assert sum(box["height"] for bar in bars.all() if (box := bar.bounding_box())) <= 97


@pytest.mark.parametrize("state", ["denied", "nosignal", "unavailable", "waiting"])
def test_a_missing_position_never_stands_in_the_way(stage: Stage, state: str) -> None:
    stage.show("/f/d1/2", position={"state": state, "accuracy": 60})
    stage.press("取定位")
    expect(stage.page.locator(".place [role=status]")).to_be_visible()
    stage.press("下一步")
    expect(stage.page.get_by_role("heading", level=1)).to_have_text("群众诉求")
    assert len(stage.calls("stopPosition")) == 1


def test_a_position_is_kept_with_its_accuracy(stage: Stage) -> None:
    stage.show("/f/d1/2", position={"state": "fixed", "value": "29.715630 118.337120 130 12", "accuracy": 12})
    stage.press("取定位")
    expect(stage.page.get_by_text("29.71563, 118.33712 · 精度 12 米")).to_be_visible()


def test_a_photo_removed_can_be_taken_back(stage: Stage) -> None:
    stage.show("/f/d1/2")
    picture = {"name": "house.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8"}
    stage.page.locator("input[type=file]").first.set_input_files(picture)
    expect(stage.page.locator(".photo img")).to_be_visible()
    stage.page.get_by_role("button", name="删除").click()
    expect(stage.page.locator(".photo img")).to_have_count(0)
    stage.press("撤销")
    expect(stage.page.locator(".photo img")).to_be_visible()


def test_no_change_rules_out_the_changes(stage: Stage) -> None:
    stage.show("/f/d1/0")
    stage.press("就业")
    stage.press("人口")
    stage.press("无变化")
    checked = stage.page.locator("[role=checkbox][aria-checked=true]")
    expect(checked).to_have_text(["无变化"])
    stage.press("就业")
    expect(checked).to_have_text(["就业"])


def test_a_reason_given_in_place_settles_a_doubt(stage: Stage) -> None:
    stage.show("/f/d1/1")
    stage.page.get_by_label("原因").fill("卖了两头牛")
    stage.page.goto(stage.page.url.split("#")[0] + "#/f/d1/check")
    expect(stage.page.get_by_text("已写原因。")).to_be_visible()


def test_digits_of_a_chinese_keyboard_become_a_number(stage: Stage) -> None:
    stage.show("/f/d1/1")
    field = stage.page.get_by_label("本月收入（元）")
    field.fill("１２。５")
    expect(field).to_have_value("12.5")
    assert field.get_attribute("inputmode") == "decimal"
    assert stage.page.get_by_label("联系电话").get_attribute("inputmode") == "numeric"


def test_the_background_never_reloads_what_is_being_typed(stage: Stage) -> None:
    stage.show("/f/d1/4")
    stage.page.locator("textarea").fill("正在写")
    stage.bend(counts={"onPhone": 0, "received": 17, "attention": 1})
    expect(stage.page.locator("textarea")).to_have_value("正在写")
    expect(stage.page.locator("textarea")).to_be_focused()
