"""The office in a real browser: readable by everybody, at home on an old screen and a phone, and by keyboard."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import ConsoleMessage, Page, ViewportSize, expect
from pypdf import PdfReader
from werkzeug.serving import WSGIRequestHandler, make_server

from fieldsvc.services import published
from fieldsvc.services.campaigns import crossing, making
from fieldsvc.services.campaigns.making import Plan
from fieldsvc.store import flags
from fieldsvc.store.flags import Flag
from tests.office.comparison_world import compared
from tests.office.district import FEED, PASSWORD, District
from tests.office.gone_world import keeps_who_is_gone
from tests.office.test_a_visit import ANSWERS
from tests.office.test_feedback import says
from tests.support.browser import OpenBrowser
from tests.support.shipped import dataset

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = """axe.run({resultTypes: ["violations"]}).then(found => found.violations.map(
    rule => rule.id + ' ' + rule.nodes.map(node => node.target + ' ' + node.failureSummary).join(' ')))"""
OLD_SCREEN: ViewportSize = {"width": 1024, "height": 768}
#: Tables whose heading lies over their first row: one that sticks to a frame that scrolls does.
COVERED = """() => [...document.querySelectorAll(".wide table")].flatMap((table) => {
  const [head, row] = ["thead th", "tbody tr"].map((part) => table.querySelector(part)?.getBoundingClientRect());
  return head && row && head.height && head.bottom > row.top + 1 ? [table.className] : [];
})"""
PHONE: ViewportSize = {"width": 360, "height": 740}


class Quiet(WSGIRequestHandler):
    """A server that does not write a line for every request into the test's output."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def answering(app: Flask) -> Iterator[str]:
    """The address at which an app answers a browser for a while."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the office answers."""
    with answering(app) as url:
        yield url


@pytest.fixture
def pages(district: District) -> list[str]:
    """Every page there is, with something on it."""
    home = district.household(
        "陈一", district.upper, helper=district.li, water="well", phone="13900000000", home_gps="29.87 118.33 0 8"
    )
    district.member(home, "陈小一", relation="儿子", id_no="990000201001011234")
    district.record(home, "housing_cases", "重建", stage="started")
    console = district.actor(district.person("孙管理", "A77", role="administrator", area=district.county))
    published.publish_dataset(district.ctx, console, dataset("housing_cases"), digest="1")
    visit = district.visit(home, district.li, ANSWERS, wrote={"people": "5"}, flags={"violations": ["x"]})
    district.photo(visit, home, "/data/evidence/house", "ab" * 32)
    conflict = district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    account = district.conflict(
        home,
        district.li,
        district.zhang,
        {"bank": "农商行", "account_no": "99000000000000001"},
        {"bank": "邮储银行", "account_no": "99000000000000002"},
    )
    district.visit(district.household("周二", district.lower, helper=district.zhang), district.zhang)
    other = district.visit(district.household("李某", district.upper), district.li)
    with district.ctx.db.write() as session:
        facts = {"sha256": "ab" * 32, "other": other, "other_ref": "/data/evidence/house", "other_sha256": "cd" * 32}
        raised = [Flag(visit, "photo-similar", "/data/evidence/house", facts)]
        raised.append(Flag(visit, "far", "/data/evidence/position", {"metres": 812, "limit": 200}))
        flags.raise_all(session, FEED, raised, district.moments.now)
    says(district, district.ctx, "在山上打开户情况很慢。")
    keeps_who_is_gone(district.ctx, district)
    who_is_gone(district)
    return [
        "/office/",
        "/office/visits?state=waiting",
        f"/office/visits/{visit}?state=waiting",
        "/office/conflicts",
        f"/office/conflicts/{conflict}",
        f"/office/conflicts/{account}",
        f"/office/households/{home}/correct?entity={home}&property=account_no",
        "/office/waiting",
        "/office/households",
        "/office/households/gone",
        f"/office/households/{home}",
        f"/office/households/{home}/viewers",
        f"/office/households/{home}/evidence",
        f"/office/households/{home}/archive",
        "/office/deadlines",
        "/office/coverage",
        "/office/coverage/unvisited",
        "/office/ledgers",
        "/office/ledgers/roster",
        "/office/reports",
        "/office/reports/2026-11",
        "/office/map",
        "/office/map/list?only=yes",
        "/office/exports",
        f"/office/exports?household={home}",
        "/office/feedback",
        "/office/admin",
        "/office/coverage/reminder",
        "/office/datasets",
        "/office/datasets/households",
        "/office/assignments",
        f"/office/assignments/{district.li}",
        "/office/boards",
        "/office/comparisons",
        "/office/campaigns",
        "/office/campaigns/new",
        *campaign(district),
        differing(district),
        "/office/review",
        "/office/review/approve?queue=all",
        f"/office/conflicts/of/{home}",
        "/office/nothing-here",
    ]


