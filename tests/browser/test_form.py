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

LATER = 4_000_000_000_000  # of any clock that runs these tests


def test_every_keystroke_is_kept_at_once(stage: Stage) -> None:
    stage.show("/f/d1/4")
    stage.page.locator("textarea").press_sequentially("两句话")
    assert len(stage.calls("saveDraft")) == 3
    expect(stage.page.locator(".saved")).to_contain_text("已存在手机 14:05")


def test_the_screen_calls_kept_only_what_is_on_the_disk(stage: Stage) -> None:
    stage.show("/f/d1/4", slowDisk=True)
    kept = stage.page.locator(".saved")
    expect(kept.locator(".icon")).to_be_visible()
    stage.page.locator("textarea").press_sequentially("还没写完")
    expect(kept).to_have_attribute("aria-busy", "true")
    expect(kept.locator(".icon")).to_be_hidden()
    stage.page.evaluate("fake.written()")
    expect(kept).to_have_attribute("aria-busy", "false")
    expect(kept.locator(".icon")).to_be_visible()


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


def test_words_that_offer_nothing_are_gone_when_they_have_been_read(stage: Stage) -> None:
    stage.page.clock.install()
    stage.show("/", draft=FILLED)
    stage.page.locator("a.row").nth(1).click()
    stage.press("开始走访")
    for _ in range(5):
        stage.press("下一步")
    stage.press("检查")
    stage.page.locator(".form-foot .primary", has_text="完成").click()
    expect(stage.page.locator(".announcer p")).to_be_visible()
    stage.page.clock.fast_forward(6_000)
    # Words that can be taken back stay for ten seconds: the clock goes on while this is looked for.
    expect(stage.page.locator(".announcer p")).to_have_count(0, timeout=3_000)


def test_what_was_said_of_the_last_form_does_not_lie_over_the_buttons_of_the_next(stage: Stage) -> None:
    stage.show("/", draft=FILLED)
    stage.page.locator("a.row").nth(1).click()
    stage.press("开始走访")
    for _ in range(5):
        stage.press("下一步")
    stage.press("检查")
    stage.page.locator(".form-foot .primary", has_text="完成").click()
    expect(stage.page.locator(".announcer p")).to_be_visible()
    stage.press("开始走访")
    expect(stage.page.locator(".form-body")).to_be_visible()
    expect(stage.page.locator(".announcer p")).to_have_count(0)


def test_an_item_is_called_by_its_first_answer(stage: Stage) -> None:
    stage.show("/f/d1/3")
    head = stage.page.locator(".card .row").first
    expect(head).to_contain_text("诉求 1")
    stage.page.locator("textarea").fill("修通组路")
    expect(head.locator("b")).to_have_text("1 · 修通组路")


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


def test_a_question_whose_part_is_missing_can_still_be_answered(stage: Stage) -> None:
    stage.show("/f/d1/1", without=["counter"])
    expect(stage.page.get_by_text("专用控件还没取到")).to_be_visible()
    field = stage.page.get_by_label("常住人口")
    field.fill("5")
    expect(field).to_have_value("5")
    assert field.get_attribute("inputmode") == "numeric"


def test_a_counter_counts_and_can_be_typed_into(stage: Stage) -> None:
    stage.show("/f/d1/1")
    field = stage.page.get_by_label("常住人口")
    stage.page.get_by_role("button", name="加一").click()
    expect(field).to_have_value("4")
    stage.page.get_by_role("button", name="减一").click()
    expect(field).to_have_value("3")
    field.fill("１２")
    expect(field).to_have_value("12")


def test_a_signature_is_drawn_on_the_whole_screen_and_can_be_drawn_again(stage: Stage) -> None:
    stage.show("/f/d1/5")
    page = stage.page
    page.get_by_role("button", name="点这里签字").click()
    sheet = page.locator(".signing canvas")
    box = sheet.bounding_box()
    assert box
    assert box["width"] >= 320
    assert box["height"] >= 500
    keep = page.get_by_role("button", name="签好了")
    expect(keep).to_be_disabled()
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 160, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="清除").click()
    expect(keep).to_be_disabled()
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 160, steps=5)
    page.mouse.up()
    page.set_viewport_size({"width": 740, "height": 360})
    expect(keep).to_be_in_viewport(ratio=1)
    keep.click()
    expect(page.locator(".signing")).to_have_count(0)
    expect(page.get_by_role("button", name="重新签字")).to_be_visible()
    [[_, _, facts]] = stage.calls("addPhoto")
    assert facts["source"] == "signature"
    assert "signed" in facts, "what makes the text that is signed, which no test can be handed"


