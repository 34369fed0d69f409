"""The first open on a poor line: `python -m bench.first_open`. An empty phone, 40 kbit/s, three seconds there and back.

Real Chromium, real server, a proxy in between that delays and throttles; all shipped forms and kinds of records, one
household. HTTP/1.1 and no TLS. The bytes stand beside each moment: the line alone needs that long for them.
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.poor_line import BYTES_PER_SECOND, ROUND_TRIP_SECONDS
from tests.browser.small_county import found
from tests.support.browser import OpenBrowser, opener
from tests.support.proxy import Link, link_to
from tests.support.server import Server
from tests.web.definitions import UNTIL_HERE


def main() -> None:
    """Measure and print, one line each."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = Server(Path(folder) / "server")
        stack.callback(server.kill)
        county = found(server.environment)
        server.start()
        open_browser = opener(driver, Path(folder), stack.callback)
        # What is sent to every phone is compressed for the first one, which waits for that.
        _opened(open_browser, Path(folder) / "first", county.enrolment_link(server.url, county.west)).evaluate(
            UNTIL_HERE, 2
        )
        link = stack.enter_context(link_to(server.port))
        link.slow(bytes_per_second=BYTES_PER_SECOND, round_trip_seconds=ROUND_TRIP_SECONDS)
        address = county.enrolment_link(f"http://127.0.0.1:{link.port}", county.east)
        started = time.monotonic()
        page = _opened(open_browser, Path(folder) / "phone", address)
        page.get_by_text("第一次打开").first.wait_for()
        _say("something to see", started, link)
        page.get_by_text("跳过", exact=True).wait_for()
        _say("the app, signed in", started, link)
        page.evaluate(UNTIL_HERE, 1)
        _say("a visit can be filled in", started, link)
        page.evaluate(UNTIL_HERE, 2)
        _say("every form and record", started, link)


def _opened(open_browser: OpenBrowser, profile: Path, address: str) -> Page:
    page = open_browser(profile).page
    page.set_default_timeout(300_000)
    page.goto(address, wait_until="commit")
    return page


def _say(what: str, started: float, link: Link) -> None:
    took, came = time.monotonic() - started, link.count.down
    print(f"{what:26} {took:5.1f} s   {came:8,} B   the line alone {came / BYTES_PER_SECOND:5.1f} s", flush=True)


if __name__ == "__main__":
    main()
