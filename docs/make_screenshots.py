"""Makes the pictures of the README and the pages, by hand: `.venv/bin/python docs/make_screenshots.py`.

The people of the demo district do not exist, so its screens may be shown to anybody. One visit is made on the phone
while it has no signal, because that is what the pictures are about.
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from fieldsvc.demo.pictures import draw_all  # noqa: E402 - the script runs without being installed
from tests.support.browser import QUIET  # noqa: E402
from tests.support.ports import free_port  # noqa: E402
from tests.support.tools import chromium  # noqa: E402

OUT = HERE / "screenshots"
BIGGEST_PICTURE = 60_000
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
OLD_DESK: ViewportSize = {"width": 1024, "height": 768}
TALL_DESK: ViewportSize = {"width": 1024, "height": 930}
START_SECONDS = 180
#: Pages of the office that only have to be opened, and the names of their pictures.
MORE_OF_THE_OFFICE = {
    "review": "review",
    "conflicts": "conflicts",
    "boards/renovation": "board",
    "boards/problems": "problems",
    "ledgers": "ledgers",
    "ledgers/visits": "ledger",
    "reports": "reports",
    "reports/2026-10": "report",
    "households": "households",
    "coverage/unvisited": "unvisited",
    "exports": "exports",
}
#: The same for who administers the county: what needs that right, and what looks at several towns.
OF_THE_COUNTY = {
    "campaigns": "campaigns",
    "imports": "imports",
    "comparisons": "comparisons",
    "admin": "admin",
    "people": "people",
    "devices": "phones",
    "assignments": "assignments",
    "log": "log",
    "forms": "forms",
}
# Far from the house the form asks why, as it should.
POSITION_OF_THE_HOUSE = """async () => {
  const names = (await indexedDB.databases()).map((each) => each.name);
  const opening = indexedDB.open(names.find((name) => name.startsWith("fieldsvc-")));
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const asked = opening.result.transaction("entities").objectStore("entities").get(location.hash.split("/")[2]);
  await new Promise((resolve) => (asked.onsuccess = resolve));
  opening.result.close();
  return asked.result.properties.home_gps;
}"""


@contextmanager
def running_demo(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The demo district of `fieldsvc demo` on this machine: its address, and the three passwords."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "fieldsvc", "demo", "--folder", str(folder), "--port", str(port)]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.DEVNULL) as demo:
        try:
            _wait_for(f"{url}/healthz", demo)
            yield url, json.loads((folder / "demo" / "sign-ins.json").read_text())
        finally:
            demo.send_signal(signal.SIGTERM)


def _wait_for(address: str, demo: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while demo.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own, on this machine
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The demo did not start.")


def keep(page: Page, name: str) -> None:
    """Write what the page shows as a WebP that a slow link can bear."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    with Image.open(BytesIO(page.screenshot(animations="disabled"))) as picture:
        for quality in range(80, 20, -10):
            written = BytesIO()
            picture.save(written, "WEBP", quality=quality, method=6)
            if written.tell() <= BIGGEST_PICTURE:
                break
    (OUT / f"{name}.webp").write_bytes(written.getvalue())
    print(f"{name}.webp {written.tell()} bytes")


def phone(browser: Browser, url: str, password: str) -> None:
    """A cadre's phone: households, a record, a visit without a signal, what waits, what came back."""
    context = browser.new_context(
        viewport=PHONE,
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto(url)
    page.get_by_text("密码", exact=True).first.click()
    page.get_by_label("工号").fill("cadre")
    page.get_by_label("密码", exact=True).last.fill(password)
    page.get_by_role("button", name="登录").last.click()
    page.get_by_role("button", name="跳过").click(timeout=60_000)
    page.locator("main .row").first.wait_for(timeout=60_000)
    page.get_by_text(re.compile("已收到|刚刚同步")).first.wait_for()
    keep(page, "phone-households")
    page.goto(f"{url}/#/decisions")
    page.get_by_role("button", name="修改后重交").first.wait_for()
    keep(page, "phone-decisions")
    page.goto(f"{url}/#/")
    page.get_by_role("button", name="未走访").click()
    page.locator("main a.row").filter(has_not_text="练习户").first.click()
    page.get_by_role("button", name="开始走访").wait_for()
    keep(page, "phone-record")

    latitude, longitude, *_ = page.evaluate(POSITION_OF_THE_HOUSE).split()
    context.set_geolocation({"latitude": float(latitude), "longitude": float(longitude), "accuracy": 9})
    context.set_offline(True)
    page.get_by_role("button", name="开始走访").click()
    page.get_by_text("照片和定位").click()
    page.locator(".form-body").evaluate("box => box.scrollTo(0, 0)")
    keep(page, "phone-form")
    page.get_by_role("button", name="下一步").click()
    house = next(picture for picture in draw_all() if picture.name.startswith("house"))
    slot = page.locator(".question, fieldset").filter(has=page.get_by_text("住房外观", exact=True)).last
    with page.expect_file_chooser() as chooser:
        slot.get_by_text("相册").click()
    chooser.value.set_files({"name": "house.jpg", "mimeType": "image/jpeg", "buffer": house.jpeg})
    slot.get_by_text("重拍").wait_for()
    page.get_by_role("button", name="取定位").click()
    page.get_by_text("精度").first.wait_for()
    slot.evaluate("question => question.scrollIntoView()")
    keep(page, "phone-evidence")
    page.get_by_role("button", name="检查").click()
    page.get_by_role("button", name="完成").click()
    page.get_by_text("本机 1").wait_for()
    page.get_by_role("button", name="关闭").click()
    page.goto(f"{url}/#/upload")
    page.locator("main .row").first.wait_for()
    keep(page, "phone-outbox")
    context.close()


def office(browser: Browser, url: str, password: str) -> None:
    """A town's supervisor: what waits, a visit with its photos, two values for one line, who was visited."""
    context = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{url}/office/")
    page.get_by_label("工号或手机号").fill("town")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="审核").first.wait_for()
    keep(page, "office-home")
    page.goto(f"{url}/office/visits?state=waiting")
    page.locator("tbody tr").filter(has=page.get_by_text("照片")).first.get_by_role("link").first.click()
    page.get_by_role("button", name="通过").wait_for()
    page.locator("main img").first.scroll_into_view_if_needed()
    page.locator("main img").first.evaluate("image => image.decode()")
    keep(page, "office-visit")
    page.goto(f"{url}/office/conflicts")
    page.locator("main").get_by_role("link", name=re.compile("房屋等级|住房")).first.click()
    page.locator("textarea[name=reason]").wait_for()
    keep(page, "office-conflict")
    page.goto(f"{url}/office/coverage")
    keep(page, "office-coverage")
    for address, name in MORE_OF_THE_OFFICE.items():
        page.goto(f"{url}/office/{address}")
        keep(page, f"office-{name}")
    page.goto(f"{url}/office/visits?state=approved")
    page.locator("main tbody a").first.click()
    page.locator("main a[href*='/office/households/']").first.click()
    page.get_by_role("heading", level=1).wait_for()
    keep(page, "office-household")
    page.goto(f"{page.url.split('#')[0]}/archive")
    keep(page, "office-archive")
    context.close()


