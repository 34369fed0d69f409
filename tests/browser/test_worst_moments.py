"""Bad days on the phone: each has its sentence, and a way on."""

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.browser.test_screens import UNSENT, _trouble

pytestmark = pytest.mark.browser


def test_a_sign_in_that_ran_out_leaves_the_outbox_and_the_screens(stage: Stage) -> None:
    stage.show("/", state=_trouble("token-expired"))
    expect(stage.page.get_by_text("本机 2 份未上传的都还在")).to_be_visible()
    expect(stage.page.locator("a.row").first).to_be_visible()
    stage.page.get_by_role("button", name="登录").click()
    stage.page.get_by_label("登录码", exact=True).last.fill("https://x.example/#/signin/ABC123")
    stage.page.locator("form .primary").click()
    expect(stage.page.get_by_text("本月 12 / 20 户").first).to_be_visible()
    assert stage.calls("signIn") == [["signIn", {"code": "ABC123"}]]


def test_a_link_scanned_while_the_app_is_at_signing_in_signs_in(stage: Stage) -> None:
    stage.show("/", state=_trouble("token-expired"))
    stage.page.get_by_role("button", name="登录").click()
    expect(stage.page.get_by_label("登录码", exact=True).last).to_be_visible()
    stage.page.evaluate("location.hash = '/signin/ABC123'")
    expect(stage.page.get_by_text("本月 12 / 20 户").first).to_be_visible()
    assert stage.calls("signIn") == [["signIn", {"code": "ABC123"}]]


def test_signing_out_says_what_would_be_lost_and_asks_again(stage: Stage) -> None:
    stage.show("/me")
    stage.press("退出")
    expect(stage.page.get_by_text("待传 2 份，照片 5 张，草稿 1 份")).to_be_visible()
    stage.press("不退出")
    assert [how["force"] for _, how in stage.calls("signOut")] == [False]
    stage.press("退出")
    stage.press("仍要退出")
    expect(stage.page.get_by_role("button", name="登录", exact=True).last).to_be_visible()


def test_wechat_is_warned_of_and_still_works(stage: Stage) -> None:
    stage.show("/", state={"phase": "wechat"})
    stage.press("仍在微信里填写")
    expect(stage.page.get_by_text("微信里不能长期保存")).to_be_visible()
    expect(stage.page.locator("a.row").first).to_be_visible()


def test_a_refused_sign_in_says_why_beside_the_button(stage: Stage) -> None:
    stage.show(
        "/",
        state={"phase": "signin", "person": None, **UNSENT},
        fail="sign-in-refused",
        failText="登录码不对，或已经用过。",
    )
    stage.page.get_by_label("登录码", exact=True).last.fill("X")
    stage.page.locator("form .primary").click()
    expect(stage.page.get_by_role("alert")).to_have_text("登录码不对，或已经用过。")


def test_a_correction_can_be_taken_back(stage: Stage) -> None:
    stage.show("/h/h0")
    stage.page.get_by_role("button", name="更正 饮水").click()
    stage.page.get_by_label("饮水").last.fill("不安全")
    stage.press("保存")
    stage.press("撤销")
    assert stage.calls("correct") == [
        ["correct", "h0", {"water": "不安全"}, "", None, {"water": "安全"}],
        ["correct", "h0", {"water": "安全"}, "", None, {"water": "不安全"}],
    ]


def test_the_language_changes_in_place(stage: Stage) -> None:
    stage.show("/me")
    stage.press("English")
    expect(stage.page.get_by_text("How it works")).to_be_visible()
    stage.press("中文")
    expect(stage.page.get_by_text("怎么用")).to_be_visible()


def test_without_network_english_is_not_pretended(stage: Stage) -> None:
    stage.page.route("**/locales/en.js", lambda route: route.abort())
    stage.show("/me", state={"online": False})
    with stage.page.expect_console_message(lambda line: line.type == "error"):
        stage.press("English")
    expect(stage.page.get_by_text("没有网络，英文暂时取不到。")).to_be_visible()
    expect(stage.page.get_by_text("怎么用")).to_be_visible()
    stage.complaints.clear()  # the browser says itself that the file could not be fetched


def test_without_a_network_the_outbox_says_so_once(stage: Stage) -> None:
    stage.show("/upload", state={**_trouble("no-network"), "online": False})
    expect(stage.page.locator(".transfer .now")).to_contain_text("没有网络")
    expect(stage.page.locator(".transfer [class*=notice]")).to_have_count(0)
    stage.show("/upload", state={**_trouble("portal"), "online": False})
    expect(stage.page.locator(".transfer [class*=notice]")).to_have_count(1)


def test_a_correction_of_the_lowest_line_on_the_screen_opens_whole(stage: Stage) -> None:
    """Half its buttons lay under the one that begins a visit."""
    stage.show("/h/h0")
    bar = stage.page.locator(".action-bar").bounding_box()
    assert bar is not None
    buttons = stage.page.get_by_role("button", name="更正")
    tops = [box["y"] + box["height"] for box in (each.bounding_box() for each in buttons.all()) if box]
    lowest = max(position for position, bottom in enumerate(tops) if bottom <= bar["y"])
    buttons.nth(lowest).click()
    save = stage.page.locator(".correction .primary")
    expect(save).to_be_visible()
    box = save.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= bar["y"]


def test_a_visit_that_was_sent_again_asks_no_second_time_to_be_corrected(stage: Stage) -> None:
    """Who pressed the button once more made a second amendment, and a person had to choose between her own two."""
    sent_back = {
        "id": "9",
        "kind": "return",
        "at": 1,
        "subject": "h0",
        "subjectName": "程有福",
        "label": "走访",
        "by": "吴审核",
    }
    told = {**sent_back, "comment": "请写明", "comments": {}, "submission": "v9"}
    for path in ("/decisions", "/h/h0"):
        stage.show(path, world={"decisions": [{**told, "state": "open"}]})
        expect(stage.page.get_by_role("button", name="修改后重交")).to_have_count(1)
        stage.show(path, world={"decisions": [{**told, "state": "decided"}]})
        expect(stage.page.locator(".card").filter(has_text="请写明")).to_contain_text("已处理")
        expect(stage.page.get_by_role("button", name="修改后重交")).to_have_count(0)