def who_is_gone(district: District) -> None:
    """Two households that may be closed, and one with a visit that nobody has decided about."""
    for number, name in enumerate(("赵东升", "钱西进", "孙南行"), start=7):
        gone = district.household(
            name, district.lower, hh_no=f"{number:04}", gone_reason="moved", gone_on="2026-11-02", head_name=name
        )
        if name == "孙南行":
            district.visit(gone, district.li)


def campaign(district: District) -> list[str]:
    """A campaign of the county, in which one town checks the other."""
    county = district.actor(district.colleague)
    now = district.moments.now
    plan = Plan(
        name="两不愁三保障大排查", area_id=district.county, form_id=None, from_at=now - 1000, to_at=now + 864_000_000
    )
    made = making.make(district.ctx, plan, by=county)
    crossing.arrange(district.ctx, made.id, district.east, district.west, by=county)
    return [f"/office/campaigns/{made.id}", f"/office/campaigns/{made.id}/unvisited"]


def differing(district: District) -> str:
    """A list of another office that differs in everything a list can."""
    compared(district, district.ctx)
    return "/office/comparison?source=民政&roster=dibao"


def enters(page: Page, address: str, login: str = "S01") -> None:
    """Sign in, as the supervisor of 岩寺镇 if nobody else is named."""
    page.goto(f"{address}/office/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(f"{address}/office/")


def speaks(page: Page, language: str) -> None:
    """Have the office speak Chinese, as it does from the first page on, or English."""
    if language == "en":
        page.click("button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-CN")


def look_at(page: Page, paths: list[str], read_on: ViewportSize) -> None:
    """Open the pages: each fits an old screen and a phone, and axe has nothing to say of it on one of them."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    axe = AXE.read_text(encoding="utf-8")
    other = PHONE if read_on == OLD_SCREEN else OLD_SCREEN
    for path in paths:
        page.goto(path, wait_until="load")
        for screen in (other, read_on):
            page.set_viewport_size(screen)
            wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert wide <= seen, f"{path} is wider than {screen}"
            assert page.evaluate(COVERED) == [], path
        page.evaluate(axe)
        assert page.evaluate(VIOLATIONS) == [], path
    assert complaints == []


@pytest.mark.parametrize(
    ("language", "read_on", "scheme"), [("zh", OLD_SCREEN, "light"), ("en", PHONE, "dark")], ids=["zh", "en"]
)
def test_every_page_is_accessible_fits_its_screen_and_breaks_no_policy(
    open_browser: OpenBrowser, address: str, pages: list[str], language: str, read_on: ViewportSize, scheme: str
) -> None:
    page = open_browser(viewport=read_on, color_scheme=scheme).page
    enters(page, address)
    speaks(page, language)
    look_at(page, [address + path for path in pages], read_on)


def test_a_reviewer_can_work_by_keyboard(open_browser: OpenBrowser, address: str, pages: list[str]) -> None:
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address)
    page.goto(address + "/office/visits?state=waiting")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(f"{address}{pages[2]}")
    page.keyboard.press("r")
    page.keyboard.type("jka 请核对")
    assert page.input_value("#comment") == "jka 请核对"


def test_a_keyboard_reaches_approve_and_the_list_of_keys(
    open_browser: OpenBrowser, address: str, pages: list[str]
) -> None:
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address)
    page.goto(address + pages[2])
    page.keyboard.press("?")
    page.wait_for_selector("#keys")
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys", state="hidden")
    # The focus goes back after the list is gone; asked by locator, for the page's policy lets no text be evaluated.
    expect(page.locator("#keys :focus")).to_have_count(0)
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.value") == "approve"
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.done")
    expect(page.locator(".notice.done")).to_contain_text("已通过 陈一 的走访")


def test_the_page_says_that_there_are_keys_where_there_is_a_keyboard(
    open_browser: OpenBrowser, address: str, district: District
) -> None:
    assert district
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address)
    page.get_by_role("button", name="快捷键").click()
    expect(page.locator("#keys")).to_contain_text("转到“通过”")
    page.get_by_role("button", name="关闭").click()
    page.set_viewport_size(PHONE)
    expect(page.locator("[data-keys]")).to_be_hidden()


def test_a_wide_table_is_printed_on_the_sheet_of_its_heading(
    open_browser: OpenBrowser, address: str, pages: list[str]
) -> None:
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address)
    assert "/office/reports/2026-11" in pages
    page.goto(f"{address}/office/reports/2026-11")
    first = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert first.mediabox.width > first.mediabox.height, "it lies on its side from the first sheet on"
    # A PDF's text is made of glyphs: some come back as the radicals that look like them.
    printed = "".join(unicodedata.normalize("NFKC", first.extract_text()).split())
    assert "2026年11月通报" in printed
    assert "上村" in printed


def test_a_long_household_is_printed_from_its_first_sheet_on_and_without_buttons(
    open_browser: OpenBrowser, address: str, pages: list[str], district: District
) -> None:
    [home] = [each for each in pages if each.count("/") == 3 and each.startswith("/office/households/0")]
    for number in range(40):
        district.member(home.rpartition("/")[2], f"陈家{number}", relation="孙子")
    page = open_browser(viewport=OLD_SCREEN).page
    enters(page, address)
    page.goto(address + home)
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    printed = ["".join(unicodedata.normalize("NFKC", sheet.extract_text()).split()) for sheet in sheets]
    [begins] = [at for at, words in enumerate(printed) if "家庭成员41人" in words]
    assert "陈一" in printed[begins], "the members begin where the record ends"
    assert "陈家1" in printed[begins]
    assert "办理:" not in "".join(printed)


def test_what_may_be_closed_of_a_page_is_ticked_at_once_and_closed_with_a_reason(
    open_browser: OpenBrowser, address: str, pages: list[str]
) -> None:
    page = open_browser(viewport=PHONE).page
    enters(page, address)
    assert "/office/households/gone" in pages
    page.goto(f"{address}/office/households/gone")
    page.get_by_role("button", name="全选本页").click()
    expect(page.get_by_label("赵东升 0007")).to_be_checked()
    expect(page.get_by_label("钱西进 0008")).to_be_checked()
    expect(page.get_by_label("孙南行 0009")).to_be_disabled()
    page.get_by_role("button", name="注销勾选的农户").click()
    expect(page.get_by_text("将注销 2 户")).to_be_visible()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []
    page.get_by_label("注销依据").fill("村里核实")
    page.get_by_role("button", name="注销这 2 户").click()
    expect(page.locator(".notice.done")).to_contain_text("已注销 2 户")
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_everything_can_be_done_without_scripts(open_browser: OpenBrowser, address: str, pages: list[str]) -> None:
    page = open_browser(viewport=OLD_SCREEN, java_script_enabled=False).page
    enters(page, address)
    page.goto(address + pages[2])
    page.fill("#comment", "请补一张室内照片")
    page.click("button[value=return]")
    expect(page.locator(".notice.done")).to_contain_text("已退回 陈一 的走访")
    page.goto(address + pages[4])
    page.check("input[value=candidate]")
    page.fill("#reason", "现场核实")
    page.click("button.primary")
    expect(page.locator(".notice.done")).to_contain_text("已审定 陈一 的一处不一致")


def test_on_a_phone_the_section_that_is_open_is_in_sight(
    open_browser: OpenBrowser, address: str, pages: list[str]
) -> None:
    page = open_browser(viewport=PHONE).page
    enters(page, address)
    assert "/office/reports" in pages
    page.goto(f"{address}/office/reports")
    expect(page.locator(".side [aria-current=page]")).to_be_in_viewport(ratio=1)
