"""The phone app on a slow processor: `python -m bench.phone`. Chromium throttled six times, 300 households.

Every figure is the middle one of several, beside the same gesture in an empty page of the same browser: on a shared
machine only the distance between the two says something.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from bench import ruler
from bench.county import running_county
from fieldsvc.services import assignments, enrol, setup
from tests.support.tools import chromium

HOUSEHOLDS = 300
SLOWER = 6
TIMES = 5

# From the event to the second frame after it: when what it changed can be seen.
TO_PAINT = """(act) => new Promise((done) => {
  const from = performance.now();
  act();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
})"""
TYPE = """() => { const field = document.querySelector("textarea, input[type=text], input:not([type])");
  const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set;
  const event = () => new InputEvent("input", { bubbles: true });
  return () => { set.call(field, field.value + "好"); field.dispatchEvent(event()); }; }"""
SCROLL = """async () => { const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)));
  observer.observe({ type: "longtask" });
  for (let at = 0; at < 40; at += 1) { window.scrollBy(0, 400); await new Promise((f) => requestAnimationFrame(f)); }
  await new Promise((f) => setTimeout(f, 500));
  return Math.round(Math.max(0, ...tasks)); }"""


def repeated(measure: Callable[[], float]) -> str:
    """The middle of several measurements, in milliseconds."""
    return f"{median(measure() for _ in range(TIMES)):.0f} ms"


def main() -> None:
    """Measure and print, one line each."""
    with running_county() as county, sync_playwright() as driver, tempfile.TemporaryDirectory() as profile:
        ctx = county.context()
        by = setup.console(ctx)
        person = county.district.cadres[1]
        for household in county.district.households[:HOUSEHOLDS]:
            assignments.assign(ctx, by, person.id, subject_id=household.id)
        code = enrol.new_code(ctx, by, person.id)
        context = driver.chromium.launch_persistent_context(
            Path(profile), executable_path=chromium(), args=["--no-sandbox"], viewport={"width": 360, "height": 740},
            locale="zh-CN",
        )  # fmt: skip
        ruler.install(context)
        page = context.pages[0]
        page.set_default_timeout(120_000)
        page.goto(f"{county.server.url}/#/signin/{code}")
        page.get_by_text("跳过", exact=True).click()
        page.goto(f"{county.server.url}/#/upload")
        page.get_by_text("都已收到。", exact=True).wait_for()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

        page.goto(f"{county.server.url}/#/")
        page.get_by_text("全部", exact=True).wait_for()
        print(f"scrolling {HOUSEHOLDS} households: longest task {page.evaluate(SCROLL)} ms")
        print("app from its cache to the list:", repeated(lambda: ruler.after_reload(page, "全部")))

        page.locator("main a[href^='#/h/'], main button").last.click()
        page.get_by_text("开始走访", exact=True).wait_for()
        record = page.url
        opened = []
        for _ in range(TIMES):
            page.goto(record)
            begin = page.get_by_text("开始走访", exact=True).or_(page.get_by_text("继续填写", exact=True)).first
            begin.wait_for()
            opened.append(ruler.after_tap(begin, "走访方式"))
        print(f"the visit form opens: {median(opened):.0f} ms")
        page.get_by_text("帮扶日志", exact=True).click()
        page.get_by_text("下一步", exact=True).click()
        page.locator("textarea").first.wait_for()
        print("keystroke to paint:", repeated(lambda: float(page.evaluate(f"({TO_PAINT})(({TYPE})())"))))

        page.goto("about:blank")
        page.set_content("<textarea></textarea>")
        print(
            "keystroke to paint in an empty page:", repeated(lambda: float(page.evaluate(f"({TO_PAINT})(({TYPE})())")))
        )
        context.close()


if __name__ == "__main__":
    main()
