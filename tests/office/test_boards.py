"""Boards: how far records are by town and village, with the list behind every number."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from fieldsvc.forms import datasets
from fieldsvc.office.format import Format
from fieldsvc.services import deadlines, published, register
from fieldsvc.services.access import ROLES
from fieldsvc.services.boards.model import boards
from fieldsvc.services.context import Context
from fieldsvc.services.workdays import day_of
from fieldsvc.store import exports, report_figures
from tests.forms.filled import ALL_ON
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.test_household_page import about, in_slots
from tests.support.shipped import dataset
from tests.support.statements import statements

KINDS = ("housing_cases", "housing_payments", "problems", "risks", "checks")


@pytest.fixture(autouse=True)
def kinds(district: District, ctx: Context) -> None:
    """The shipped records and processes."""
    console = district.actor(district.person("孙管理", "A01", role="administrator", area=district.county))
    for name in KINDS:
        definition = dataset(name)
        published.publish_dataset(ctx, console, definition, digest=definition["version"])


def case(district: District, name: str, area: str, stage: str, **more: str) -> str:
    home = district.household(name, area, hamlet="上坳")
    return district.record(home, "housing_cases", "重建", stage=stage, **more)


def rows(page: str) -> dict[str, str]:
    """What the table of areas says, by the area's name."""
    table = page.split('class="stack records board"')[1].split("</table>")[0]
    lines = [text(one).strip() for one in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)[1:]]
    return {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in lines}


def test_each_village_shows_its_stages_shares_with_counts_and_money(desk: Desk, district: District) -> None:
    first = case(district, "陈一", district.upper, "started", subsidy="40000")
    case(district, "陈二", district.upper, "approved", subsidy="8000.5")
    case(district, "周一", district.lower, "paid", subsidy="8000")
    case(district, "远一", district.far, "paid", subsidy="1")
    district.record(district.subject_of(first), "housing_payments", "", case=first, amount="20000.25")
    found = rows(desk.opens("/office/boards/renovation"))
    assert set(found) == {"上村", "下村", "合计"}
    assert found["上村"].startswith("2 50.0 %（1/2） 0.0 %（0/2） 0.0 %（0/2） 0 48,000.50 20,000.25 ")
    assert found["下村"].startswith("1 100.0 %（1/1）")
    assert found["合计"].startswith("3 66.7 %（2/3） 33.3 %（1/3） 33.3 %（1/3） 0 56,000.50 20,000.25 ")


def test_a_number_leads_to_its_households_and_an_area_to_its_villages(
    desk_of: Callable[[str], Desk], district: District
) -> None:
    case(district, "陈一", district.upper, "started")
    case(district, "周一", district.lower, "paid", subsidy="12345.6")
    case(district, "远一", district.far, "paid")
    desk = desk_of("S03")
    county = desk.opens("/office/boards/renovation")
    assert set(rows(county)) == {"岩寺镇", "富堨镇", "合计"}
    town = re.search(r'href="(/office/boards/renovation\?area=[^"&]+)">岩寺镇', county)
    assert town
    page = desk.opens(town.group(1))
    assert set(rows(page)) == {"上村", "下村", "合计"}
    assert "全部区域" in text(page)
    paid = re.search(rf'href="(/office/boards/renovation\?area={district.lower}&amp;code=paid)">1</a>', page)
    assert paid
    listed = desk.opens(paid.group(1).replace("&amp;", "&"))
    assert "周一 岩寺镇 下村 上坳 拨付完成" in text(listed)
    assert "12,345.60" in text(listed), "money is written as in the sums above the list"
    assert "陈一" not in listed


def test_a_stage_is_read_in_one_go(desk: Desk, district: District) -> None:
    case(district, "陈一", district.upper, "started")
    assert re.search(
        r'<td class="place">[^<]+</td><td class="short">[^<]+</td>', desk.opens("/office/boards/renovation")
    )


