"""Fills a form in a real browser from a walk file, and compares what arrived on the server with what it promises.

The steps a walk may have:

| step           | what it does or expects                                                             |
|----------------|-------------------------------------------------------------------------------------|
| page           | the page with this title is open                                                    |
| shown, hidden  | a question is there, or is not                                                      |
| answer         | type, or press choices; days as `today-3`                                           |
| lacks          | the question does not offer this choice                                             |
| clear          | empty a typed answer, or press the chosen ones again                                |
| add            | add an item to the repeat of this name; questions are then those of the open item   |
| open           | unfold the item of a repeat that has this title                                     |
| photo, sign    | a picture from the gallery; a signature                                             |
| position       | take the position                                                                   |
| doubt, wrong   | beside the question stands this message, soft or hard                               |
| reason         | why a doubt is fine                                                                 |
| says           | somewhere on the page stands this text                                              |
| next, previous | to the next page, or to the check; back                                             |
| mend           | from the check, go to the question of this label                                    |
| finish         | finish, from the check or from a form's only page                                   |

A question is named by its label, or by its name in the form, which is ASCII.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.hands import SECONDS, Phone, picture
from tests.browser.script import Script, day

PICTURES = "FIELDSVC_WALK_PICTURES"  # a folder: every page of every walk is photographed into it
CHECK = "完成前看一看"


@dataclass(slots=True)
class Walker:
    """Hands that follow a script on the form that is open on a phone."""

    phone: Phone
    script: Script
    folder: Path
    shots: int = 0

    def begins(self, home: str, title: str) -> None:
        """Open the household's record and begin the form of this title."""
        phone = self.phone
        phone.page.goto(f"{phone.base}/#/h/{home}")
        if self.script.form == "visit":
            phone.button("开始走访").click()
        else:
            phone.button("其他表单").click()
            # Its name goes on with a draft or the day it was last filed.
            phone.page.locator("main button.row", has_text=title).first.click()
        expect(phone.page.locator(".form-body")).to_be_visible(timeout=SECONDS)

    def walks(self) -> None:
        """Do every step in order; what fails is named by its number."""
        for number, (step, what, given) in enumerate(self.script.steps, start=1):
            verb: Callable[[str, str], None] = getattr(self, f"_{step}")
            try:
                verb(what, given)
            except AssertionError as error:
                self._picture()
                raise AssertionError(f"{self.script.name}, step {number}: {step} {what} {given}\n{error}") from None

    def _page(self, what: str, _: str) -> None:
        expect(self.phone.page.locator("main h1").first).to_have_text(what, timeout=SECONDS)

    def _shown(self, what: str, _: str) -> None:
        expect(self._question(what)).to_be_visible()

    def _hidden(self, what: str, _: str) -> None:
        expect(self._question(what)).to_have_count(0)

    def _says(self, what: str, _: str) -> None:
        expect(self.phone.page.locator("main")).to_contain_text(what)

    def _answer(self, what: str, given: str) -> None:
        question = self._question(what)
        expect(question).to_be_visible()
        field = question.locator("input:not(.unseen):not([type=file]), textarea")
        if question.locator(".options").count():
            self._choose(question, given)
        else:
            # A field that shows thousands apart is another one once somebody types in it.
            field.first.focus()
            field.first.fill(day(given))
            field.first.blur()

    def _choose(self, question: Locator, given: str) -> None:
        for label in given.split("、"):
            more = question.get_by_role("button", name=re.compile(r"^从 \d+ 项中选$"))
            if more.count():
                more.click()
            question.locator(".option").filter(has_text=re.compile(f"^{re.escape(label)}$")).first.click()

    def _lacks(self, what: str, given: str) -> None:
        offered = self._question(what).locator(".option")
        expect(offered.first).to_be_visible()
        expect(offered.filter(has_text=re.compile(f"^{re.escape(given)}$"))).to_have_count(0)

    def _clear(self, what: str, given: str) -> None:
        question = self._question(what)
        if question.locator(".options").count():
            self._choose(question, given)
        else:
            question.locator("input, textarea").first.fill("")

    def _add(self, what: str, _: str) -> None:
        self.phone.button(f"添加{what}").click()

    def _rank(self, what: str, given: str) -> None:
        """Move one of the choices to an earlier place."""
        self._question(what).get_by_role("button", name=f"{given}，往前").click()

    def _open(self, what: str, _: str) -> None:
        self.phone.page.locator("button.row").filter(has_text=what).click()

    def _photo(self, what: str, given: str) -> None:
        question = self._question(what)
        file = picture(self.folder / f"{len(list(self.folder.glob('*.jpg')))}.jpg", given or "white")
        with self.phone.page.expect_file_chooser() as chooser:
            question.get_by_text("相册").click()
        chooser.value.set_files(file)
        expect(question.get_by_text("重拍")).to_be_visible(timeout=SECONDS)

    def _sign(self, what: str, _: str) -> None:
        question = self._question(what)
        question.get_by_role("button", name="点这里签字").click()
        sheet = self.phone.page.locator("dialog")
        box = sheet.locator("canvas").bounding_box()
        assert box
        mouse = self.phone.page.mouse
        mouse.move(box["x"] + 30, box["y"] + 30)
        mouse.down()
        mouse.move(box["x"] + 120, box["y"] + 80, steps=4)
        mouse.up()
        sheet.get_by_role("button", name="签好了").click()
        expect(question.get_by_role("button", name="重新签字")).to_be_visible(timeout=SECONDS)

    def _position(self, what: str, _: str) -> None:
        question = self._question(what)
        question.get_by_role("button", name="取定位").click()
        expect(question.get_by_text("精度")).to_be_visible(timeout=SECONDS)
        # A place to within twelve metres can always become better: it is looked for until somebody says so.
        question.get_by_role("button", name="够准了").click()

    def _doubt(self, what: str, given: str) -> None:
        expect(self._question(what).locator(".notice")).to_contain_text(given)

    def _wrong(self, what: str, given: str) -> None:
        expect(self._question(what).locator(".error")).to_contain_text(given)

    def _reason(self, what: str, given: str) -> None:
        field = self._question(what).locator(".notice input").first
        field.fill(given)
        field.blur()

    def _next(self, _: str, __: str) -> None:
        self._picture()
        self.phone.button("下一步").or_(self.phone.button("检查")).first.click()

    def _mend(self, what: str, _: str) -> None:
        self.phone.page.locator("main a.row").filter(has_text=re.compile(rf"^{re.escape(what)}")).first.click()
        expect(self._question(what)).to_be_visible(timeout=SECONDS)

    def _previous(self, _: str, __: str) -> None:
        self.phone.button("上一步").click()

    def _finish(self, _: str, __: str) -> None:
        self._picture()
        if not self._is_checking():
            self.phone.button("检查").or_(self.phone.button("完成")).first.click()
        if self._is_checking():
            expect(self.phone.page.get_by_role("heading", name=CHECK)).to_be_visible(timeout=SECONDS)
            self._picture()
            self.phone.button("完成").click()
        expect(self.phone.button("开始走访")).to_be_visible(timeout=SECONDS)

    def _is_checking(self) -> bool:
        """By the address, which a press changes at once; the heading comes a moment later."""
        return bool(self.phone.page.evaluate("location.hash.endsWith('/check')"))

    def _question(self, what: str) -> Locator:
        """The question of that label or name; of several the last, which is the open item's."""
        page = self.phone.page
        if re.fullmatch(r"[a-z0-9_]+", what):
            return page.locator(f'.question[data-ref$="/{what}"]').last
        label = page.locator(".label").filter(has_text=re.compile(rf"^{re.escape(what)}\s*(必填)?$"))
        return page.locator(".question").filter(has=label).last

    def _picture(self) -> None:
        folder = os.environ.get(PICTURES)
        if folder:
            self.shots += 1
            name = f"{self.script.name}-{self.shots:02}.png"
            page = self.phone.page
            body = page.locator(".form-body")
            tall = body.evaluate("b => b.scrollHeight - b.clientHeight") if body.count() else 0
            page.set_viewport_size({"width": 360, "height": min(740 + int(tall), 4000)})
            page.screenshot(path=Path(folder) / name)
            page.set_viewport_size({"width": 360, "height": 740})
