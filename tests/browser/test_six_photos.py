"""Six photos on a poor line: text and small pictures first, a cut costs a piece, a dead phone goes on where it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fieldsvc.store.tables import SubmissionRow
from tests.browser.hands import Desk, Phone
from tests.browser.six_photos import KEPT, ON_2G, files_a_visit_with_six_photos, photos, sends, thumbnails, waits_for
from tests.browser.small_county import found
from tests.support.browser import OpenBrowser
from tests.support.proxy import Link, link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PIECE = 64 * 1024


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    server.kill()


def cuts_the_tenth(link: Link, turn: int) -> None:
    """Break the link somewhere in the next pieces, at another place each time."""
    link.cut_after(up=30_000 + 41_000 * (turn % 5))


@pytest.mark.parametrize(
    ("bytes_per_second", "round_trip"),
    [(40_000, 0.3), pytest.param(5_000, 3.0, marks=pytest.mark.proof)],
)
def test_the_office_sees_text_and_small_pictures_before_the_first_photo_and_every_byte_once(
    server: Server,
    open_browser: OpenBrowser,
    tmp_path: Path,
    bytes_per_second: float,
    round_trip: float,
) -> None:
    county = found(server.environment)
    server.start()
    with link_to(server.port) as link:
        phone = Phone(open_browser, tmp_path, link, "east")
        phone.browser.context.add_init_script(ON_2G)
        phone.opens(county.enrolment_link(phone.base, county.east))
        phone.loses_signal()
        files_a_visit_with_six_photos(phone, tmp_path)
        kept = dict(phone.page.evaluate(KEPT))
        assert len(kept) == 6
        assert max(kept.values()) <= 100 * 1024

        # The road: text and all six small pictures are there before any photo, and cost less than one photo.
        phone.page.goto(f"{phone.base}/#/upload")
        link.heal()
        link.slow(bytes_per_second=bytes_per_second, round_trip_seconds=round_trip)
        link.forget_count()
        phone.button("立即同步").click()
        waits_for(phone, lambda: thumbnails(county) == 6, 120)
        assert photos(county, kept) == 0
        assert link.count.up <= 6 * 6 * 1024 + 12 * 1024 + PIECE
        desk = Desk(open_browser(tmp_path / "office", viewport={"width": 1280, "height": 800}), server.url)
        desk.opens_visit_of("李东")
        expect(desk.page.locator("main img")).to_have_count(6)

        # The phone dies in the middle of a photo; what it had sent of it is not sent again, but for one piece.
        waits_for(phone, lambda: photos(county, kept) >= 1, 120)
        phone.dies()
        before = link.forget_count().up
        phone.starts()
        phone.browser.context.add_init_script(ON_2G)
        sends(phone)

        # And the line breaks again and again; each cut costs a piece.
        turn = 0
        while photos(county, kept) < 6:
            cuts_the_tenth(link, turn)
            turn += 1
            assert turn < 60
            phone.button("立即同步").or_(phone.button("暂停")).first.wait_for()
            if phone.button("立即同步").is_visible():
                phone.button("立即同步").click()
            phone.page.wait_for_timeout(4_000)
        expect(phone.page.locator("body")).to_contain_text("都已收到", timeout=60_000)
        assert before + link.count.up <= sum(kept.values()) + 6 * 6 * 1024 + (turn + 2) * PIECE + 60_000
    with county.ctx.db.read() as session:
        assert session.query(SubmissionRow).count() == 1
