"""A phone that cannot send: its sealed backup is carried to the office, and the phone hears of it later."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fieldsvc.store.tables import AttachmentRow, SubmissionRow
from tests.browser.hands import SECONDS, Desk, Phone, picture
from tests.browser.small_county import found
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    server.kill()


def test_a_visit_with_its_photo_reaches_the_office_in_a_file_nobody_else_can_read(
    server: Server, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    county = found(server.environment)
    server.start()
    with link_to(server.port) as link:
        phone = Phone(open_browser, tmp_path, link, "east")
        phone.opens(county.enrolment_link(phone.base, county.east))
        phone.loses_signal()
        phone.begins_visit()
        phone.records_evidence(picture(tmp_path / "house.jpg", "white"))
        phone.finishes()
        phone.page.goto(f"{phone.base}/#/upload")
        with phone.page.expect_download() as download:
            phone.button("导出备份").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.suffix == ".rescue"
        content = file.read_bytes()
        assert "程有福".encode() not in content
        assert b"photo_exterior" not in content

        desk = Desk(open_browser(tmp_path / "office", viewport={"width": 1024, "height": 768}), server.url)
        desk.page.goto(f"{server.url}/office/waiting")
        desk.page.get_by_role("link", name="导入手机备份").click()
        desk.page.locator("input[type=file]").set_input_files(file)
        desk.page.get_by_role("button", name="导入").click()
        expect(desk.page.locator("main")).to_contain_text("李东 的手机备份", timeout=SECONDS)
        expect(desk.page.locator("main")).to_contain_text("收到 1 条内容、1 张照片")
        desk.opens_visit_of("李东")

        # The author's phone finds a signal: the visit was received already, and is said to be.
        phone.finds_signal()
        phone.syncs()
        phone.tells(on_phone=0, received=1)
    with county.ctx.db.read() as session:
        [visit] = session.query(SubmissionRow)
        assert visit.author_id == county.east
        assert [row.state for row in session.query(AttachmentRow)] == ["present"]
