"""A cadre's hands on a real phone, and a supervisor's on an office PC: each verb is what they would say they did."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.small_county import PASSWORD
from tests.support.browser import PATIENCE_MS, Browser, OpenBrowser, until
from tests.support.proxy import Link
from tests.web.definitions import ALWAYS_HERE, UNTIL_HERE

SECONDS = PATIENCE_MS
# Look and press in one step, and only what can be pressed: between a look and a press the button may become another.
# `answered` becomes true with the answer to what was asked from then on: one that was on its way before, which the
# phone had asked for by itself, knows nothing of what the office did meanwhile.
_PRESS_SYNC = """() => {
  const named = (button) => button.textContent.trim() === "立即同步" && !button.disabled;
  const button = [...document.querySelectorAll("button")].find(named);
  if (!button) return false;
  const pressed = performance.now();
  const asked = ({ name, startTime, responseStatus }) =>
    name.endsWith("/api/v1/sync") && startTime >= pressed && responseStatus === 200;
  globalThis.answered = false;
  const listens = new PerformanceObserver((seen) => (globalThis.answered ||= seen.getEntries().some(asked)));
  listens.observe({ type: "resource" });
  button.click();
  return true;
}"""


def presses_sync(page: Page) -> None:
    """Press 立即同步 as soon as the phone is not sending by itself.

    It sends whenever a form was finished, a signal came or a wait was over; while it does, the same button is 暂停 and
    would stop it.
    """
    page.wait_for_function(_PRESS_SYNC, polling=100, timeout=3 * SECONDS)


def picture(file: Path, colour: str) -> Path:
    """A photo of a house, noisy enough to weigh what real ones weigh."""
    image = Image.effect_noise((2000, 1500), 60).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((300, 600, 1700, 1400), fill=colour)
    draw.polygon([(200, 600), (1000, 150), (1800, 600)], fill="brown")
    image.save(file, "JPEG", quality=85)
    return file


class Phone:
    """One phone: a Chromium with a profile of its own, behind a radio link of its own."""

    def __init__(self, open_browser: OpenBrowser, folder: Path, link: Link, name: str) -> None:
        self._open, self.profile, self.link, self.name = open_browser, folder / name, link, name
        self.base = f"http://127.0.0.1:{link.port}"
        self.browser: Browser
        self.page: Page
        self.starts()

    def starts(self) -> None:
        """Switch the phone on, with whatever its profile holds."""
        self.browser = self._open(
            self.profile,
            permissions=["geolocation"],
            geolocation={"latitude": 29.8301, "longitude": 118.3201, "accuracy": 12},
        )
        self.page = self.browser.page
        self.page.set_default_timeout(SECONDS)

    def opens(self, link: str) -> None:
        """Scan the enrolment code and go past the three cards."""
        self.page.goto(link)
        # The whole app comes first, and the server looks at a code for the first time.
        self.button("跳过").click(timeout=3 * SECONDS)
        expect(self.page.get_by_text("程有福").first).to_be_visible(timeout=SECONDS)
        self.page.goto(f"{self.base}/#/upload")
        expect(self.page.get_by_text("上次同步")).to_be_visible(timeout=SECONDS)
        # Forms come after the households, with the parts they use, and then what every phone keeps.
        self.page.evaluate(UNTIL_HERE, 2)
        until(self.page, ALWAYS_HERE)
        self.goes_to_household()
        expect(self.button("开始走访").or_(self.button("继续填写")).first).to_be_enabled(timeout=SECONDS)

    def loses_signal(self) -> None:
        """Walk behind the ridge."""
        self.link.refuse()

    def finds_signal(self) -> None:
        """Come back to the road."""
        self.link.heal()

    def dies(self) -> None:
        """The battery, or Android in need of memory: SIGKILL."""
        self.browser.kill()

    def starts_again(self) -> None:
        """Switch on after that and open the app from the home screen."""
        self.starts()
        self.page.goto(self.base)

    def button(self, name: str) -> Locator:
        """The button or link of that name."""
        exact = re.compile(rf"^{re.escape(name)}$")
        return self.page.get_by_role("button", name=exact).or_(self.page.get_by_role("link", name=exact)).first

    def goes_to_household(self) -> None:
        """Open the family's record from the list."""
        self.page.goto(f"{self.base}/#/")
        try:
            self.page.locator("a.row[href^='#/h/']").filter(has_text="程有福").first.click()
        except TookTooLong as error:
            # Whether the phone was emptied or only slow is told by what stands there instead of the list.
            error.add_note(f"on the screen: {self.page.locator('body').inner_text()}")
            raise
        expect(self.button("开始走访").or_(self.button("继续填写")).first).to_be_visible(timeout=SECONDS)

    def line(self, label: str) -> Locator:
        """A line of the record."""
        return self.page.locator(".line, li, dl > div").filter(has=self.page.get_by_text(label, exact=True)).last

    def corrects(self, label: str, value: str) -> None:
        """Correct one line of the record, where it stands."""
        self.goes_to_household()
        line = self.line(label)
        line.get_by_role("button", name="更正").click()
        line.locator("input").fill(value)
        line.get_by_role("button", name="保存").click()
        expect(self.line(label)).to_contain_text(value)

    def begins_visit(self) -> None:
        """Start a visit and choose to record photos and position too."""
        self.goes_to_household()
        self.button("开始走访").click()
        self.page.get_by_role("checkbox", name="照片和定位").click()

    def records_evidence(self, photo: Path) -> None:
        """Take one photo of the house, and the position."""
        self.button("下一步").click()
        slot = (
            self.page.locator("fieldset, .question, section")
            .filter(has=self.page.get_by_text("住房外观", exact=True))
            .last
        )
        with self.page.expect_file_chooser() as chooser:
            slot.get_by_text("相册").click()
        chooser.value.set_files(photo)
        expect(slot.get_by_text("重拍")).to_be_visible(timeout=SECONDS)
        self.button("取定位").click()
        expect(self.page.get_by_text("精度 12 米").first).to_be_visible(timeout=SECONDS)
        self.sees_it_kept()

    def sees_it_kept(self) -> None:
        """Look at the head of the form, which says whether the last answer is on the phone already."""
        expect(self.page.locator(".form-head .saved")).to_have_attribute("aria-busy", "false", timeout=SECONDS)

    def finishes(self) -> None:
        """Look it over and finish; from here on it is the outbox's."""
        self.button("检查").or_(self.button("完成")).first.click()
        expect(self.page.get_by_text("完成前看一看")).to_be_visible(timeout=SECONDS)
        self.button("完成").click()
        expect(self.button("开始走访")).to_be_visible(timeout=SECONDS)

    def syncs(self) -> None:
        """Press the button of the outbox and wait until nothing is left to send, or to fetch."""
        self.page.goto(f"{self.base}/#/upload")
        # "Everything was received" may stand there before anything moved: the answer of the server is what counts.
        presses_sync(self.page)
        until(self.page, "async () => globalThis.answered")
        expect(self.button("立即同步")).to_be_enabled(timeout=SECONDS)
        expect(self.page.locator("body")).to_contain_text("本机 0", timeout=SECONDS)
        expect(self.page.locator("body")).to_contain_text("都已收到", timeout=SECONDS)

    def waits_until(self, what: Callable[[], bool], seconds: int = 60) -> None:
        """Wait for something outside the phone, looking five times a second."""
        for _ in range(seconds * 5):
            if what():
                return
            self.page.wait_for_timeout(200)
        raise AssertionError("it never came")

    def tells(self, *, on_phone: int, received: int) -> None:
        """The frame comes to say these numbers: a finished visit is counted a moment after its form has closed."""
        numbers = self.page.locator(".counts b")
        expect(numbers.nth(0)).to_have_text(str(on_phone), timeout=SECONDS)
        expect(numbers.nth(1)).to_have_text(str(received), timeout=SECONDS)


