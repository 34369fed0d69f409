"""A supervisor's day in the demo district, from the first page to the printed file; her return is amended at a door."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from fieldsvc.config import Settings
from fieldsvc.services import enrol, intake, setup
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.tables import AreaRow, AssignmentRow, EntityRow, FormVersionRow, PersonRow, SubmissionRow
from tests.browser.hands import SECONDS, Desk, Phone
from tests.imports.sheets_made import xlsx
from tests.support.browser import OpenBrowser
from tests.support.demo import PASSWORDS, Demo, month_on_the_phone
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.proof, pytest.mark.timeout(900)]


@pytest.fixture
def server(demo: Demo, tmp_path: Path) -> Iterator[Server]:
    """The demo district on gunicorn, to be changed at will."""
    demo.copy(tmp_path / "server")
    server = Server(tmp_path / "server")
    yield server
    server.kill()


@pytest.fixture
def ctx(server: Server) -> Iterator[Context]:
    """The same database beside the running server."""
    opened = open_context(Settings(mode="test", data_folder=server.folder))
    yield opened
    opened.db.dispose()


def test_ten_reviews_a_return_a_conflict_a_pair_a_file_a_sheet_a_report_and_a_ledger(
    server: Server, ctx: Context, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    cadre, visit, household = plain_visit(ctx)
    server.start()
    with link_to(server.port) as link:
        phone = Phone(open_browser, tmp_path, link, "phone")
        phone.page.goto(f"{phone.base}/#/signin/{enrol.new_code(ctx, setup.console(ctx), cadre)}")
        phone.button("跳过").click()
        expect(phone.page.get_by_text(month_on_the_phone()).first).to_be_visible(timeout=SECONDS)

        screen = {"width": 1024, "height": 768}
        desk = Desk(open_browser(tmp_path / "office", viewport=screen), server.url, "county", PASSWORDS["county"])
        page = desk.page
        expect(page.locator(".waiting-list")).to_contain_text("条走访待审核")
        reviews_ten_by_keyboard(desk)
        returns_with_two_comments(desk, visit)
        decides_the_first_conflict(desk)
        compares_a_house_before_and_after(desk, ctx)
        prints_the_file(desk, household)
        imports_a_sheet_with_three_bad_rows(desk, ctx)
        publishes_last_month(desk, ctx)
        saves_a_ledger(desk)

        phone.syncs()
        phone.loses_signal()
        phone.page.goto(f"{phone.base}/#/decisions")
        returned = phone.page.locator("section, li, article").filter(has_text="那天是电话还是入户")
        returned.last.get_by_role("button", name="修改后重交").click()
        expect(phone.page.locator("main")).to_contain_text("请写清见到的是谁", timeout=SECONDS)
        phone.page.get_by_text("基本满意", exact=True).click()
        # A form of one page in which nothing is open asks for no second look.
        phone.button("完成").click()
        expect(phone.button("开始走访")).to_be_visible(timeout=SECONDS)
        phone.finds_signal()
        phone.syncs()

    with ctx.db.read() as session:
        amended = session.scalars(select(SubmissionRow.id).where(SubmissionRow.replaces_id == visit)).one()
    page.goto(f"{server.url}/office/visits/{amended}")
    page.locator(".history summary").first.click()
    expect(page.locator(".history .diff")).to_contain_text("基本满意")


def plain_visit(ctx: Context) -> tuple[str, str, str]:
    """The demo's cadre, one of their visits that waits and has only its first page, and its household."""
    with ctx.db.read() as session:
        cadre = session.scalars(select(PersonRow.id).where(PersonRow.staff_no == "cadre")).one()
        waiting = session.scalars(
            select(SubmissionRow)
            .where(SubmissionRow.author_id == cadre, SubmissionRow.form_id == "visit")
            .where(SubmissionRow.review_state == "waiting")
            .order_by(SubmissionRow.received_at.desc())
        )
        for row in waiting:
            told = row.answers["visit"]
            if told["met"] == "head" and "more" not in told and told["satisfied"] == "yes":
                return cadre, row.id, row.subject_id
    raise AssertionError("the demo has no such visit")


