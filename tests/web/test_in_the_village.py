"""A day with the real app in a real browser against the real server: sign in, lose the signal, work, find it again."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from fieldsvc.web.assets import Release
from tests.browser.hands import presses_sync
from tests.support.browser import Browser, OpenBrowser, until
from tests.web.field import Field
from tests.web.shop import UNTIL_WAITING, changed

pytestmark = pytest.mark.browser


#: How often the drafts on this phone were written.
WRITTEN = """async () => {
    const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith("fieldsvc-"));
    const db = await answer(indexedDB.open(name));
    const drafts = await answer(db.transaction("drafts").objectStore("drafts").getAll());
    db.close();
    return drafts.reduce((times, { stamp }) => times + (stamp || 0), 0);
}"""


def leaves_the_form(page: Page) -> None:
    """Go back, and wait until the form was written for the last time: till then it counts as being filled in."""
    expect(page.locator(".form-head .saved")).to_have_attribute("aria-busy", "false")
    before = page.evaluate(WRITTEN)
    page.go_back()
    until(page, f"async () => (await ({WRITTEN})()) > {before}")


def arrives_with_everything(field: Field, open_browser: OpenBrowser) -> Browser:
    """A phone that was enrolled by its code and has synced once."""
    browser = open_browser()
    page = browser.page
    page.goto(field.enrolment())
    page.get_by_role("button", name="跳过").click()
    expect(page.get_by_text("张三")).to_be_visible()
    until(page, "async () => (await indexedDB.databases()).length > 1")
    # Forms come after the households, with the parts they use.
    opens(page, "张三")
    expect(page.get_by_role("button", name="开始走访")).to_be_enabled()
    page.get_by_role("link", name="上传").click()
    expect(page.get_by_role("button", name="立即同步")).to_be_enabled()  # the run is over, so every form is there too
    page.get_by_role("link", name="走访", exact=True).click()
    expect(page.get_by_text("张三")).to_be_visible()
    return browser


def opens(page: Page, name: str) -> None:
    """Tap a household in the list."""
    page.get_by_role("link", name=re.compile(name)).or_(page.get_by_role("button", name=re.compile(name))).first.click()


def counted(page: Page, text: str) -> Locator:
    """One of the three numbers. Times in the list beside it may read alike: 已收到 1:59."""
    return page.get_by_role("link", name=re.compile("^本机")).get_by_text(text, exact=True)


def syncs(page: Page) -> None:
    """Press the button on the outbox screen."""
    page.get_by_role("link", name="上传").click()
    presses_sync(page)


def picture() -> bytes:
    """A photo as a phone's camera gives it: large, and lying on its side."""
    image = Image.effect_mandelbrot((3000, 2000), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    turned = Image.Exif()
    turned[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=turned)
    return out.getvalue()


def test_a_correction_made_without_signal_arrives_when_there_is_some(field: Field, open_browser: OpenBrowser) -> None:
    page = arrives_with_everything(field, open_browser).page
    field.shop.stop()
    page.reload()
    opens(page, "张三")
    page.get_by_role("button", name="更正 联系电话").click()
    page.get_by_role("textbox").fill("13900000009")
    page.get_by_role("button", name="保存").click()
    expect(counted(page, "本机 1")).to_be_visible()
    field.shop.start()
    syncs(page)
    expect(counted(page, "已收到 1")).to_be_visible()
    assert field.phone_number(field.homes[0]) == "13900000009"


def test_a_visit_sent_back_is_amended_from_its_answers(field: Field, open_browser: OpenBrowser) -> None:
    page = arrives_with_everything(field, open_browser).page
    opens(page, "张三")
    page.get_by_role("button", name="开始走访").click()
    page.get_by_role("button", name="完成").click()
    expect(counted(page, "已收到 1")).to_be_visible()
    visit = field.visits()[0]
    field.returns(visit, "请写明满意度")
    syncs(page)
    expect(counted(page, "需处理 1")).to_be_visible()
    page.get_by_role("link", name="走访", exact=True).click()
    expect(page.get_by_text("请写明满意度")).to_be_visible()
    opens(page, "张三")
    page.get_by_role("button", name="修改后重交").click()
    page.get_by_text("基本满意").click()
    page.get_by_role("button", name="完成").click()
    expect(counted(page, "已收到 2")).to_be_visible()
    expect(counted(page, "需处理 0")).to_be_visible()
    assert field.replaced() == [visit]


def test_a_visit_finished_without_signal_survives_a_dead_battery(field: Field, open_browser: OpenBrowser) -> None:
    browser = arrives_with_everything(field, open_browser)
    page = browser.page
    field.shop.stop()
    opens(page, "张三")
    page.get_by_role("button", name="开始走访").click()
    page.get_by_text("照片和定位").click()
    page.get_by_role("button", name="下一步").click()
    door = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.locator("input[type=file]").first.set_input_files([door])
    expect(page.get_by_role("button", name="重拍")).to_be_visible()
    page.get_by_role("button", name="检查").click()
    page.get_by_role("button", name="完成").click()
    expect(counted(page, "本机 1")).to_be_visible()
    browser.kill()

    page = open_browser(browser.profile).page
    page.goto(field.shop.url)
    expect(counted(page, "本机 1")).to_be_visible()
    field.shop.start()
    syncs(page)
    expect(counted(page, "已收到 1")).to_be_visible()
    expect(page.get_by_text("照片 1/1")).to_be_visible()
    assert field.attachments() == ["present"]


def test_an_update_never_changes_the_app_under_an_open_form_and_keeps_a_draft_when_it_is_let_in(
    field: Field, open_browser: OpenBrowser, release: Release
) -> None:
    page = arrives_with_everything(field, open_browser).page
    opens(page, "张三")
    page.get_by_role("button", name="开始走访").click()
    page.get_by_text("照片和定位").click()
    page.evaluate("globalThis.same = true")
    after = changed(release, "locales/zh.js", release.files["locales/zh.js"].replace("继续填写", "接着填写"))
    field.shop.publishes(after)
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    page.evaluate(UNTIL_WAITING, True)

    # The new release is on the phone, whole; the form goes on, and everything it loads from now on is the old one's.
    page.get_by_role("button", name="下一步").click()
    door = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.locator("input[type=file]").first.set_input_files([door])
    expect(page.get_by_role("button", name="重拍")).to_be_visible()
    page.get_by_role("button", name="检查").click()
    page.get_by_role("button", name="完成").click()
    expect(counted(page, "已收到 1")).to_be_visible()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert [address for address in loaded if after.id in address and not address.endswith("/worker.js")] == []
    assert page.evaluate("[globalThis.same, document.documentElement.dataset.release]") == [True, release.id]

    # Somebody lets it in while a draft waits: the page starts again as the new release, and the draft is there.
    page.get_by_role("link", name="走访", exact=True).click()
    opens(page, "李四")
    page.get_by_role("button", name="开始走访").click()
    page.get_by_text("照片和定位").click()
    leaves_the_form(page)
    page.get_by_role("link", name="我的").click()
    page.get_by_role("button", name="现在更新").click()
    page.wait_for_function("(release) => document.documentElement.dataset.release === release", arg=after.id)
    page.get_by_role("link", name="走访", exact=True).click()
    opens(page, "李四")
    expect(page.get_by_role("button", name="接着填写")).to_be_visible()
