"""A form nobody has seen before: written as a spreadsheet, published in the office, filled in offline, exported.

No program is changed or restarted on the way: what a county wants to know tomorrow is a file.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.hands import SECONDS, Phone
from tests.browser.small_county import PASSWORD, found
from tests.forms.forms import Row, spreadsheet
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TITLE = "厕所改造核查"
SURVEY: list[Row] = [
    {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"},
    {"type": "begin group", "name": "toilet", "label": "厕所"},
    {"type": "select_one kind", "name": "kind", "label": "厕所类型", "required": "yes"},
    {"type": "integer", "name": "year", "label": "改造年份", "relevant": "${kind} != 'dry'", "constraint": ". > 2000"},
    {"type": "text", "name": "clan", "label": "宗族", "save_to": "clan_name"},
    {"type": "end group"},
    {"type": "begin repeat", "name": "needs", "label": "待修部位", "repeat_count": "1"},
    {"type": "text", "name": "part", "label": "部位"},
    {"type": "decimal", "name": "cost", "label": "预计费用（元）"},
    {"type": "end repeat"},
]
CHOICES: list[Row] = [
    {"list_name": "kind", "name": "flush", "label": "水冲式厕所"},
    {"list_name": "kind", "name": "dry", "label": "旱厕"},
]
SETTINGS: list[Row] = [
    {
        "form_title": TITLE,
        "form_id": "toilet_check",
        "version": "2026112201",
        "subject_dataset": "households",
        "namespaces": 'fs="urn:fieldsvc:forms"',
    }
]
ENTITIES: list[Row] = [{"list_name": "households", "entity_id": "${household}"}]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Gunicorn on an empty folder; the story founds its county before the start."""
    server = Server(tmp_path / "server")
    yield server
    server.kill()


def enters_the_office(page: Page, base: str) -> None:
    """Sign in as the county's administrator."""
    page.set_default_timeout(SECONDS)
    page.goto(f"{base}/office/")
    page.get_by_label("工号或手机号").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("link", name="表单").first).to_be_visible()


def publishes(page: Page, base: str, workbook: bytes) -> None:
    """Upload the spreadsheet, read what it would change, publish it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.goto(f"{base}/office/forms")
    page.set_input_files("#file", {"name": "厕所核查.xlsx", "mimeType": kind, "buffer": workbook})
    page.get_by_role("button", name="检查并存为草稿").click()
    expect(page.locator("main")).to_contain_text("没有错误，已存为草稿")
    expect(page.locator("main")).to_contain_text("档案里还没有这个项目，发布时会新增（clan_name）")
    page.get_by_role("button", name="发布").click()
    expect(page.locator("main")).to_contain_text("已发布版本 2026112201")


def downloads(page: Page, base: str, *choices: str) -> bytes:
    """Export the form's data with these choices ticked."""
    page.goto(f"{base}/office/export?form=toilet_check")
    for choice in choices:
        page.get_by_label(choice).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出数据").click()
    return Path(download.value.path()).read_bytes()


def fills(phone: Phone) -> None:
    """Open the new form from the family's record and answer it."""
    page = phone.page
    phone.goes_to_household()
    page.get_by_text("其他表单").click()
    phone.button(TITLE).click()
    page.get_by_text("水冲式厕所").click()
    page.get_by_label("改造年份").fill("2019")
    page.get_by_label("宗族").fill("=程氏")
    phone.button("下一步").click()
    page.get_by_label("部位").fill("化粪池")
    page.get_by_label("预计费用（元）").fill("1200.50")
    phone.finishes()


def test_a_new_form_is_published_filled_in_offline_and_exported_without_restarting_anything(
    server: Server, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    county = found(server.environment)
    server.start()
    with link_to(server.port) as link:
        east = Phone(open_browser, tmp_path, link, "east")
        east.opens(county.enrolment_link(east.base, county.east))
        office = open_browser(tmp_path / "office", viewport={"width": 1024, "height": 768}).page
        enters_the_office(office, server.url)
        publishes(office, server.url, spreadsheet(SURVEY, choices=CHOICES, settings=SETTINGS, entities=ENTITIES))
        east.syncs()
        east.loses_signal()
        fills(east)
        east.tells(on_phone=1, received=0)
        east.finds_signal()
        east.syncs()

    office.goto(f"{server.url}/office/forms/toilet_check")
    expect(office.locator("tbody")).to_contain_text("现用")
    with zipfile.ZipFile(io.BytesIO(downloads(office, server.url, "代码和题目名称", "CSV"))) as archive:
        [visit] = csv.DictReader(io.StringIO(archive.read("toilet_check.csv").decode("utf-8-sig")))
        [need] = csv.DictReader(io.StringIO(archive.read("toilet_check-needs.csv").decode("utf-8-sig")))
    assert (visit["toilet/kind"], visit["toilet/year"], visit["toilet/clan"]) == ("flush", "2019", "'=程氏")
    assert (visit["label"], visit["author"], visit["version"]) == ("程有福", "李东", "2026112201")
    assert (need["instance_id"], need["part"], need["cost"]) == (visit["instance_id"], "化粪池", "1200.50")
    book = load_workbook(io.BytesIO(downloads(office, server.url, "题目和选项的文字")))
    heads, row = ([cell.value for cell in line] for line in book["toilet_check"])
    told = dict(zip(heads, row, strict=True))
    assert (told["厕所类型"], told["改造年份"], told["宗族"]) == ("水冲式厕所", 2019, "=程氏")
    assert book.sheetnames == ["toilet_check", "1 needs"]

    office.goto(f"{server.url}/office/households")
    office.locator("main").get_by_role("link", name="程有福").click()
    expect(office.locator("main")).to_contain_text("宗族")
    expect(office.locator("main")).to_contain_text("=程氏")