def test_a_board_and_a_list_count_what_the_ledger_counts_after_a_household_is_closed_and_a_report_what_happened(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.subject_of(case(district, "陈一", district.upper, "paid", started_on="2026-11-02"))
    case(district, "陈二", district.upper, "paid", started_on="2026-11-02")
    by, month = district.actor(district.supervisor), ("2026-11-01", "2026-11-30")
    register.delete(ctx, by, home, seen_version=1)
    assert rows(desk.opens("/office/boards/renovation"))["上村"].startswith("1 ")
    with ctx.db.read() as session:
        started = report_figures.records(session, FEED, "housing_cases", "started_on", month, None, None)
        assert started == {district.upper: 2}, "what was begun in a month was begun in it"
        assert len(list(exports.records(session, FEED, "housing_cases", ("/",)))) == 1


def test_what_is_overdue_is_counted_once_and_listed(desk: Desk, district: District, ctx: Context) -> None:
    yesterday = (day_of(district.moments.now, "Asia/Shanghai") - timedelta(days=1)).isoformat()
    late, calm = (district.household(name, district.upper) for name in ("陈一", "陈二"))
    district.record(late, "problems", "屋顶漏雨", status="under_way", due=yesterday, problem="屋顶漏雨")
    district.record(calm, "problems", "路灯不亮", status="under_way", due="2027-01-01", problem="路灯不亮")
    district.record(calm, "problems", "已办", status="closed", due=yesterday, closed_on="2026-11-20")
    deadlines.rebuild(ctx)
    page = desk.opens("/office/boards/problems")
    assert rows(page)["上村"].startswith("3 33.3 %（1/3） 1 ")
    listed = text(desk.opens("/office/boards/problems?overdue=1"))
    assert "屋顶漏雨" in listed
    assert "路灯不亮" not in listed


def test_failed_items_and_cleared_risks_are_shares_of_all(desk: Desk, district: District) -> None:
    for failed in ("water house", "water", ""):
        home = district.household("陈" + failed[:1], district.upper)
        district.record(home, "checks", "核查", failed=failed, conclusion="unmet" if failed else "met")
    page = text(desk.opens("/office/boards/checks"))
    assert "饮水 66.7 %（2/3）" in page
    assert "住房安全 33.3 %（1/3）" in page
    assert "达标率" in page
    assert "还没有这类记录" in text(desk.opens("/office/boards/monitoring"))


def test_a_household_to_practise_with_counts_nowhere(desk: Desk, district: District, ctx: Context) -> None:
    by = district.actor(district.supervisor)
    home = register.create(ctx, by, "households", {"head_name": "练习"}, area_id=district.upper, practice=True)
    district.record(home, "housing_cases", "重建", stage="started")
    assert "还没有这类记录" in text(desk.opens("/office/boards/renovation"))


def test_the_renovations_of_a_page_show_before_beside_after(desk: Desk, district: District, ctx: Context) -> None:
    in_slots(ctx, old="before", new="after")
    home = district.household("陈一", district.upper)
    done = district.record(home, "housing_cases", "重建", stage="accepted")
    visit = district.visit(home, district.li)
    about(ctx, visit, done)
    for number, name in enumerate(("new", "old")):
        district.photo(visit, home, f"/data/{name}", f"{number}" * 64, state="present")
    page = desk.opens("/office/boards/renovation")
    gallery = page.split("改造前后对比")[1]
    assert gallery.index("改造前·全景") < gallery.index("改造后·全景")


def test_the_list_pages_by_name_and_keeps_its_filter(desk: Desk, district: District) -> None:
    for number in range(55):
        case(district, f"户{number:02}", district.upper, "started")
    page = desk.opens("/office/boards/renovation?code=started")
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following
    second = desk.opens(following.group(1).replace("&amp;", "&"))
    assert ("户49" in page, "户50" in page, "户50" in second, "户49" in second) == (True, False, True, False)
    assert "code=started" in following.group(1)


def test_a_board_asks_the_database_as_often_for_many_records_as_for_one(
    desk: Desk, district: District, ctx: Context
) -> None:
    def asked() -> int:
        with statements(ctx) as seen:
            desk.opens("/office/boards/renovation")
        return len(seen)

    in_slots(ctx, old="before", new="after")

    def grow(number: int) -> None:
        home = district.household(f"户{number}", district.upper)
        record = district.record(home, "housing_cases", "重建", stage="accepted")
        visit = district.visit(home, district.li)
        about(ctx, visit, record)
        district.photo(visit, home, "/data/old", f"{number}" * 64)

    grow(1)
    desk.opens("/office/boards/renovation")
    one = asked()
    for number in range(2, 9):
        grow(number)
    assert asked() == one <= 25


@pytest.mark.parametrize("role", ROLES)
def test_a_board_covers_a_supervisors_areas_and_nothing_beside(
    desk_of: Callable[[str], Desk], district: District, role: str
) -> None:
    case(district, "陈一", district.upper, "started")
    case(district, "远一", district.far, "started")
    district.person("某人", "X01", role=role, area=district.west)
    if role in ("cadre", "checker"):
        with pytest.raises(AssertionError):
            desk_of("X01")
        return
    desk = desk_of("X01")
    page = desk.opens("/office/boards/renovation")
    assert ("远一" in page, "陈一" in page) == (True, False)
    assert desk.asks(f"/office/boards/renovation?area={district.upper}") == 404
    assert desk.asks("/office/boards/renovation?area=nowhere") == desk.asks("/office/boards/nothing") == 404


def test_where_leave_is_on_a_leader_sees_who_is_away_and_who_should_be_back(
    desk: Desk, district: District, ctx: Context
) -> None:
    assert "请销假" not in desk.opens("/office/boards/renovation")
    assert desk.asks("/office/boards/leave") == 404
    console, known = district.actor(district.person("孙管理", "A02", role="administrator", area=district.county)), {}
    for name in ("team_members", "leaves"):
        known[name] = datasets(ALL_ON)[name]
        published.publish_dataset(ctx, console, known[name], digest=known[name]["version"])
    for name, until in (("王队员", "2019-11-10"), ("李队员", "2099-01-01")):
        file = register.create(ctx, console, "team_members", {"name": name}, label=name, area_id=district.upper)
        asked = {"person": name, "from_on": "2019-11-08", "until_on": until, "reason": "家事", "asked_on": "2019-11-07"}
        more = {"stage": "granted", "granted_on": "2019-11-08"}
        district.record(file, "leaves", "请假", **asked, **more)
    deadlines.rebuild(ctx)
    page = desk.opens("/office/boards/leave?code=granted")
    assert rows(page)["上村"].startswith("2 ")
    assert ("王队员" in page, "李队员" in page, "家事" in page) == (True, True, False)
    assert ("姓名" in page, "户主</th>" in page) == (True, False)
    late = desk.opens("/office/boards/leave?overdue=1")
    assert ("王队员" in late, "李队员" in late) == (True, False)
    off = {**known["leaves"], "process": {**known["leaves"]["process"]}}
    off["process"]["content"] = {**off["process"]["content"], "off": True}
    published.publish_dataset(ctx, console, off, digest="off")
    assert desk.asks("/office/boards/leave") == 404


def test_every_board_names_what_there_is() -> None:
    known = datasets(ALL_ON)
    for board in boards().values():
        named = {board.by, *board.columns} | ({board.items} if board.items else set())
        assert named <= set(known[board.dataset]["properties"]), board.name
        if board.paid:
            assert board.paid[1] in known[board.paid[0]]["properties"]


def test_a_share_is_rounded_half_up_and_stands_beside_its_counts() -> None:
    f = Format("zh", ZoneInfo("Asia/Shanghai"), 0)
    assert f.share(353, 422) == "83.6 %（353/422）"
    assert f.share(1, 16) == "6.3 %（1/16）", "6.25 is rounded up, not to the even digit"
    assert f.share(32691, 20535) == "159.2 %（32691/20535）"
    assert f.share(0, 0) == "–（0/0）"


def test_what_was_noted_about_households_that_do_not_count_is_not_sought_among_all_records(
    desk: Desk, district: District, ctx: Context
) -> None:
    case(district, "陈一", district.upper, "started")
    with statements(ctx) as asked:
        desk.opens("/office/boards/renovation")
    counted = [one for one in asked if "practice IS 1" in one]
    assert counted
    with ctx.db.read_engine.connect() as connection:
        for one in counted:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", ("x",) * one.count("?")).all()
            assert any("INDEX ix_entities_gone (feed_id=?" in row[-1] for row in plan), plan