class Desk:
    """The supervisor's office page."""

    def __init__(self, browser: Browser, base: str, login: str = "S1", password: str = PASSWORD) -> None:
        self.page, self.base = browser.page, base
        self.page.set_default_timeout(SECONDS)
        self.page.goto(f"{base}/office/")
        self.page.get_by_label("工号或手机号").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("link", name="审核").first).to_be_visible()

    def opens_visit_of(self, cadre: str) -> None:
        """Open the newest visit of this cadre that waits."""
        self.page.goto(f"{self.base}/office/visits?state=waiting")
        self.page.locator("tbody tr").filter(has_text=cadre).first.get_by_role("link").first.click()
        expect(self.page.get_by_role("button", name="通过")).to_be_visible()

    def opens_first_by_keyboard(self) -> None:
        """Open the first row of the list that is shown, and wait until the page has its scripts and hears keys too."""
        here = self.page.url
        self.page.keyboard.press("j")
        self.page.keyboard.press("o")
        self.page.wait_for_url(lambda url: url != here)

    def approves_by_keyboard(self) -> None:
        """Approve the open visit by two keys and wait for the page after it."""
        here = self.page.url
        self.page.keyboard.press("a")
        self.page.keyboard.press("Enter")
        # The visit before left the same notice, on the page that is still open.
        self.page.wait_for_url(lambda url: url != here)
        self.is_told("已通过")

    def is_told(self, words: str) -> None:
        """The office says what was done: a notice; the words for a state may stand on the page before as well."""
        expect(self.page.locator(".notice.done")).to_contain_text(words)

    def returns_it(self, comment: str) -> None:
        """Send the visit back to the phone with a comment."""
        self.page.locator("textarea[name=comment]").fill(comment)
        self.page.get_by_role("button", name="退回").click()
        self.is_told("已退回")

    def approves_it(self) -> None:
        """Approve the visit."""
        self.page.get_by_role("button", name="通过").click()
        self.is_told("已通过")

    def decides_conflict(self, keeping: str, reason: str) -> None:
        """Open the one conflict, choose a side by its value, and say why."""
        self.page.goto(f"{self.base}/office/conflicts")
        self.page.locator("main").get_by_role("link", name=re.compile("电话")).first.click()
        side = (
            self.page.locator("section, article, .side")
            .filter(has_text=keeping)
            .filter(has=self.page.locator("input[type=radio]"))
        )
        side.last.locator("input[type=radio]").check()
        self.page.locator("textarea[name=reason]").fill(reason)
        self.page.get_by_role("button", name=re.compile("定")).last.click()
        self.is_told("已审定")
