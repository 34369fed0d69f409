"""A family that no list has: registered and visited where there is no signal, and read in the office afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from fieldsvc.store.tables import EntityRow, OperationRow
from tests.browser.hands import SECONDS, Desk, Phone
from tests.browser.small_county import found
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HEAD = "赵满仓"


def answers(phone: Phone, head: str) -> None:
    """Fill in the form for a family of one, and finish it."""
    page = phone.page
    expect(page.get_by_role("radio", name="岩寺村")).to_be_checked()
    page.get_by_text("漏评", exact=True).click()
    phone.button("下一步").click()
    phone.button("添加家庭成员").click()
    page.get_by_role("textbox", name="姓名").fill(head)
    expect(page.locator('[data-ref="/data/people[1]/relation"]')).to_contain_text("户主")
    page.get_by_text("男", exact=True).click()
    page.get_by_label("出生日期").fill("1960-02-03")
    phone.sees_it_kept()


def test_a_family_is_found_registered_and_visited_without_a_signal(open_browser: OpenBrowser, tmp_path: Path) -> None:
    server = Server(tmp_path / "server")
    county = found(server.environment)
    server.start()
    try:
        with link_to(server.port) as link:
            east = Phone(open_browser, tmp_path, link, "east")
            east.opens(county.enrolment_link(east.base, county.east))
            page = east.page
            page.goto(f"{east.base}/#/")
            expect(east.button("登记新户")).to_be_visible(timeout=SECONDS)

            east.loses_signal()
            page.reload()
            east.button("登记新户").click()
            answers(east, HEAD)
            # The battery goes in the middle of it.
            east.dies()
            east.starts_again()
            page = east.page
            expect(page.get_by_text("新户 · 草稿")).to_be_visible(timeout=SECONDS)
            east.button("继续填写").click()
            expect(page.get_by_role("textbox", name="姓名")).to_have_value(HEAD)
            east.button("下一步").click()
            page.get_by_text("确认", exact=True).click()
            east.finishes()
            expect(page.get_by_role("heading", name=HEAD)).to_be_visible(timeout=SECONDS)
            page.goto(f"{east.base}/#/")
            row = page.locator("a.row").filter(has_text=HEAD)
            expect(row).to_contain_text("待传")
            expect(page.get_by_role("heading", name="未填")).to_be_visible()

            row.click()
            said = page.locator(".line").filter(has_text=HEAD).first
            expect(said).to_contain_text("待传")
            expect(said).not_to_contain_text("名册")
            unsent = page.locator(".facts").filter(has_text="新户登记").locator("span")
            expect(unsent).to_have_text(["新户登记"])
            east.button("开始走访").click()
            page.get_by_text("满意", exact=True).click()
            east.sees_it_kept()
            east.button("完成").click()
            expect(east.button("开始走访")).to_be_visible(timeout=SECONDS)
            page.goto(f"{east.base}/#/")
            expect(page.get_by_role("heading", level=1)).to_have_text("本月 1 / 2 户")

            east.finds_signal()
            east.syncs()
            page.goto(f"{east.base}/#/")
            expect(row).to_contain_text("已走访")
            expect(row).not_to_contain_text("待传", timeout=SECONDS)
            with county.ctx.db.read() as session:
                kept = session.scalars(select(EntityRow).where(EntityRow.label == HEAD)).all()
                sent = session.scalars(select(OperationRow.status)).all()
            home = next(each for each in kept if each.dataset == "households")
            assert (home.area_id, home.properties["hh_type"], home.properties["new_reason"]) == (
                county.village,
                "general",
                "missed",
            )
            assert sorted(each.dataset for each in kept) == ["households", "members"]
            assert sent == ["applied", "applied"]

            desk = Desk(open_browser(tmp_path / "office", viewport={"width": 1024, "height": 768}), server.url)
            desk.page.goto(f"{server.url}/office/visits?state=waiting")
            expect(desk.page.locator("tbody tr").filter(has_text=HEAD)).to_have_count(2)
            desk.page.goto(f"{server.url}/office/households/{home.id}")
            expect(desk.page.locator("main")).to_contain_text("漏评")
    finally:
        server.kill()
