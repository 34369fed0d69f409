"""Five hundred firms in a list on a phone: published from a sheet, searched by a few letters, narrowed by an answer.

A county's own lists come from its departments and are as long as they are: what must hold is that nobody scrolls them.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect
from sqlalchemy import select

from fieldsvc.services import authoring, reference_lists
from fieldsvc.store.tables import SubmissionRow
from fieldsvc.xlsform.reference import reference_list
from tests.browser.hands import Phone
from tests.browser.small_county import SmallCounty, found
from tests.forms.forms import Row, spreadsheet
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TITLE = "务工企业核对"
FIRMS = 500
TOWNS = ["岩寺镇", "西溪南镇", "潜口镇", "呈坎镇", "洽舍乡"]
KINDS = ["茶叶", "木材", "机械", "服装", "食品", "电子", "建材", "物流", "旅游", "养殖"]
NOT_OFFERED = "这个选项现在不适用，请重选"
PICTURES = "FIELDSVC_WALK_PICTURES"
SURVEY: list[Row] = [
    {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"},
    {"type": "begin group", "name": "work", "label": "务工"},
    {"type": "select_one towns", "name": "town", "label": "企业在哪个镇", "appearance": "minimal"},
    {
        "type": "select_one_from_file firms.csv",
        "name": "firm",
        "label": "在哪家企业务工",
        "required": "yes",
        "choice_filter": "town = ${town}",
        "relevant": "${town} != ''",
    },
    {
        "type": "calculate",
        "name": "phone",
        "calculation": "instance('firms')/root/item[name = ${firm}]/phone",
    },
    {"type": "note", "name": "call", "label": "企业电话 ${phone}", "relevant": "${firm} != ''"},
    {"type": "select_multiple_from_file firms.csv", "name": "earlier", "label": "以前在哪些企业干过"},
    {"type": "end group"},
]
SETTINGS: list[Row] = [
    {
        "form_title": TITLE,
        "form_id": "firms_check",
        "version": "2026112601",
        "subject_dataset": "households",
        "namespaces": 'fs="urn:fieldsvc:forms"',
    }
]
CHOICES: list[Row] = [{"list_name": "towns", "name": f"t{n}", "label": town} for n, town in enumerate(TOWNS, 1)]


def firms() -> bytes:
    """The sheet of a department: a hundred firms in each town, with their telephone."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["name", "label", "town", "phone"])
    for number in range(FIRMS):
        town = number % len(TOWNS)
        kind = KINDS[number // len(TOWNS) % len(KINDS)]
        writer.writerow([f"f{number:03}", f"{TOWNS[town]}{kind}第{number}公司", f"t{town + 1}", f"0559{number:07}"])
    return sheet.getvalue().encode()


@pytest.fixture
def county(tmp_path: Path) -> Iterator[tuple[Server, SmallCounty]]:
    """A county that has published the list and a form that uses it."""
    server = Server(tmp_path / "server")
    founded = found(server.environment)
    rows = csv.DictReader(io.StringIO(firms().decode()))
    reference_lists.publish_list(founded.ctx, founded.console, reference_list("firms", rows))
    workbook = spreadsheet(SURVEY, choices=CHOICES, settings=SETTINGS)
    published = authoring.publish(founded.ctx, founded.console, workbook, "firms.xlsx")
    assert published.problems == []
    server.start()
    yield server, founded
    server.kill()


def photographs(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if folder := os.environ.get(PICTURES):
        page.screenshot(path=Path(folder) / f"long-list-{name}.png")


def heap(session: CDPSession) -> float:
    """Megabytes that are still needed after a collection."""
    session.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 1e6


def question(page: Page, label: str) -> Locator:
    """The choices of one question."""
    return page.get_by_label(label, exact=True).first


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_list_of_five_hundred_is_searched_narrowed_and_chosen_from_without_a_signal(
    county: tuple[Server, SmallCounty], open_browser: OpenBrowser, tmp_path: Path
) -> None:
    server, founded = county
    with link_to(server.port) as link:
        phone = Phone(open_browser, tmp_path, link, "east")
        page = phone.page
        phone.opens(founded.enrolment_link(phone.base, founded.east))
        phone.syncs()
        phone.loses_signal()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        phone.goes_to_household()
        before = heap(session)
        page.get_by_text("其他表单").click()
        phone.button(TITLE).click()
        earlier = question(page, "以前在哪些企业干过")
        expect(earlier.get_by_role("button", name=f"{FIRMS}")).to_be_visible()
        photographs(page, "closed")

        # The town first: until it is said there is nothing to choose among.
        expect(page.get_by_label("在哪家企业务工", exact=True)).to_have_count(0)
        page.get_by_role("radio", name="潜口镇").click()
        firm = question(page, "在哪家企业务工")
        firm.get_by_role("button", name="100").click()
        expect(firm.get_by_role("radio")).to_have_count(40)
        expect(firm.get_by_role("radio").filter(has_text="岩寺镇")).to_have_count(0)
        expect(firm.get_by_role("status")).to_contain_text("60")
        photographs(page, "open")
        fits(page)
        firm.get_by_role("searchbox").fill("服装第1")
        expect(firm.get_by_role("radio")).to_have_count(3)
        photographs(page, "searched")
        firm.get_by_role("searchbox").fill("没有")
        expect(firm.get_by_role("radio")).to_have_count(0)
        firm.get_by_role("searchbox").fill("qkzwl")
        expect(firm.get_by_role("radio").first).to_contain_text("潜口镇物流")
        firm.get_by_role("searchbox").fill("第87公司")
        firm.get_by_role("radio").click()
        expect(page.get_by_text("企业电话 05590000087")).to_be_visible()
        photographs(page, "chosen")

        # Another town: what was chosen is named as no longer offered, and this town's firms are.
        page.get_by_role("radio", name="呈坎镇").click()
        expect(page.get_by_text(NOT_OFFERED)).to_be_visible()
        photographs(page, "other-town")
        firm.get_by_role("button", name="100").click()
        firm.get_by_role("searchbox").fill("第88公司")
        firm.get_by_role("radio").click()
        expect(page.get_by_text(NOT_OFFERED)).to_have_count(0)

        # All five hundred, several of them, in the order of the list.
        earlier.get_by_role("button", name=f"{FIRMS}").click()
        for sought in ("第499公司", "第3公司"):
            earlier.get_by_role("searchbox").fill(sought)
            earlier.get_by_role("checkbox", name=sought).click()
        photographs(page, "several")
        fits(page)
        assert heap(session) - before < 5, "a list of five hundred costs more than the pictures of a visit"
        phone.button("完成").click()
        expect(phone.button("开始走访")).to_be_visible()
        phone.finds_signal()
        phone.syncs()
    with founded.ctx.db.read() as told:
        [sent] = told.scalars(select(SubmissionRow).where(SubmissionRow.form_id == "firms_check"))
        assert sent.flags in (None, {})
        assert sent.answers["work"] == {
            "town": "t4",
            "firm": "f088",
            "phone": "05590000088",
            "earlier": "f003 f499",
        }
