"""What a hundred reviews ask of a person: `python -m bench.reviews`. A supervisor approves by keyboard, in Chromium.

Reading takes as long as it takes and is nobody's to measure here. What is measured is everything else: the keys, and
the time in which the program lets its reader wait.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import func, select

from bench.county import County, running_county
from fieldsvc.store.tables import ConflictRow, SubmissionRow
from tests.browser.hands import Desk
from tests.support.browser import browsers

REVIEWS = 100
KEYS = ("a", "Enter")


def main() -> None:
    """Approve a hundred visits one after the other; print a line for each figure."""
    with running_county() as county, tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        with browsers(driver, Path(folder)) as start:
            screen = {"width": 1024, "height": 768}
            desk = Desk(start(viewport=screen), county.server.url, "town", "town-secret")
            page = desk.page
            page.goto(f"{desk.base}/office/review?queue=all")
            desk.opens_first_by_keyboard()
            expect(page.get_by_role("button", name="通过")).to_be_visible()
            began = time.monotonic()
            for _ in range(REVIEWS):
                _approves(page)
            minutes = (time.monotonic() - began) / 60
        print(f"{REVIEWS} reviews: {minutes:.1f} minutes beside the reading, {len(KEYS)} keys each")
        _left_to_a_person(county)


def _approves(page: Page) -> None:
    here = page.url
    for key in KEYS:
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url != here)
    expect(page.get_by_role("button", name="通过")).to_be_visible()


def _left_to_a_person(county: County) -> None:
    """How many decisions the demo's visits ask for, all of them and by exception."""
    ctx = county.context()
    with ctx.db.read() as session:
        visits = session.scalars(select(func.count()).select_from(SubmissionRow)).one()
        hard = session.scalars(select(func.count(ConflictRow.id)).where(ConflictRow.severity == "hard")).one()
    share = ctx.settings.review_share_percent * 10
    print(
        f"of 1,000 visits: {1000 * hard / visits:.1f} values to decide; {share} drawn by lot, beside those with a flag"
    )
    ctx.db.dispose()


if __name__ == "__main__":
    main()