def reviews_ten_by_keyboard(desk: Desk) -> None:
    """Approve ten of the queue without touching the mouse."""
    desk.page.goto(f"{desk.base}/office/review?queue=all")
    desk.opens_first_by_keyboard()
    for _ in range(10):
        expect(desk.page.get_by_role("button", name="通过")).to_be_visible()
        desk.approves_by_keyboard()


def returns_with_two_comments(desk: Desk, visit: str) -> None:
    """Send a visit back with a word at two of its questions."""
    page = desk.page
    page.goto(f"{desk.base}/office/visits/{visit}")
    for label, words in (("走访方式", "那天是电话还是入户"), ("见到谁", "请写清见到的是谁")):
        page.locator(f"summary[aria-label='批注：{label}']").click()
        page.get_by_role("textbox", name=f"批注：{label}").fill(words)
    desk.returns_it("请核对后重交")


def decides_the_first_conflict(desk: Desk) -> None:
    """Take one side of the first conflict and say why."""
    page = desk.page
    page.goto(f"{desk.base}/office/conflicts")
    page.locator("main tbody").get_by_role("link").first.click()
    page.locator(".side-candidate input[type=radio]").check()
    page.locator("textarea[name=reason]").fill("打电话核对过")
    page.get_by_role("button", name=re.compile("审定")).last.click()
    desk.is_told("已审定")


def compares_a_house_before_and_after(desk: Desk, ctx: Context) -> None:
    """Look at an acceptance that waits: the house as it is over the house as it was, under one slider."""
    with ctx.db.read() as session:
        acceptance = session.scalars(
            select(SubmissionRow.id).where(
                SubmissionRow.form_id == "housing_acceptance", SubmissionRow.review_state == "waiting"
            )
        ).first()
    page = desk.page
    page.goto(f"{desk.base}/office/visits/{acceptance}")
    pair = page.locator(".compare").first
    expect(pair.locator("img").nth(1)).to_be_visible()
    pair.get_by_role("slider").focus()
    page.keyboard.press("End")
    assert pair.evaluate("pair => pair.style.getPropertyValue('--at')") == "100%"


def prints_the_file(desk: Desk, household: str) -> None:
    """Open the household's file as one PDF, as the browser's own viewer does, and read it."""
    page = desk.page
    page.goto(f"{desk.base}/office/households/{household}")
    name = page.get_by_role("heading", level=1).inner_text().strip()
    page.get_by_role("link", name="档案材料").click()
    address = page.locator(".papers a").first.get_attribute("href")
    reply = page.request.get(f"{desk.base}{address}")
    assert reply.headers["content-type"] == "application/pdf"
    pdf = PdfReader(BytesIO(reply.body()))
    # The font's two-byte codes come back with the first byte as it is.
    words = "".join(sheet.extract_text() for sheet in pdf.pages).replace("\0", "")
    assert len(pdf.pages) >= 3
    assert name in words


def imports_a_sheet_with_three_bad_rows(desk: Desk, ctx: Context) -> None:
    """Bring in four households' telephones of which three cannot be: one is changed, three are named in the copy."""
    with ctx.db.read() as session:
        home = session.scalars(select(EntityRow).where(EntityRow.dataset == "households").limit(1)).one()
    area, number = home.properties["area_code"], home.properties["hh_no"]
    sheet = xlsx(
        ("户编号", "区划代码", "家庭人口"),
        (number, area, "2"),
        ("990000000001", area, "两口"),
        ("990000000002", "990000000000", "2"),
        (None, area, "2"),
    )
    page = desk.page
    page.goto(f"{desk.base}/office/imports")
    page.fill("#source", "民政")
    page.set_input_files("#file", {"name": "名单.xlsx", "mimeType": "application/zip", "buffer": sheet})
    page.click(".upload button")
    page.click("button.primary")
    comes_to_say(page, "已检查，尚未导入")
    here = page.url
    expect(page.locator(".tabs")).to_contain_text("有错误 3")
    copy = load_workbook(BytesIO(saved(page, page.locator(".tools a").first)))
    assert copy.active is not None
    assert sum(1 for row in copy.active.iter_rows(min_row=2, values_only=True) if row[-1]) == 3
    page.goto(here)
    page.click("button[value=start]")
    comes_to_say(page, "已导入")


