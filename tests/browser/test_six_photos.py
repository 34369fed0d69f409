"""Six photos on a poor line: text and small pictures first, a cut costs a piece, a dead phone goes on where it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fieldsvc.store.tables import SubmissionRow
from tests.browser.hands import Desk, Phone
from tests.browser.six_photos import CAMERA, ON_2G, cuts, files_a_visit_with_six_photos, kept_on, photos, thumbnails
from tests.browser.small_county import found
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

TEXT = 12 * 1024  # the visit itself, and what HTTP puts around it and the small pictures
SEED = 259  # of where the line breaks: twice at once, and then after three pieces
SIGNAL = "dispatchEvent(new Event('online'))"  # what Android tells the app when the bars come back


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    server.kill()


@pytest.mark.parametrize(
    ("bytes_per_second", "round_trip"),
    [(200_000, 0.1), pytest.param(5_000, 3.0, marks=pytest.mark.proof)],
)
def test_the_office_sees_text_and_small_pictures_before_the_first_photo_and_a_cut_costs_one_piece(
    server: Server,
    open_browser: OpenBrowser,
    tmp_path: Path,
    bytes_per_second: int,
    round_trip: float,
) -> None:
    county = found(server.environment)
    server.start()
    with link_to(server.port) as link:
        phone = Phone(open_browser, tmp_path, link, "east")
        phone.browser.context.add_init_script(ON_2G)
        phone.browser.context.add_init_script(CAMERA)
        phone.opens(county.enrolment_link(phone.base, county.east))
        phone.loses_signal()
        files_a_visit_with_six_photos(phone)
        kept, thumbs = kept_on(phone)
        assert len(kept) == 6
        assert max(kept.values()) <= 100 * 1024
        assert max(thumbs.values()) <= 6 * 1024
        phone.page.goto(f"{phone.base}/#/upload")

        # The phone tries again by itself too: all that befalls its line is said before the line opens.
        link.slow(bytes_per_second=bytes_per_second, round_trip_seconds=round_trip)

        def finds_signal() -> None:
            link.resume()
            phone.page.evaluate(SIGNAL)

        # The road ends after fewer bytes than one photo has: text and all six small pictures are through.
        road = sum(thumbs.values()) + TEXT
        assert road < min(kept.values())
        link.forget_count()
        link.cut_after(up=road, for_good=True)
        finds_signal()
        phone.waits_until(lambda: link.count.stops == 1 and thumbnails(county) == 6, 120)
        assert photos(county, kept) == 0
        desk = Desk(open_browser(tmp_path / "office", viewport={"width": 1280, "height": 800}), server.url)
        desk.opens_visit_of("李东")
        expect(desk.page.locator("[aria-labelledby=photos] img")).to_have_count(6)

        # The phone dies in the middle of the second photo, while a piece of it is on the air.
        link.freeze_after(up=max(kept.values()) * 3 // 2)
        finds_signal()
        phone.waits_until(lambda: link.count.stops == 2 and photos(county, kept) == 1, 120)
        phone.dies()
        link.resume()
        phone.starts()
        phone.browser.context.add_init_script(ON_2G)
        phone.page.goto(f"{phone.base}/#/upload")

        # And one piece in ten is cut somewhere inside; each cut costs one piece.
        piece = min(max(kept.values()), max(64 * 1024, 12 * bytes_per_second))
        line = cuts(SEED, piece)
        while photos(county, kept) < 6:
            broken = link.count.stops
            link.cut_after(up=next(line))
            phone.page.evaluate(SIGNAL)
            phone.waits_until(lambda at=broken: link.count.stops > at or photos(county, kept) == 6, 300)
        link.heal()
        phone.page.evaluate(SIGNAL)
        expect(phone.page.locator("body")).to_contain_text("都已收到", timeout=60_000)
        assert link.count.stops >= 4
        assert link.count.up <= sum(kept.values()) + link.count.stops * (piece + TEXT) + road
    with county.ctx.db.read() as session:
        assert session.query(SubmissionRow).count() == 1
