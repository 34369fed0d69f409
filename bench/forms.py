"""Large forms on a slow processor: `python -m bench.forms`. Chromium throttled six times, 60 and 500 questions.

Every figure is the middle one of several. The same gesture in an empty page stands beside it: on a shared machine only
the distance between the two says something. The processor's own time, taken without the throttle and times six, does
not depend on who else is there (`bench/processor.py`).
"""

import json
import tempfile
from pathlib import Path
from statistics import median

import brotli
from playwright.sync_api import CDPSession, Page, sync_playwright

from bench import processor, ruler
from bench.county import running_county
from bench.large_form import definition
from bench.phone import SLOWER, TIMES, TO_PAINT, TYPE, repeated
from fieldsvc.services import assignments, enrol, published, setup
from fieldsvc.xlsform.compile import digest_of
from tests.support.tools import chromium

SIZES = (60, 500)
FIRST = "姓名"


def heap(session: CDPSession) -> float:
    """Megabytes of JavaScript objects that are still needed."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def measure(page: Page, session: CDPSession, record: str, questions: int) -> None:
    """Open the form from the record several times, type into it, and begin from the app's cache."""
    title, opened = f"长表 {questions}", []
    for _ in range(TIMES):
        page.goto(record)
        entry = page.get_by_text(title).first
        entry.wait_for()
        opened.append(ruler.after_tap(entry, FIRST))
    print(f"{questions} questions open: {median(opened):.0f} ms")
    print(
        f"{questions} questions, keystroke to paint:",
        repeated(lambda: float(page.evaluate(f"({TO_PAINT})(({TYPE})())"))),
    )
    print(f"{questions} questions, JS heap: {heap(session):.1f} MB")
    print(
        f"{questions} questions, the app from its cache to the open form:",
        repeated(lambda: ruler.after_reload(page, FIRST)),
    )


def cost(page: Page, record: str, questions: int) -> None:
    """The same in the processor's own time, of the page and its worker."""
    entry = page.get_by_text(f"长表 {questions}").first

    def from_the_list() -> None:
        page.goto(record)
        entry.wait_for()
        page.wait_for_timeout(500)
        before.append(processor.spent())
        ruler.after_tap(entry, FIRST)
        page.wait_for_timeout(300)
        opened.append(processor.spent() - before[-1])

    before: list[float] = []
    opened: list[float] = []
    for _ in range(TIMES):
        from_the_list()
    keys = processor.of_gesture(page, lambda: page.evaluate(f"({TO_PAINT})(({TYPE})())"), TIMES)
    cold = processor.of_gesture(page, lambda: ruler.after_reload(page, FIRST), TIMES)
    for what, milliseconds in (("open", median(opened)), ("keystroke", keys), ("from the cache to the form", cold)):
        print(f"{questions} questions, {what}: {milliseconds:.0f} ms of the processor, x6 {6 * milliseconds:.0f} ms")


def main() -> None:
    """Measure and print, one line each."""
    forms = {questions: definition(questions) for questions in SIZES}
    for questions, form in forms.items():
        text = json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode()
        print(f"{questions} questions: definition {len(text):,} B, {len(brotli.compress(text)):,} B compressed")
    with running_county() as county, sync_playwright() as driver, tempfile.TemporaryDirectory() as profile:
        ctx = county.context()
        by = setup.console(ctx)
        for form in forms.values():
            published.publish_form(ctx, by, form, digest=digest_of(form))
        person = county.district.cadres[1]
        assignments.assign(ctx, by, person.id, subject_id=county.district.households[0].id)
        code = enrol.new_code(ctx, by, person.id)
        context = driver.chromium.launch_persistent_context(
            Path(profile), executable_path=chromium(), args=["--no-sandbox"], viewport={"width": 360, "height": 740},
            locale="zh-CN",
        )  # fmt: skip
        ruler.install(context)
        page = context.pages[0]
        page.set_default_timeout(60_000)
        page.goto(f"{county.server.url}/#/signin/{code}")
        page.get_by_text("跳过", exact=True).click()
        page.goto(f"{county.server.url}/#/upload")
        page.get_by_text("都已收到。", exact=True).wait_for()
        session = context.new_cdp_session(page)
        print(f"JS heap before any form: {heap(session):.1f} MB")
        record = f"{county.server.url}/#/h/{county.district.households[0].id}/forms"
        for questions in SIZES:
            cost(page, record, questions)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for questions in SIZES:
            measure(page, session, record, questions)
        page.goto("about:blank")
        page.set_content("<textarea></textarea>")
        print(
            "keystroke to paint in an empty page:", repeated(lambda: float(page.evaluate(f"({TO_PAINT})(({TYPE})())")))
        )
        context.close()


if __name__ == "__main__":
    main()