def test_a_signing_sheet_that_was_opened_by_mistake_is_left_with_the_escape_key(stage: Stage) -> None:
    stage.show("/f/d1/5")
    stage.page.get_by_role("button", name="点这里签字").click()
    stage.page.keyboard.press("Escape")
    expect(stage.page.locator(".signing")).to_have_count(0)
    assert stage.calls("addPhoto") == []


def test_a_position_says_where_the_known_place_lies(stage: Stage) -> None:
    draft = {"/data/house/place": "29.700000 118.300000 0 5"}
    fix = {"state": "fixed", "value": "29.699000 118.299000 0 9", "accuracy": 9}
    stage.show("/f/d1/2", draft=draft, position=fix, target="29.700000 118.300000 0 5")
    stage.press("重新定位")
    expect(stage.page.get_by_text("原来的位置在东北方向，相距 147 米。")).to_be_visible()
    expect(stage.page.get_by_role("button", name="够准了")).to_be_visible()


def test_a_poor_position_advises_to_step_outside_and_is_kept_all_the_same(stage: Stage) -> None:
    stage.show("/f/d1/2", position={"state": "fixed", "value": "29.7 118.3 0 80", "accuracy": 80})
    stage.press("取定位")
    expect(stage.page.get_by_text("到门口或院子里")).to_be_visible()
    expect(stage.page.get_by_text("精度 80 米").first).to_be_visible()


def test_a_position_is_kept_with_its_accuracy(stage: Stage) -> None:
    stage.show(
        "/f/d1/2", position={"state": "fixed", "value": "29.715630 118.337120 130 12", "accuracy": 12, "at": LATER}
    )
    stage.press("取定位")
    expect(stage.page.get_by_text("29.71563, 118.33712 · 精度 12 米")).to_be_visible()
    # A receiver whose clock is ahead of the phone's: nothing is older than nothing.
    expect(stage.page.get_by_text("手机定位，取的就是当时的位置")).to_be_visible()


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


def test_a_section_is_confirmed_on_its_own_and_says_what_differs(stage: Stage) -> None:
    stage.show("/f/d1/3")
    section = stage.page.locator(".group", has=stage.page.get_by_role("heading", name="本次帮扶"))
    expect(section).to_contain_text("与上次不同 1 处")
    expect(section).to_contain_text("与上次不同，上次：200")
    section.get_by_role("button", name="与上次一致").click()
    assert stage.page.evaluate("fake.confirmed()") == ["/data/needs/help"]


def test_a_confirmed_page_says_so_and_one_that_differs_does_not(stage: Stage) -> None:
    stage.show("/f/d1/1")
    expect(stage.page.get_by_text("与上次不同 1 处")).to_be_visible()
    stage.press("与上次一致")
    assert stage.page.evaluate("fake.confirmed()") == [1]
    expect(stage.page.get_by_text("这部分已确认")).to_have_count(0)


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


def test_what_can_only_be_read_is_words_and_no_field(stage: Stage) -> None:
    stage.show("/f/d1/2")
    number = stage.page.locator('[data-ref="/data/house/number"]')
    expect(number).to_contain_text("0412")
    expect(number.locator("input, textarea, button")).to_have_count(0)


def test_an_acknowledgement_is_one_tick_that_can_be_taken_back_and_its_guidance_unfolds(stage: Stage) -> None:
    stage.show("/f/d1/5")
    agreed = stage.page.locator('[data-ref="/data/sign/agree"]')
    words = agreed.get_by_text("用当地话念，念到听懂为止")
    expect(words).to_be_hidden()
    agreed.get_by_text("怎么填").click()
    expect(words).to_be_visible()
    tick = agreed.get_by_role("checkbox")
    tick.click()
    expect(tick).to_be_checked()
    assert stage.page.evaluate("fake.answers()")["/data/sign/agree"] == "OK"
    tick.click()
    expect(tick).not_to_be_checked()
    assert stage.page.evaluate("fake.answers()").get("/data/sign/agree") is None