def publishes_last_month(desk: Desk, ctx: Context) -> None:
    """Freeze October as it is counted now; a visit of October that comes down from the mountain later stands beside."""
    page = desk.page
    page.goto(f"{desk.base}/office/reports/2026-10")
    counted = figures(page)
    assert any(cell.isdigit() and cell != "0" for row in counted for cell in row)
    page.get_by_role("button", name="发布").click()
    expect(page.locator("main")).to_contain_text("周管理 发布")
    assert figures(page) == counted, "what is published is what was read"
    expect(page.locator(".late")).to_have_count(0)
    village = arrives_late(ctx)
    page.reload()
    assert figures(page) == counted, "a number that was published never changes"
    expect(page.locator("main")).to_contain_text("截止时间以后才收到的")
    row = page.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=village))
    for place in (row, page.locator("tfoot tr")):
        assert place.locator(".late").all_inner_texts() == ["+1", "+1"], "one visit, and one household visited"
    expect(page.locator(".late")).to_have_count(4)


def figures(page: Page) -> list[list[str]]:
    """The report's numbers as they were counted, without what came since."""
    return page.locator("table.ledger tr").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(cell => cell.cloneNode(true)).map(cell => {
            cell.querySelectorAll(".late").forEach(late => late.remove());
            return cell.textContent.trim();
        }))"""
    )


def arrives_late(ctx: Context) -> str:
    """A visit of the end of October, of a household that nobody had visited in that month; its village."""
    with ctx.db.read() as session:
        seen = select(SubmissionRow.subject_id).where(SubmissionRow.month == 202610, SubmissionRow.form_id == "visit")
        person, home = session.execute(
            select(AssignmentRow.person_id, AssignmentRow.subject_id)
            .where(AssignmentRow.to_at.is_(None), AssignmentRow.role == "cadre", AssignmentRow.subject_id.not_in(seen))
            .order_by(AssignmentRow.subject_id)
        ).first() or ("", "")
        household = session.scalars(select(EntityRow).where(EntityRow.id == home)).one()
        version = session.scalars(
            select(FormVersionRow.version).where(FormVersionRow.form_id == "visit", FormVersionRow.state == "published")
        ).one()
        area = session.get(AreaRow, household.area_id)
    assert area is not None
    by = enrol.actor_of(ctx, person)
    assert by is not None
    told = {"household": home, "visit": {"mode": "home", "met": "head", "changes": "none", "satisfied": "yes"}}
    base = {"base_version": household.version, "trunk_version": household.version, "branch_id": ctx.new_id()}
    ended = int(datetime(2026, 10, 30, 16, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
    visit = {
        "id": ctx.new_id(),
        "schema": 1,
        "kind": "submission",
        "author": person,
        "install_id": "late",
        "cursor": None,
        "created_at": ended,
        "started_at": ended - 900_000,
        "ended_at": ended,
        "form": "visit",
        "version": version,
        "subject": home,
        "answers": told,
        "context": {},
        "entities": [{"dataset": "households", "id": home, "path": "/data", **base}],
    }
    [receipt] = intake.accept(ctx, by, [(str(visit["id"]), json.dumps(visit))])
    assert receipt.status in ("applied", "merged"), receipt
    return area.name


def saves_a_ledger(desk: Desk) -> None:
    """Save the ledger of visits as a workbook."""
    page = desk.page
    page.goto(f"{desk.base}/office/ledgers/visits")
    book = load_workbook(BytesIO(saved(page, page.get_by_role("button", name="XLSX"))), read_only=True)
    assert book.active is not None
    assert sum(1 for _ in book.active.iter_rows()) > 100


def comes_to_say(page: Page, state: str) -> None:
    """Watch the page of an import, which comes anew by itself every few seconds, until it is so far."""
    expect(page.locator("#state")).to_have_text(state, timeout=6 * SECONDS)


def saved(page: Page, press: Locator) -> bytes:
    """What a link or a button saves."""
    with page.expect_download(timeout=4 * SECONDS) as download:
        press.click()
    return Path(download.value.path()).read_bytes()
