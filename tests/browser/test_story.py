"""The main job, whole: two phones without a network, one office, real browsers, a real server, links that break."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fieldsvc.store.tables import AttachmentRow, EntityRow, OperationRow, SubmissionRow
from tests.browser.hands import SECONDS, Desk, Phone, picture, presses_sync
from tests.browser.small_county import SmallCounty, found
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Gunicorn on an empty folder; the story founds its county before the start."""
    server = Server(tmp_path / "server")
    yield server
    server.kill()


def test_a_visit_made_offline_meets_anothers_edit_is_decided_and_reaches_both_phones(
    server: Server, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    county = found(server.environment)
    server.start()
    with link_to(server.port) as east_link, link_to(server.port) as west_link:
        east = Phone(open_browser, tmp_path, east_link, "east")
        west = Phone(open_browser, tmp_path, west_link, "west")
        for phone, cadre in ((east, county.east), (west, county.west)):
            phone.opens(county.enrolment_link(phone.base, cadre))
            phone.loses_signal()

        # Both correct the same line, and each one the other does not touch.
        east.corrects("联系电话", "13911110001")
        east.corrects("自然村/村民小组", "下岭组")
        west.corrects("联系电话", "13922220002")
        west.corrects("住址", "岩寺村新区 3 号")

        # East is in the middle of a visit when the phone dies. The draft is there when it comes back, offline.
        east.begins_visit()
        east.records_evidence(picture(tmp_path / "east.jpg", "white"))
        east.dies()
        east.starts_again()
        east.goes_to_household()
        east.button("继续填写").click()
        expect(east.page.get_by_text("精度 12 米")).to_be_visible(timeout=SECONDS)
        expect(east.page.get_by_text("重拍")).to_be_visible()
        east.finishes()
        west.begins_visit()
        west.records_evidence(picture(tmp_path / "west.jpg", "grey"))
        west.finishes()
        for phone in (east, west):
            phone.tells(on_phone=3, received=0)

        # East comes to the road; the link breaks in the middle of the photo.
        east_link.cut_after(up=60_000)
        east_link.resume()
        east.page.goto(f"{east.base}/#/upload")
        presses_sync(east.page)
        expect(east.page.locator("body")).to_contain_text("已收到 3", timeout=SECONDS)
        east.waits_until(lambda: east_link.count.stops == 1)
        east.finds_signal()
        east.syncs()
        west.finds_signal()
        west.syncs()
        for phone in (east, west):
            phone.tells(on_phone=0, received=3)

        # What did not overlap is merged; the telephone number waits for a person.
        assert record(county) == ("13911110001", "下岭组", "岩寺村新区 3 号")
        west.goes_to_household()
        expect(west.line("联系电话")).to_contain_text("待审定")

        desk = Desk(open_browser(tmp_path / "office", viewport={"width": 1280, "height": 800}), server.url)
        desk.decides_conflict("13922220002", "入户核对过，以新号码为准")
        for phone in (east, west):
            phone.syncs()
            phone.goes_to_household()
            expect(phone.line("联系电话")).to_contain_text("13922220002")
            phone.page.goto(f"{phone.base}/#/decisions")
            expect(phone.page.locator("main")).to_contain_text("入户核对过，以新号码为准")

        # The office sees East's photo and asks for more; East amends without a network.
        desk.opens_visit_of("李东")
        expect(desk.page.locator("main img").first).to_be_visible()
        desk.returns_it("请补充满意度")
        east.syncs()
        east.loses_signal()
        east.page.goto(f"{east.base}/#/decisions")
        expect(east.page.locator("main")).to_contain_text("请补充满意度")
        east.button("修改后重交").click()
        east.page.get_by_text("基本满意", exact=True).click()
        east.button("下一步").click()
        east.finishes()
        east.finds_signal()
        east.syncs()
        desk.opens_visit_of("李东")
        desk.approves_it()
        east.syncs()
        east.goes_to_household()
        expect(east.page.locator("main")).to_contain_text("已通过")

        # Nothing is sent twice, nothing is lost: counted on both sides.
        east.tells(on_phone=0, received=4)
        west.tells(on_phone=0, received=3)
    with county.ctx.db.read() as session:
        assert session.query(OperationRow).count() == 7
        visits = session.query(SubmissionRow).order_by(SubmissionRow.received_at).all()
        assert [visit.author_id for visit in visits] == [county.east, county.west, county.east]
        assert visits[2].replaces_id == visits[0].id
        assert (visits[2].review_state, visits[2].answers["visit"]["satisfied"]) == ("approved", "mostly")
        assert {row.state for row in session.query(AttachmentRow)} == {"present"}
        assert session.query(AttachmentRow.sha256).distinct().count() == 2


def record(county: SmallCounty) -> tuple[str | None, ...]:
    """The lines of the family's record this story is about, as the server has them."""
    with county.ctx.db.read() as session:
        properties = session.get_one(EntityRow, (county.console.feed_id, county.home)).properties
    return tuple(properties[name] for name in ("phone", "hamlet", "address"))
