"""Makes the pictures of the README and the pages from the running demo: `python docs/make_screenshots.py`.

The demo's people do not exist, so its screens may be shown.
"""

import sys
import tempfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fieldsvc.config import Settings
from fieldsvc.demo.load import load
from fieldsvc.services.context import open_context
from fieldsvc.store.migrate import upgrade
from tests.support.browser import QUIET
from tests.support.server import Server
from tests.support.tools import chromium

HERE = Path(__file__).resolve().parent / "pictures"
PASSWORDS = {"cadre": "cadre-secret", "town": "town-secret", "county": "county-secret"}


def save(page: Page, name: str) -> None:
    """Keep what the page shows as a small WebP."""
    with Image.open(BytesIO(page.screenshot())) as picture:
        picture.save(HERE / f"{name}.webp", quality=72, method=6)


def phone(browser: Browser, server: Server) -> None:
    """The phone app: the list, a household, its form."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.goto(server.url)
    page.get_by_text("密码", exact=True).first.click()
    page.get_by_label("工号").fill("cadre")
    page.get_by_label("密码", exact=True).last.fill(PASSWORDS["cadre"])
    page.get_by_role("button", name="登录").last.click()
    page.get_by_role("button", name="跳过").click(timeout=60_000)
    page.get_by_text("12 / 2").first.wait_for(timeout=60_000)
    save(page, "phone-households")
    page.locator("main a[href*='#/h/'], main [role=listitem] a").first.click()
    page.get_by_role("button", name="开始走访").wait_for()
    save(page, "phone-record")
    page.get_by_role("button", name="开始走访").click()
    page.get_by_text("走访方式").wait_for()
    save(page, "phone-form")
    context.close()


def office(browser: Browser, server: Server) -> None:
    """The office: what waits, one visit, one conflict."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.url}/office")
    page.get_by_label("工号或手机号").fill("town")
    page.get_by_label("密码").fill(PASSWORDS["town"])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/office/**")
    save(page, "office-home")
    page.goto(f"{server.url}/office/visits")
    save(page, "office-visits")
    page.goto(f"{server.url}/office/conflicts")
    page.locator("main a[href*='/office/conflicts/']").first.click()
    save(page, "office-conflict")
    context.close()


def main() -> None:
    """Make the demo in a temporary folder, open it, take the pictures."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name) / "data"
        ctx = open_context(Settings(mode="test", data_folder=folder))
        upgrade(ctx.settings.database_url)
        load(ctx, datetime.now(ZoneInfo("Asia/Shanghai")), PASSWORDS)
        ctx.db.dispose()
        server = Server(folder)
        server.start()
        browser = driver.chromium.launch(executable_path=chromium(), args=[*QUIET, "--no-sandbox"])
        try:
            phone(browser, server)
            office(browser, server)
        finally:
            browser.close()
            server.kill()


if __name__ == "__main__":
    main()
