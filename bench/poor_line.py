"""A visit with six photos on a poor line: `python -m bench.poor_line`. 40 kbit/s, three seconds there and back.

Real Chromium, real server, a proxy in between that delays and throttles. The line's own limit for the same bytes stands
beside the time, because no app is faster than the line.
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.hands import Phone, presses_sync
from tests.browser.six_photos import CAMERA, ON_2G, files_a_visit_with_six_photos, kept_on, photos, thumbnails
from tests.browser.small_county import found
from tests.support.browser import opener
from tests.support.proxy import link_to
from tests.support.server import Server

BYTES_PER_SECOND = 5_000
ROUND_TRIP_SECONDS = 3.0


def main() -> None:
    """Measure and print, one line each."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = Server(Path(folder) / "server")
        stack.callback(server.kill)
        county = found(server.environment)
        server.start()
        link = stack.enter_context(link_to(server.port))
        phone = Phone(opener(driver, Path(folder), stack.callback), Path(folder), link, "east")
        phone.browser.context.add_init_script(ON_2G)
        phone.browser.context.add_init_script(CAMERA)
        phone.opens(county.enrolment_link(phone.base, county.east))
        phone.loses_signal()
        files_a_visit_with_six_photos(phone)
        kept, _ = kept_on(phone)
        phone.page.goto(f"{phone.base}/#/upload")
        link.heal()
        link.slow(bytes_per_second=BYTES_PER_SECOND, round_trip_seconds=ROUND_TRIP_SECONDS)
        link.forget_count()
        started = time.monotonic()
        presses_sync(phone.page)
        phone.waits_until(lambda: thumbnails(county) == 6, 300)
        _say("text and six small pictures", started, link.count.up)
        phone.waits_until(lambda: photos(county, kept) == 6, 900)
        _say("all six photos", started, link.count.up)


def _say(what: str, started: float, sent: int) -> None:
    took = time.monotonic() - started
    print(f"{what:30} {took:6.1f} s   {sent:8,} B   the line alone {sent / BYTES_PER_SECOND:6.1f} s")


if __name__ == "__main__":
    main()
