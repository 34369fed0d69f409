"""A real Chromium that keeps its profile from one start to the next, as a phone does, and that can be killed.

Where the phone has no signal, use a link of `tests.support.proxy`: the browser's own offline switch does not
reach what a service worker fetches.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psutil
import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright

from tests.support.tools import chromium

#: What Playwright leaves out of Chromium, whose switch this replaces, and the two pages that drop from an address bar:
#: they are drawn ready behind every window, which has none, and cost each start half a second of a core.
LEFT_OUT = [
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
]
# Nothing of the browser's own business: no look-ups of its maker's hosts, no updates, no first-run pages.
QUIET = [
    f"--disable-features={','.join(LEFT_OUT)}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
]
PATIENCE_MS = 20_000  # a machine that does other things too is not a failure; what is wrong stays wrong for longer
PHONE_SCREEN = {"width": 360, "height": 740}


@dataclass(slots=True)
class Browser:
    """One running Chromium with one profile: `page` is its first tab."""

    context: BrowserContext
    page: Page
    profile: Path

    def close(self) -> None:
        """End the browser in order, so that its profile is complete."""
        self.context.close()

    def processes(self) -> list[psutil.Process]:
        """The browser's own process, which ends all others with it; none once it is gone."""
        found = [one for one in self._family() if not any(w.startswith("--type=") for w in one.info["cmdline"])]
        # A helper that is just being started has its parent's words until it has its own.
        pids = {one.pid for one in found}
        return [one for one in found if one.info["ppid"] not in pids]

    def kill(self) -> None:
        """End the browser as a phone out of memory does: SIGKILL, nothing is told, nothing is flushed."""
        family = self._family()
        for process in self.processes():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        # Its helpers end when they notice: whoever opens the profile before finds a part of it in use.
        psutil.wait_procs(family, timeout=PATIENCE_MS / 1000)
        with suppress(Error):
            self.context.close()

    def _family(self) -> list[psutil.Process]:
        """Every process that works on this profile."""
        mine = f"--user-data-dir={self.profile}"
        return [one for one in psutil.process_iter(["cmdline", "ppid"]) if mine in (one.info["cmdline"] or [])]


class OpenBrowser(Protocol):
    """Starts a Chromium; the same `profile` again is the same phone."""

    def __call__(self, profile: Path | None = None, **options: Any) -> Browser: ...


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of all browsers of this run."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture
def open_browser(playwright: Playwright, tmp_path: Path) -> Iterator[OpenBrowser]:
    """Call it to get a `Browser` with a phone's screen; keywords go to Playwright's persistent context."""
    with browsers(playwright, tmp_path) as start:
        yield start


@contextmanager
def browsers(playwright: Playwright, folder: Path) -> Iterator[OpenBrowser]:
    """What `open_browser` gives, for fixtures that live longer than one test; all are closed at the end."""
    with ExitStack() as opened:
        yield opener(playwright, folder, opened.callback)


def opener(playwright: Playwright, folder: Path, at_end: Callable[..., Any]) -> OpenBrowser:
    """What starts browsers with profiles below `folder`, and has them closed `at_end`."""

    def start(profile: Path | None = None, **options: Any) -> Browser:
        program = chromium()
        assert program, "no Chromium on this machine: run make test, which installs one"
        profile = profile or folder / "profile"
        arguments = [*QUIET, *options.pop("args", [])]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium's sandbox refuses root
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            args=arguments,
            **{"viewport": PHONE_SCREEN, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options},
        )
        browser = Browser(context, context.pages[0], profile)
        at_end(_close_quietly, browser)
        return browser

    return start


def until(page: Page, condition: str) -> None:
    """Wait in the page until an async function says yes; `wait_for_function` takes its promise for the answer."""
    waiting = f"""async (patience) => {{
        for (const end = performance.now() + patience; !(await ({condition})()); ) {{
            if (performance.now() > end) throw new Error("never came true");
            await new Promise((go) => setTimeout(go, 50));
        }}
    }}"""
    page.evaluate(waiting, 3 * PATIENCE_MS)


def _close_quietly(browser: Browser) -> None:
    with suppress(Error):  # killed or closed by the test itself
        browser.context.close()