def county(browser: Browser, url: str, password: str) -> None:
    """The county's administrator: the map, campaigns, lists beside the register, administration."""
    context = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{url}/office/")
    page.get_by_label("工号或手机号").fill("county")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.goto(f"{url}/office/map")
    page.locator(".leaflet-container").wait_for()
    keep(page, "office-map")
    for address, name in OF_THE_COUNTY.items():
        page.goto(f"{url}/office/{address}")
        keep(page, f"office-{name}")
    for shelf, link, name in (
        ("campaigns", "危房“回头看”", "campaign"),
        ("comparisons", re.compile("县教育局"), "comparison"),
        ("imports", "在校学生名册.csv", "import"),
    ):
        page.goto(f"{url}/office/{shelf}")
        page.locator("main").get_by_role("link", name=link).first.click()
        page.get_by_role("heading", level=1).wait_for()
        keep(page, f"office-{name}")
    context.close()


def forms(browser: Browser, url: str, password: str) -> None:
    """A county's clerk with the first form of docs/forms.md: its mistakes, what it would change, how it looks."""
    context = browser.new_context(viewport=OLD_DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{url}/office/")
    page.get_by_label("工号或手机号").fill("county")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    first = re.findall(r"^```xlsform\n(.*?)^```", (HERE / "forms.md").read_text(encoding="utf-8"), re.M | re.S)[0]
    clan = "| | text | clan_name | 宗族 | Clan | | | | | | clan_name | |\n\n| choices |"
    later = (
        first.replace("2026112501", "2026112502").replace("\n| choices |", clan, 1).replace("没有领的", "还没有领的")
    )
    mistaken = (
        first.replace("'no' | . > 0", "'no | . > 0")
        .replace("yn | insured", "ny | insured")
        .replace("| text | why", "| txt | why")
    )
    upload(page, url, mistaken)
    keep(page, "office-form-mistakes")
    upload(page, url, first)
    page.get_by_role("button", name="发布").click()
    upload(page, url, later)
    page.get_by_label("工号或手机号").fill("cadre")
    page.get_by_role("button", name="添加试用人").click()
    page.locator(".notice").wait_for(state="detached")
    page.goto(page.url.split("#")[0])
    keep(page, "office-form-draft")
    page.set_viewport_size(TALL_DESK)
    page.get_by_role("link", name="在手机画面里预览").click()
    page.frame_locator("iframe").get_by_text("养老金").first.wait_for()
    keep(page, "office-form-preview")
    context.close()


def upload(page: Page, url: str, table: str) -> None:
    """Choose a file and send it."""
    page.goto(f"{url}/office/forms")
    page.set_input_files("#file", {"name": "养老金核对.md", "mimeType": "text/markdown", "buffer": table.encode()})
    page.get_by_role("button", name="检查并存为草稿").click()
    page.locator(".notice").first.wait_for()


def main() -> None:
    """Start the demo in a folder of its own, take the pictures, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default=chromium(), help="the browser to use")
    parser.add_argument("--only", choices=["phone", "office", "county", "forms"], help="some of the pictures")
    parser.add_argument("--folder", type=Path, help="where the demo's data are kept for the next time")
    chosen = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(chosen.folder or Path(folder)) as (url, passwords),
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=chosen.chromium, args=[*QUIET, "--no-sandbox"]) as browser,
    ):
        if chosen.only in (None, "phone"):
            phone(browser, url, passwords["cadre"])
        if chosen.only in (None, "office"):
            office(browser, url, passwords["town"])
        if chosen.only in (None, "county"):
            county(browser, url, passwords["county"])
        if chosen.only in (None, "forms"):
            forms(browser, url, passwords["county"])


if __name__ == "__main__":
    main()
