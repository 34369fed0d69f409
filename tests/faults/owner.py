"""Whoever carries a phone whose browser dies at any moment: what she tried, and what its screen told her it keeps."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import psutil
from PIL import Image
from playwright.sync_api import Error, expect

from tests.browser.hands import SECONDS, Phone

#: Moments of a day's work: from the app's first paint to a photo on its way.
LONGEST_LIFE_SECONDS = 5.0


@dataclass
class Owner:
    """One phone with a real browser. `tried` may arrive or not; `promised` must, once."""

    phone: Phone
    folder: Path
    dice: random.Random
    tried: list[str] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    finished: int = 0

    def works_until_killed(self) -> None:
        """Correct and visit, with and without a signal, until the browser is killed in the middle of it."""
        [browser] = self.phone.browser.processes()
        killer = threading.Timer(self.dice.uniform(0.2, LONGEST_LIFE_SECONDS), browser.kill)
        killer.start()
        try:
            while True:
                self._does_one_thing()
        except (Error, AssertionError):
            # A browser that is gone answers anything with one of these; one that lives has failed the test.
            killer.join()
            if _lives(browser):
                raise
        finally:
            killer.cancel()
        self.phone.dies()

    def comes_home(self) -> None:
        """Finish what is open, and send everything."""
        self.phone.finds_signal()
        self._visits()
        self.phone.syncs()

    def _does_one_thing(self) -> None:
        if self.dice.random() < 0.3:
            self.phone.loses_signal()
        else:
            self.phone.finds_signal()
        if self.dice.random() < 0.5:
            self._corrects()
        else:
            self._visits()

    def _corrects(self) -> None:
        number = f"137{len(self.tried):08}"
        self.tried.append(number)
        self.phone.goes_to_household()
        # What stands there already is no correction: nothing would be sent, and nothing is lost when nothing arrives.
        expect(self.phone.line("联系电话")).not_to_contain_text(number)
        self.phone.corrects("联系电话", number)
        self.promised.append(number)

    def _visits(self) -> None:
        """Go on with the visit that is open or begin one; its photo is kept once the screen offers to take it anew."""
        phone, page = self.phone, self.phone.page
        phone.goes_to_household()
        phone.button("开始走访").or_(phone.button("继续填写")).first.click()
        evidence = page.get_by_role("checkbox", name="照片和定位")
        expect(evidence.or_(page.get_by_text("住房外观", exact=True)).first).to_be_visible(timeout=SECONDS)
        if evidence.is_visible():
            if evidence.get_attribute("aria-checked") != "true":
                evidence.click()
            phone.button("下一步").click()
        slot = page.locator("fieldset, .question, section").filter(has=page.get_by_text("住房外观", exact=True)).last
        retake = slot.get_by_text("重拍")
        expect(retake.or_(slot.get_by_text("相册")).first).to_be_visible(timeout=SECONDS)
        if not retake.is_visible():
            file, digest = self._shoots()
            with page.expect_file_chooser() as chooser:
                slot.get_by_text("相册").click()
            chooser.value.set_files(file)
            expect(retake).to_be_visible(timeout=SECONDS)
            self.photos.append(digest)
        phone.finishes()
        self.finished += 1

    def _shoots(self) -> tuple[Path, str]:
        """A photo small enough to be kept bit for bit, so that it is known by its digest."""
        file = self.folder / f"{len(self.photos)}-{self.dice.randrange(10**9)}.jpg"
        Image.effect_noise((400, 300), self.dice.randint(20, 90)).save(file, "JPEG", quality=60)
        return file, sha256(file.read_bytes()).hexdigest()


def _lives(process: psutil.Process) -> bool:
    """Tell whether it still runs; it may end, and be waited for, between two questions."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
