"""Where the phone's screens are shown without a server behind them: a static server and pages over the fake app.

The screens run exactly as shipped, under the strict content security policy; only the facade behind them is invented
(`fake_app.js`), so that every state, the rare ones too, is one address away.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "fieldsvc" / "static"
AXE = HERE.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)  # 14:05 in the county


class _Stage(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        path = path.split("?")[0].split("#")[0]
        for prefix, root in (("/static/", STATIC), ("/browser/", HERE)):
            if path.startswith(prefix):
                return str(root / path.removeprefix(prefix))
        return str(HERE / "screens.html")

    def log_message(self, *_: Any) -> None:
        """Say nothing: a screen test asks for a hundred files."""


@contextmanager
def static_server() -> Iterator[str]:
    """The address of a server that hands out the screens and the fake app."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Stage))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def phone(browser: Browser, width: int = 360, height: int = 740) -> BrowserContext:
    """A small Android phone in the county, with the clock stopped on an afternoon in November."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        timezone_id="Asia/Shanghai",
        locale="zh-CN",
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    context.clock.set_fixed_time(NOW)
    return context


@dataclass(slots=True)
class Stage:
    """One tab of the phone, and what a reader of a screen would measure on it."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def show(self, path: str = "/", **state: Any) -> None:
        """Open one screen with the fake app bent as given, and wait until it has its rows."""
        # A fresh document each time: an address that differs only after "#" would keep the old app.
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/?state={quote(json.dumps(state))}#{path}")
        self.page.locator("#app > *").first.wait_for()
        # Locators, not predicates: the policy under test forbids the evaluation of strings.
        language = state.get("settings", {}).get("language", "zh")
        self.page.locator(f"html[lang|={language}]").wait_for(state="attached")
        if not state.get("never"):
            self.page.locator(".loading").wait_for(state="detached")

    def press(self, name: str) -> None:
        """Press the button or link of this name."""
        self.page.locator("button, a, [role=radio], [role=checkbox]").filter(has_text=name).first.click()

    def calls(self, name: str) -> list[list[Any]]:
        """What the screens asked of the app under this name, in order."""
        return [call for call in self.page.evaluate("fake.calls") if call[0] == name]

    def bend(self, **state: Any) -> None:
        """Change the app's state under the open screen."""
        self.page.evaluate("state => fake.change(state)", state)
