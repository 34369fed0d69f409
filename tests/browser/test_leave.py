"""Leave in a county that has turned it on: asked for without a signal, granted at a desk, reported back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from fieldsvc.services.staff import own_file
from fieldsvc.store.tables import EntityRow
from tests.browser.hands import SECONDS, Desk, Phone
from tests.browser.small_county import found
from tests.forms.filled import ALL_ON
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REASON = "回家办婚事"


def files(phone: Phone, *, reason: str = "") -> None:
    """Fill in the form under 我的: ask for leave from today on, or report back from the one there is."""
    page = phone.page
    page.goto(f"{phone.base}/#/me")
    phone.button("请假和销假").click()
    if reason:
        today = page.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")
        for label in ("离开日期", "返回期限"):
            page.get_by_label(label).fill(today)
        page.get_by_label("事由").fill(reason)
    phone.button("检查").or_(phone.button("完成")).first.click()
    expect(page.get_by_role("heading", name="请销假")).to_be_visible(timeout=SECONDS)


def test_leave_is_filed_under_my_name_and_granted_at_a_desk(open_browser: OpenBrowser, tmp_path: Path) -> None:
    (tmp_path / "county.toml").write_text(ALL_ON, encoding="utf-8")
    server = Server(tmp_path / "server", processes_file=tmp_path / "county.toml")
    county = found(server.environment)
    server.start()
    try:
        with link_to(server.port) as link:
            own_file.open_for(county.ctx, county.console, county.east)
            east = Phone(open_browser, tmp_path, link, "east")
            east.opens(county.enrolment_link(east.base, county.east))
            page = east.page
            page.goto(f"{east.base}/#/")
            expect(page.get_by_role("heading", level=1)).to_have_text("本月 0 / 1 户")
            page.goto(f"{east.base}/#/me")
            expect(east.button("请假和销假")).to_be_visible(timeout=SECONDS)

            east.loses_signal()
            files(east, reason=REASON)
            row = page.locator("main.me .member")
            expect(row).to_contain_text("申请")
            east.finds_signal()
            east.syncs()

            desk = Desk(open_browser(tmp_path / "office", viewport={"width": 1024, "height": 768}), server.url)
            desk.page.goto(f"{server.url}/office/deadlines")
            desk.page.get_by_role("link", name="李东").first.click()
            expect(desk.page.locator("main")).to_contain_text(REASON)
            desk.page.get_by_role("link", name="办理：批准").click()
            desk.page.get_by_role("button", name="确认办理").click()
            expect(desk.page.get_by_role("link", name="办理：已销假")).to_be_visible()

            east.syncs()
            page.goto(f"{east.base}/#/me")
            expect(row).to_contain_text("批准", timeout=SECONDS)
            files(east)
            expect(row).to_contain_text("已销假")
            east.syncs()
            with county.ctx.db.read() as session:
                [kept] = session.scalars(select(EntityRow).where(EntityRow.dataset == "leaves")).all()
            assert kept.subject_id == county.east
            assert {name: kept.properties.get(name) for name in ("person", "stage", "reason", "answer")} == {
                "person": "李东",
                "stage": "back",
                "reason": REASON,
                "answer": None,
            }
            assert kept.properties["from_on"] == kept.properties["until_on"]
            assert all(kept.properties.get(name) for name in ("asked_on", "granted_on", "back_on"))
    finally:
        server.kill()
