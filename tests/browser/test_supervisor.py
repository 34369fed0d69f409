"""A supervisor's morning by keyboard in a real browser, and her return, amended on a phone without a network."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from fieldsvc.services import assignments, intake, register
from fieldsvc.services.enrol import actor_of
from fieldsvc.store.tables import EntityRow, FormVersionRow, ReviewRow, SubmissionRow
from tests.browser.hands import SECONDS, Desk, Phone, picture
from tests.browser.small_county import SmallCounty, found
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NEIGHBOURS = 9


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Gunicorn on an empty folder; the story founds its county before the start."""
    server = Server(tmp_path / "server")
    yield server
    server.kill()


def sends(county: SmallCounty, body: Mapping[str, Any]) -> None:
    """West sends something from elsewhere, through the real intake."""
    ctx, operation = county.ctx, county.ctx.new_id()
    by = actor_of(ctx, county.west)
    assert by is not None
    head = {"id": operation, "schema": 1, "author": county.west, "install_id": "west", "cursor": None}
    document = {**head, "created_at": ctx.now_ms(), **body}
    [receipt] = intake.accept(ctx, by, [(operation, json.dumps(document))])
    assert receipt.status == "applied", receipt


def visits_the_neighbours(county: SmallCounty) -> None:
    """West was at nine other houses."""
    ctx = county.ctx
    with ctx.db.read() as session:
        version = session.query(FormVersionRow.version).filter_by(form_id="visit").scalar()
    for number in range(NEIGHBOURS):
        properties = {"head_name": f"邻居{number}", "hh_no": f"10{number}", "people": "2", "hh_type": "general"}
        home = register.create(ctx, county.console, "households", properties, area_id=county.village)
        assignments.assign(ctx, county.console, county.west, subject_id=home)
        answers = {"household": home, "visit": {"mode": "home", "met": "head", "changes": "none", "satisfied": "yes"}}
        told = {"kind": "submission", "form": "visit", "version": version, "subject": home, "answers": answers}
        record = {"dataset": "households", "id": home, "path": "/data", **_base(county)}
        sends(county, {**told, "context": {}, "entities": [record]})


def test_a_supervisor_reviews_by_keyboard_and_a_return_comes_back_amended(
    server: Server, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    county = found(server.environment)
    visits_the_neighbours(county)
    server.start()
    with link_to(server.port) as link:
        east = Phone(open_browser, tmp_path, link, "east")
        east.opens(county.enrolment_link(east.base, county.east))
        east.loses_signal()
        east.corrects("联系电话", "13911110001")
        for colour in ("white", "grey"):
            east.begins_visit()
            east.records_evidence(picture(tmp_path / f"{colour}.jpg", colour))
            east.finishes()
        edit = {"kind": "edit", "dataset": "households", "entity": county.home, "subject": county.home}
        sends(county, {**edit, "changes": {"phone": "13922220002"}, **_base(county)})
        east.finds_signal()
        east.syncs()

        # The first page says what waits; ten visits are read and approved without touching the mouse.
        desk = Desk(open_browser(tmp_path / "office", viewport={"width": 1024, "height": 768}), server.url)
        page = desk.page
        expect(page.locator(".waiting-list li").first).to_have_text(f"{NEIGHBOURS + 2}条走访待审核")
        page.goto(f"{server.url}/office/review?queue=all")
        desk.opens_first_by_keyboard()
        expect(page.get_by_role("heading", level=1)).to_contain_text("邻居0")
        for _ in range(NEIGHBOURS + 1):
            desk.approves_by_keyboard()

        # The eleventh has two photos of the same wall: under one slider, then enlarged.
        expect(page.get_by_role("heading", level=1)).to_contain_text("程有福")
        pair = page.locator(".compare")
        slider = pair.get_by_role("slider")
        slider.focus()
        page.keyboard.press("Home")
        assert pair.evaluate("pair => pair.style.getPropertyValue('--at')") == "0%"
        page.keyboard.press("p")
        expect(page.locator("#photo-view")).to_be_visible()
        page.keyboard.press("z")
        expect(page.locator("#photo-view")).to_have_class("large")
        page.keyboard.press("Escape")

        # It is returned with a word at two questions.
        for label, words in (("走访方式", "那天是电话还是入户"), ("见到谁", "请写清见到的是谁")):
            page.locator(f"summary[aria-label='批注：{label}']").click()
            page.get_by_role("textbox", name=f"批注：{label}").fill(words)
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.keyboard.type("请核对后重交")
        page.keyboard.press("Control+Enter")
        desk.is_told("已退回 程有福")

        desk.decides_conflict("13911110001", "打电话核对过")
        with county.ctx.db.read() as session:
            home = session.get_one(EntityRow, (county.console.feed_id, county.home))
            assert home.properties["phone"] == "13911110001"

        # East reads both words beside their questions where there is no signal, and amends; the office sees the change.
        east.syncs()
        east.loses_signal()
        east.page.goto(f"{east.base}/#/decisions")
        east.button("修改后重交").click()
        expect(east.page.locator("main")).to_contain_text("那天是电话还是入户", timeout=SECONDS)
        expect(east.page.locator("main")).to_contain_text("请写清见到的是谁")
        east.page.get_by_text("基本满意", exact=True).click()
        east.button("下一步").click()
        east.finishes()
        east.finds_signal()
        east.syncs()
        page.goto(f"{server.url}/office/review?queue=all&amended=1")
        desk.opens_first_by_keyboard()
        history = page.locator(".history")
        history.locator("summary").first.click()
        expect(history.locator(".diff")).to_contain_text("基本满意")
        desk.approves_by_keyboard()
    with county.ctx.db.read() as session:
        in_order = session.query(SubmissionRow).order_by(SubmissionRow.received_at, SubmissionRow.id)
        states = [row.review_state for row in in_order]
        assert states == ["approved"] * (NEIGHBOURS + 1) + ["returned", "approved"]
        assert session.query(ReviewRow).count() == NEIGHBOURS + 3


def _base(county: SmallCounty) -> dict[str, Any]:
    """What West's phone held of the record: its first version."""
    return {"base_version": 1, "trunk_version": 1, "branch_id": county.ctx.new_id()}
