"""Every control that few forms have, driven as a thumb and as a keyboard would, and what becomes of the answer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from fieldsvc.xlsform.parts import NAMES
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

#: A tone where a microphone would be, and the tracks that were handed out.
MICROPHONE = """
window.heard = [];
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const [tone, to] = [context.createOscillator(), context.createMediaStreamDestination()];
  tone.connect(to);
  tone.start();
  heard.push(...to.stream.getTracks());
  return to.stream;
};
"""


def question(stage: Stage, ref: str) -> Locator:
    """One question of the page with everything that belongs to it."""
    return stage.page.locator(f'[data-ref="{ref}"]')


def answers(stage: Stage) -> dict[str, str]:
    """What was answered so far."""
    found: dict[str, str] = stage.page.evaluate("fake.answers()")
    return found


def test_a_slider_moves_by_buttons_and_by_keys_and_says_its_value(stage: Stage) -> None:
    stage.show("/f/d1/0", kinds=True)
    score = question(stage, "/data/numbers/score")
    expect(score.locator("output")).to_have_text("拖动滑块，或点两边")
    score.get_by_role("button", name="大一格").click()
    expect(score.locator("output")).to_have_text("0")
    score.get_by_role("button", name="大一格").click()
    slider = score.get_by_role("slider")
    slider.focus()
    slider.press("End")
    assert answers(stage)["/data/numbers/score"] == "10"
    score.get_by_role("button", name="大一格").click()
    assert answers(stage)["/data/numbers/score"] == "10"
    width = question(stage, "/data/numbers/width")
    width.get_by_role("button", name="小一格").click()
    assert answers(stage)["/data/numbers/width"] == "1.0"


def test_thousands_are_told_apart_while_nobody_types(stage: Stage) -> None:
    stage.show("/f/d1/0", kinds=True)
    cost = stage.page.get_by_label("造价（元）")
    expect(cost).to_have_value("1,234,567.5")
    cost.focus()
    expect(cost).to_have_value("1234567.5")
    cost.fill("86，000")
    cost.blur()
    expect(cost).to_have_value("86,000")
    assert answers(stage)["/data/numbers/cost"] == "86000"


def test_an_identity_number_is_covered_until_asked_for(stage: Stage) -> None:
    stage.show("/f/d1/0", kinds=True)
    number = question(stage, "/data/numbers/id")
    expect(number.locator("input")).to_have_css("-webkit-text-security", "disc")
    expect(number).to_contain_text("共 18 位，尾号 1234")
    number.get_by_role("button", name="显示").click()
    expect(number.locator("input")).to_have_css("-webkit-text-security", "none")


def test_a_year_a_month_and_a_moment_are_written_as_forms_want_them(stage: Stage) -> None:
    stage.show("/f/d1/0", kinds=True)
    year = stage.page.get_by_label("建成年份")
    year.fill("１９８")
    assert answers(stage)["/data/numbers/built"] is None
    year.fill("1986")
    month = stage.page.get_by_label("搬进来的月份")
    expect(month).to_have_value("2019-03")
    month.fill("2020-07")
    moment = stage.page.get_by_label("最近一次停电")
    expect(moment).to_have_value("2026-11-20T18:30")
    moment.fill("2026-11-21T08:05")
    found = answers(stage)
    assert found["/data/numbers/built"] == "1986-01-01"
    assert found["/data/numbers/moved"] == "2020-07-01"
    assert found["/data/numbers/at"] == "2026-11-21T08:05:00.000+08:00"


def test_a_scale_is_chosen_and_taken_back(stage: Stage) -> None:
    stage.show("/f/d1/1", kinds=True)
    step = stage.page.get_by_role("radio", name="一般")
    step.click()
    expect(step).to_have_attribute("aria-checked", "true")
    step.press("Enter")
    assert answers(stage)["/data/choices/content"] is None


def test_ranking_moves_one_place_and_is_an_answer_only_once_somebody_agreed(stage: Stage) -> None:
    stage.show("/f/d1/1", kinds=True)
    assert "/data/choices/order" not in answers(stage)
    stage.page.get_by_role("button", name="就按这个顺序").click()
    assert answers(stage)["/data/choices/order"] == "road water house"
    stage.page.get_by_role("button", name="危房改造，往前").click()
    stage.page.get_by_role("button", name="危房改造，往前").press("Enter")
    assert answers(stage)["/data/choices/order"] == "house road water"
    expect(stage.page.get_by_role("button", name="危房改造，往前")).to_be_disabled()


def test_choices_stand_in_as_many_columns_as_the_form_asks_for(stage: Stage) -> None:
    stage.show("/f/d1/1", kinds=True)
    columns = "element => getComputedStyle(element).gridTemplateColumns.split(' ').length"
    assert question(stage, "/data/choices/roof").locator(".options").evaluate(columns) == 2


def test_two_thousand_choices_are_searched_by_initials_and_never_all_drawn(stage: Stage) -> None:
    stage.show("/f/d1/1", kinds=True)
    stage.press("从 2000 项中选")
    village = question(stage, "/data/choices/village")
    expect(village.get_by_role("radio")).to_have_count(40)
    expect(village).to_contain_text("还有 1960 项")
    village.get_by_role("searchbox").fill("zmx")
    village.get_by_role("radio", name="郑明西村").click()
    expect(village.get_by_role("radio", checked=True)).to_have_text("郑明西村")


def test_a_file_is_kept_with_its_size_and_a_large_one_refused_with_a_way_on(stage: Stage) -> None:
    stage.show("/f/d1/2", kinds=True)
    report = question(stage, "/data/files/report")
    large = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1_200_000}
    report.locator("input[type=file]").set_input_files(large)
    expect(report.get_by_role("alert")).to_contain_text("这个文件有 1.2 MB，最多 1.0 MB")
    small = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 report"}
    report.locator("input[type=file]").set_input_files(small)
    expect(report).to_contain_text("已存在手机，1 KB")
    expect(report.get_by_role("alert")).to_have_count(0)
    report.get_by_role("button", name="删除").click()
    stage.press("撤销")
    expect(report).to_contain_text("已存在手机")


def test_sound_is_recorded_by_the_phones_own_recorder_where_the_page_cannot(stage: Stage) -> None:
    stage.page.add_init_script("delete window.MediaRecorder")
    stage.show("/f/d1/2", kinds=True)
    voice = question(stage, "/data/files/voice").locator("input[type=file]")
    expect(voice).to_have_count(2)
    assert [(each.get_attribute("accept"), each.get_attribute("capture")) for each in voice.all()] == [
        ("audio/*", "environment"),
        ("audio/*", None),
    ]


def test_sound_is_recorded_in_the_page_and_a_file_can_be_taken_instead(stage: Stage) -> None:
    stage.show("/f/d1/2", kinds=True)
    voice = question(stage, "/data/files/voice")
    expect(voice.get_by_role("button", name="开始录音")).to_be_visible()
    assert [each.get_attribute("capture") for each in voice.locator("input[type=file]").all()] == [None]


def test_two_taps_start_one_recording_and_it_lets_go_of_the_microphone(stage: Stage) -> None:
    stage.page.add_init_script(MICROPHONE)
    stage.show("/f/d1/2", kinds=True)
    voice = question(stage, "/data/files/voice")
    voice.get_by_role("button", name="开始录音").evaluate("button => { button.click(); button.click(); }")
    expect(voice.get_by_role("timer")).to_have_text(re.compile(r"^正在录音 (?!0:00)"))
    voice.get_by_role("button", name="录好了").click()
    expect(voice).to_contain_text("已存在手机")
    assert stage.page.evaluate("heard.map(track => track.readyState)") == ["ended"]
    assert len(stage.calls("addPhoto")) == 1


def test_a_recording_that_could_not_be_kept_is_still_there_to_be_kept_again(stage: Stage) -> None:
    stage.page.add_init_script(MICROPHONE)
    stage.show("/f/d1/2", kinds=True, fail="storage-full")
    voice = question(stage, "/data/files/voice")
    voice.get_by_role("button", name="开始录音").click()
    expect(voice.get_by_role("timer")).to_have_text(re.compile(r"^正在录音 (?!0:00)"))
    stage.press("下一步")
    expect(stage.page.locator(".announcer")).to_contain_text("录音还没有存上")
    stage.press("上一步")
    expect(voice.get_by_role("alert")).to_contain_text("录音还没有存上")
    stage.page.evaluate("fake.data[1].fail = ''")
    voice.get_by_role("button", name="再存一次").click()
    expect(voice).to_contain_text("已存在手机")
    expect(voice.get_by_role("alert")).to_have_count(0)


def test_where_the_recorder_refuses_the_microphone_is_let_go_and_a_file_can_be_taken(stage: Stage) -> None:
    stage.page.add_init_script(MICROPHONE + "window.MediaRecorder = function () { throw new TypeError(); };")
    stage.show("/f/d1/2", kinds=True)
    voice = question(stage, "/data/files/voice")
    voice.get_by_role("button", name="开始录音").click()
    expect(voice.get_by_role("status")).to_contain_text("请用下面的方式")
    assert [each.get_attribute("capture") for each in voice.locator("input[type=file]").all()] == ["environment", None]
    assert stage.page.evaluate("heard.map(track => track.readyState)") == ["ended"]


def test_a_drawing_that_the_phone_could_not_make_stays_on_its_sheet_and_says_so(stage: Stage) -> None:
    stage.page.add_init_script(
        "window.toBlob = HTMLCanvasElement.prototype.toBlob; HTMLCanvasElement.prototype.toBlob = (take) => take(null);"
    )
    stage.show("/f/d1/6", kinds=True)
    plan = question(stage, "/data/marks/plan")
    plan.get_by_role("button", name="点这里画图").click()
    sheet = stage.page.locator(".signing")
    sheet.locator("canvas").click()
    sheet.get_by_role("button", name="画好了").click()
    expect(sheet).to_contain_text("手机内存不够，没有画成。")
    assert stage.calls("addPhoto") == []
    stage.page.evaluate("HTMLCanvasElement.prototype.toBlob = window.toBlob; undefined")
    sheet.get_by_role("button", name="画好了").click()
    expect(plan.get_by_role("button", name="重新画")).to_be_visible()
    expect(sheet).to_have_count(0)


def test_a_drawing_is_made_on_a_white_sheet_and_marks_wait_for_their_photo(stage: Stage) -> None:
    stage.show("/f/d1/6", kinds=True)
    expect(question(stage, "/data/marks/cracks")).to_contain_text("先拍照，再在照片上标注。")
    question(stage, "/data/marks/plan").get_by_role("button", name="点这里画图").click()
    expect(stage.page.get_by_role("button", name="画好了")).to_be_disabled()
    box = stage.page.locator(".signing canvas").bounding_box()
    assert box
    stage.page.mouse.move(box["x"] + 60, box["y"] + 80)
    stage.page.mouse.down()
    stage.page.mouse.move(box["x"] + 200, box["y"] + 160, steps=5)
    stage.page.mouse.up()
    stage.page.get_by_role("button", name="画好了").click()
    expect(question(stage, "/data/marks/plan").get_by_role("button", name="重新画")).to_be_visible()
    assert len(stage.calls("addPhoto")) == 1


def test_a_code_is_typed_or_photographed_where_the_browser_reads_none(stage: Stage) -> None:
    stage.page.add_init_script("delete window.BarcodeDetector")
    stage.show("/f/d1/2", kinds=True)
    meter = question(stage, "/data/files/meter")
    expect(meter.get_by_role("button", name="扫码")).to_have_count(0)
    meter.get_by_label("也可以直接输入").fill("SB-0412")
    assert answers(stage)["/data/files/meter"] == "SB-0412"
    picture = {"name": "meter.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8"}
    meter.locator("input[type=file]").set_input_files(picture)
    expect(meter).to_contain_text("审核人会看到这张照片")
    meter.get_by_role("button", name="清除").click()
    expect(meter.get_by_label("也可以直接输入")).to_have_value("")


def test_a_code_is_read_by_the_camera_where_the_browser_can(stage: Stage) -> None:
    stage.page.add_init_script(
        """
        window.BarcodeDetector = class { async detect() { return [{ rawValue: "SB-7788" }]; } };
        const stream = async () => document.createElement("canvas").captureStream();
        if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = stream;
        HTMLMediaElement.prototype.play = async () => {};
        """
    )
    stage.show("/f/d1/2", kinds=True)
    meter = question(stage, "/data/files/meter")
    meter.get_by_role("button", name="扫码").click()
    expect(meter.get_by_label("也可以直接输入")).to_have_value("SB-7788")
    expect(meter.locator("video")).to_have_count(0)


def test_a_camera_that_stays_closed_is_told_and_leaves_other_ways(stage: Stage) -> None:
    stage.page.add_init_script(
        """
        window.BarcodeDetector = class { async detect() { return []; } };
        const denied = async () => { throw new Error("denied"); };
        if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = denied;
        """
    )
    stage.show("/f/d1/2", kinds=True)
    meter = question(stage, "/data/files/meter")
    meter.get_by_role("button", name="扫码").click()
    expect(meter).to_contain_text("相机没有打开")
    meter.get_by_label("也可以直接输入").fill("1")


def test_marks_become_looks_and_never_markup(stage: Stage) -> None:
    stage.show("/f/d1/3", kinds=True)
    expect(stage.page.locator(".note strong")).to_have_text(["承重墙", "办法"])
    expect(stage.page.locator(".note em")).to_have_text("裂缝")
    stage.press("下一步")
    expect(stage.page.locator(".form-body img, .form-body script, .form-body a")).to_have_count(0)
    hostile = question(stage, "/data/hostile/text")
    expect(hostile.locator(".label")).to_have_text(
        "住房 <img src=x onerror=alert(1)> <script>alert(1)</script> 点这里 (javascript:alert(1))"
    )
    expect(hostile.locator(".hint")).to_have_text("长*宽*高，写 a_b_c")


def test_a_plot_is_drawn_and_measured_in_mu_and_a_corner_can_be_taken_back(stage: Stage) -> None:
    stage.show("/f/d1/5", kinds=True)
    plot = stage.page.locator(".question, fieldset").filter(has=stage.page.get_by_text("耕地的四至")).last
    expect(plot.get_by_role("status")).to_contain_text("已取 4 点，面积 9671 平方米（14.51 亩）")
    plot.get_by_role("button", name="撤销上一点").click()
    expect(plot.get_by_role("status")).to_contain_text("已取 3 点")


def test_pictures_stand_beside_the_words_of_a_choice_and_say_nothing_of_their_own(stage: Stage) -> None:
    stage.show("/f/d1/5", kinds=True)
    choice = stage.page.get_by_role("radio", name="瓦屋面", exact=True)
    expect(choice.locator("img[alt='']")).to_be_visible()
    choice.click()
    expect(choice).to_be_checked()


@pytest.mark.parametrize("missing", ["range", "money", "dates"])
def test_a_number_or_day_whose_control_is_missing_is_typed(stage: Stage, missing: str) -> None:
    stage.show("/f/d1/0", kinds=True, without=[missing])
    expect(stage.page.get_by_text("专用控件还没取到").first).to_be_visible()
    expect(stage.page.get_by_label("打几分")).to_be_editable()


def test_every_part_a_form_can_name_is_on_this_stage() -> None:
    source = (Path(__file__).parent / "fake_form.js").read_text(encoding="utf-8")
    # The camera has a stage of its own, and a household begins in the list of households.
    assert [part for part in sorted(NAMES - {"camera", "begin"}) if f'"{part}"' not in source] == []


#: What stands outside the screen, or over what stands beside it.
LOST = """() => {
  const parts = ".form-head > *, .form-body input, .form-body button";
  const boxes = [...document.querySelectorAll(parts)]
    .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 2 && box.height > 2);
  const page = document.querySelector(".form-head b").getBoundingClientRect();
  const kept = document.querySelector(".form-head .saved").getBoundingClientRect();
  const name = document.querySelector(".form-head .whose span");
  return [...(name.scrollWidth > name.clientWidth ? ["whose form it is"] : []),
    ...boxes.filter(([, box]) => box.right > innerWidth + 1).map(([one]) => one.outerHTML.slice(0, 80)),
    ...(page.right > kept.left + 1 ? ["the page lies over what is kept"] : [])];
}"""


def test_at_letters_twice_as_large_nothing_leaves_the_screen(stage: Stage) -> None:
    """An old cadre sets the phone's letters to 200 %."""
    for page in range(4):
        stage.show(f"/f/d1/{page}", kinds=True)
        stage.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert stage.page.evaluate(LOST) == [], page


def test_at_letters_twice_as_large_the_icons_are_too_and_the_bar_below_cuts_nothing(stage: Stage) -> None:
    stage.show("/")
    tabs = stage.page.locator(".tabs a")
    icon = tabs.first.locator(".icon")
    before = icon.evaluate("one => one.clientWidth")
    stage.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert icon.evaluate("one => one.clientWidth") > 1.8 * before
    assert tabs.evaluate_all("all => all.filter((one) => one.scrollHeight > one.clientHeight).length") == 0
