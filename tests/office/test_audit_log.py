"""日志 in the office: finding who wrote and who looked, as far as the reader administers."""

from collections.abc import Callable

import pytest

from fieldsvc.office.words import catalogue
from fieldsvc.problems import NotFound
from fieldsvc.services import audit_search
from fieldsvc.services.audit_search import Asked
from fieldsvc.services.context import Context
from fieldsvc.store import audit
from fieldsvc.store import audit_search as rows
from fieldsvc.store.audit_order import Search
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments
from tests.office.test_campaigns import makes


@pytest.fixture
def home(district: District) -> str:
    return district.household("陈一", district.upper, helper=district.li, hh_no="0017")


@pytest.fixture
def office(district: District, desk_of: Callable[[str], Desk]) -> Desk:
    """The county administrator's desk."""
    district.person("县管理员", "A01", role="administrator", area=district.county)
    return desk_of("A01")


def test_a_households_log_holds_who_looked_and_who_decided_about_its_visits(
    office: Desk, desk: Desk, district: District, home: str
) -> None:
    visit = district.visit(home, district.li)
    district.household("周二", district.upper)
    desk.opens(f"/office/households/{home}")
    desk.sends(f"/office/visits/{visit}", action="return", comment="请补照片。")
    shown = office.opens("/office/log?home=陈一")
    assert '<td class="short">办公端</td>' in shown, "where and when are read in one go"
    listed = text(shown)
    assert "王审核 镇政府 退回走访 陈一" in listed
    assert "王审核 镇政府 查看农户 陈一" in listed
    assert "登录" not in listed.split("时间", 1)[1]
    assert "退回走访" not in text(office.opens(f"/office/log?household={home}&kind=view")).split("时间", 1)[1]


def test_a_name_that_fits_several_households_asks_which(office: Desk, district: District, home: str) -> None:
    district.household("陈一凡", district.lower)
    page = office.opens("/office/log?home=陈一")
    assert "您要找哪一户？ 陈一 岩寺镇 上村 陈一凡 岩寺镇 下村" in text(page)
    assert f"household={home}" in page


def test_people_are_found_by_name_or_number_and_acts_by_day(
    office: Desk, desk: Desk, district: District, home: str, moments: Moments
) -> None:
    desk.opens(f"/office/households/{home}")
    moments.later(hours=11)
    for query, there in (
        ("who=S01&kind=view", True),
        ("who=王审&since=2026-11-22&until=2026-11-22", True),
        ("who=S01&since=2026-11-23", False),
        ("who=S01&until=2026-11-21", False),
        ("who=S02", False),
        ("who=S01&kind=view&until=9999-12-31", True),
    ):
        assert ("查看农户 陈一" in text(office.opens(f"/office/log?{query}"))) is there, query


def test_reading_the_log_is_in_the_log(office: Desk, home: str) -> None:
    office.opens(f"/office/log?household={home}")
    assert "县管理员 镇政府 查看日志 陈一" in text(office.opens("/office/log"))


def test_no_place_in_the_log_is_read_unseen(office: Desk, ctx: Context) -> None:
    for before in (999_999_999_999_999, 1):
        office.opens(f"/office/log?before={before}")
    with ctx.db.read() as session:
        assert session.query(AuditRow).filter_by(action="view-log").count() == 2


def test_a_towns_administrator_reads_about_the_towns_households_and_people_only(
    office: Desk, desk: Desk, district: District, ctx: Context, home: str, desk_of: Callable[[str], Desk]
) -> None:
    far = district.household("钱六", district.far)
    visit = district.visit(far, district.zhang)
    conflict = district.conflict(far, district.li, district.zhang, {"water": "tap"}, {"water": "well"})
    town = district.person("镇管理员", "A02", role="administrator", area=district.west)
    office.opens(f"/office/households/{home}")
    office.opens(f"/office/households/{far}")
    office.sends(f"/office/visits/{visit}", action="doubt", comment="核对。")
    office.sends(f"/office/conflicts/{conflict}", choice="current", reason="现场看过。")
    listed = text(desk_of("A02").opens("/office/log"))
    for act in ("查看农户 钱六", "走访存疑 钱六", "审定不一致 钱六"):
        assert act in listed
    assert "陈一" not in listed
    with pytest.raises(NotFound):
        audit_search.search(ctx, Asked(household=home), by=district.actor(town))


def test_a_long_log_has_pages_and_days_are_found_without_reading_them_all(
    office: Desk, ctx: Context, district: District, moments: Moments
) -> None:
    with ctx.db.write() as session:
        entries = [audit.Entry(moments.now + n * 60_000, district.li, "export", f"form:f{n:03}") for n in range(200)]
        audit.append(session, FEED, entries)
    first = office.opens("/office/log?kind=taken-out")
    assert "f199" in first
    assert "f149" not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "f149" in office.opens(following)
    with ctx.db.read() as session:
        wanted = Search(since=moments.now + 100 * 60_000, until=moments.now + 103 * 60_000)
        found = rows.page(session, FEED, wanted, None, at=moments.now)
    assert [one.thing for one in found] == ["form:f102", "form:f101", "form:f100"]


def test_every_act_the_log_may_hold_has_words_in_both_languages() -> None:
    for acts in audit_search.KINDS.values():
        for language in ("zh", "en"):
            assert [act for act in acts if f"log.act.{act}" not in catalogue(language)] == []


def test_who_made_a_campaign_and_added_to_it_is_found_in_words(
    office: Desk, district: District, home: str, ctx: Context
) -> None:
    address = makes(office, district.county).location
    district.household("新户", district.upper, hh_no="009")
    assert office.sends(address, step="add", number="009", reason="漏报").status_code == 302
    listed = text(office.opens("/office/log?kind=staff"))
    for act in ("新建专项任务", "专项后加农户"):
        assert f"{act} 专项任务 大排查" in listed


def test_what_an_entry_is_about_is_called_as_people_call_it_and_not_by_its_id(
    office: Desk, district: District, ctx: Context
) -> None:
    things = (
        "form:visit/2026112501",
        f"report:{district.east}:2026-10",
        "ledger:requests",
        "dataset:households",
        "comparison:县教育局/school",
    )
    with ctx.db.write() as session:
        audit.append(session, FEED, [audit.Entry(ctx.now_ms(), district.li, "export", one) for one in things])
    listed = text(office.opens("/office/log?kind=taken-out"))
    for said in (
        "表单 入户走访记录",
        "报表 岩寺镇2026年10月",
        "台账 诉求台账",
        "档案类别 农户",
        "名单比对 县教育局 学校学生名册（只比对）",
    ):
        assert f"导出 {said}" in listed


def test_what_an_entry_is_about_is_called_by_its_word(office: Desk, district: District, ctx: Context) -> None:
    words = {
        "area": "区域",
        "comparison": "名单比对",
        "difference": "名单差异",
        "export": "导出文件",
        "visits": "走访清单",
    }
    with ctx.db.write() as session:
        entries = [audit.Entry(ctx.now_ms(), district.li, "export", f"{kind}:x-{kind}") for kind in words]
        audit.append(session, FEED, entries)
    listed = text(office.opens("/office/log?kind=taken-out"))
    for kind, word in words.items():
        assert f"导出 {word} x-{kind}" in listed
        assert f"log.thing.{kind}" in catalogue("en")
