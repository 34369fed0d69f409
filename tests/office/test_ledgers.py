"""Ledgers on screen, on paper and as a file: rows by village, filters in the address, totals, both counts."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from fieldsvc.office.exporting import job
from fieldsvc.office.ledgers import pages
from fieldsvc.services import jobs
from fieldsvc.services.context import Context
from fieldsvc.store.places import keep
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.ledger_world import HOUSES, add_houses, keep_houses
from tests.office.moments import Moments
from tests.support.statements import statements


@pytest.fixture
def district(ctx: Context, moments: Moments) -> District:
    """The county, which keeps housing cases."""
    district = District(ctx, moments)
    keep_houses(district)
    return district


def test_the_shelf_lists_the_ledgers_that_can_be_read_here(desk: Desk) -> None:
    page = text(desk.opens("/office/ledgers"))
    assert "房屋台账" in page
    assert "诉求台账" in page
    assert "结对帮扶花名册" not in page, "it shows a property this county's register does not have"
    assert "pairings: there is no household.head_name" in page


def test_rows_stand_by_village_with_totals_and_shares_beside_both_counts(desk: Desk, district: District) -> None:
    add_houses(district)
    page = text(desk.opens("/office/ledgers/houses"))
    assert "3 行" in page
    assert page.index("H-1") < page.index("H-2") < page.index("H-3")
    assert "10,000.50" in page, "an amount is written as its sum is"
    assert "合计（3） 30,000.55" in page
    assert "已竣工 33.3 %（1/3）" in page
    assert "H-4" not in page, "another town's"


def test_a_line_leads_on_by_what_it_is_and_not_by_where(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    page = desk.opens("/office/ledgers/roster")
    assert f'<a href="/office/households/{home}">0001</a>' in page
    assert '<td class="short">上村</td>' in page


def test_what_somebody_wrote_has_room_to_be_read(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, hh_no="0001")
    wish = "屋后的排水沟堵了，下大雨会漫到院子里。"
    district.visit(home, district.li, {"needs": [{"_id": "a", "text": wish}, {"_id": "b", "text": "修路"}]})
    page = desk.opens("/office/ledgers/requests")
    assert f'<td class="long">{wish}</td>' in page
    assert '<td class="short">修路</td>' in page


def test_filters_are_in_the_address_and_said_in_words(desk: Desk, district: District) -> None:
    add_houses(district)
    page = text(desk.opens(f"/office/ledgers/houses?month=202611&area={district.lower}&is.stage=started"))
    assert "2026年11月 下村 阶段: 开工" in page
    assert "H-3" in page
    assert "H-1" not in page
    assert "H-2" not in page


def test_words_stand_for_codes_and_what_is_secret_is_masked(desk: Desk, district: District) -> None:
    add_houses(district)
    page = text(desk.opens("/office/ledgers/houses"))
    assert "开工" in page
    assert "139******00" in page
    assert "13900000000" not in page


def test_a_long_ledger_pages_by_its_last_row_and_can_be_shown_whole(desk: Desk, district: District) -> None:
    for number in range(60):
        home = district.household(f"户{number}", district.upper, hh_no=f"{number:04}")
        district.record(home, "housing_cases", "", case_no=f"H-{number:03}", stage="applied")
    first = desk.opens("/office/ledgers/houses")
    [address] = [part.split('"')[0] for part in first.split('href="')[1:] if 'rel="next"' in part.split(">")[0]]
    second = desk.opens(address.replace("&amp;", "&"))
    assert len([one for one in range(60) if f"H-{one:03}" in first]) == 50
    assert len([one for one in range(60) if f"H-{one:03}" in second]) == 10
    assert len([one for one in range(60) if f"H-{one:03}" in desk.opens("/office/ledgers/houses?all=1")]) == 60
    for odd in ("x", "a~b", "a~b~c~d"):
        assert desk.asks(f"/office/ledgers/houses?after={odd}") == 404


def test_pages_go_from_village_to_village_without_losing_a_row(desk: Desk, district: District) -> None:
    for number in range(60):
        home = district.household(f"户{number}", district.lower if number % 3 else district.upper, hh_no=f"{number:04}")
        district.record(home, "housing_cases", "", case_no=f"H-{number:03}", stage="applied")
    seen, address = [], "/office/ledgers/houses"
    while address:
        page = desk.opens(address)
        seen.append(re.findall(r"H-[0-9]{3}", page))
        found = [part.split('"')[0] for part in page.split('href="')[1:] if 'rel="next"' in part.split(">")[0]]
        address = html.unescape(found[0]) if found else ""
    assert [len(one) for one in seen] == [50, 10]
    of_upper, of_lower = [f"H-{n:03}" for n in range(60) if n % 3 == 0], [f"H-{n:03}" for n in range(60) if n % 3]
    assert [*seen[0], *seen[1]] == of_upper + of_lower, "the upper village's code is the lower one"


def test_a_page_costs_the_same_however_many_rows_there_are(desk: Desk, district: District, ctx: Context) -> None:
    def cost() -> int:
        with statements(ctx) as sent:
            desk.opens("/office/ledgers/houses")
        return len(sent)

    add_houses(district)
    cost()  # definitions are read once
    few = cost()
    for number in range(60):
        district.record(district.household(f"户{number}", district.upper), "housing_cases", "", case_no=f"M-{number}")
    assert cost() <= few + 3, "where something changed, and the sums of those villages"
    assert cost() == few


def test_items_of_a_repeat_are_rows_of_their_own_and_lead_to_their_visit(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    needs = [{"_id": "1", "text": "修路", "amount": "20.5"}, {"_id": "2", "text": "打井"}]
    visit = district.visit(home, district.li, {"needs": needs, "log": "好"})
    district.visit(home, district.li, {"log": "没有诉求"})
    page = desk.opens("/office/ledgers/requests")
    assert "1 行" in text(page), "counted by visits that name one"
    assert "2026-11-22 上村 0001 李帮扶 修路" in text(page)
    assert f"/office/visits/{visit}" in page
    assert "没有记录" in text(desk.opens("/office/ledgers/requests?month=202610"))


def test_the_pairing_roster_shows_who_helps_whom_now(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    district.hand_over(home, district.li, district.zhang)
    page = text(desk.opens("/office/ledgers/roster"))
    assert "上村 0001 张帮扶 镇政府 2026-11-22" in page
    assert "李帮扶" not in page


def test_a_household_is_without_a_helper_from_the_day_the_last_one_goes_until_another_comes(
    desk: Desk, district: District
) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    district.household("陈二", district.upper, helper=district.li, hh_no="0002")
    district.household("陈三", district.lower, hh_no="0003")
    district.household("陈四", district.lower)

    def alone(query: str = "") -> str:
        return text(desk.opens(f"/office/ledgers/alone{query}"))

    assert "1 行" in alone()
    assert "下村 0003" in alone()
    district.unassign(home, district.li)
    page = alone()
    assert "2 行" in page
    assert "上村 0001" in page
    assert "0002" not in page
    assert "0003" not in alone(f"?area={district.upper}")
    district.assign(home, district.zhang)
    assert "0001" not in alone()


def test_the_file_holds_every_row_and_the_totals_and_is_on_record(desk: Desk, district: District, ctx: Context) -> None:
    add_houses(district)
    answer = desk.sends("/office/ledgers/houses", format="csv", month="202611")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["档案编号"] for row in rows] == ["H-1", "'=H-2", "H-3", ""]
    assert rows[-1]["序号"] == "合计"
    assert rows[-1]["补助资金（元）"] == "30000.55"
    with ctx.db.read() as session:
        [entry] = session.query(AuditRow).filter_by(action="export").all()
    assert (entry.thing, entry.detail["month"]) == ("ledger:houses", 202611)


def test_the_workbook_holds_numbers_to_calculate_with(desk: Desk, district: District) -> None:
    add_houses(district)
    answer = desk.sends("/office/ledgers/houses", format="xlsx")
    [sheet] = load_workbook(io.BytesIO(answer.data)).worksheets
    assert sheet.title == "房屋台账"
    heads = [cell.value for cell in sheet[1]]
    amounts = [row[heads.index("补助资金（元）")].value for row in sheet.iter_rows(min_row=2)]
    assert amounts == [10000.5, 20000.05, None, 30000.55] or amounts == [10000.5, 20000.05, "", 30000.55]


def test_nobody_without_the_right_reads_a_ledger_and_an_unknown_one_is_not_found(
    desk: Desk, district: District, desk_of: Callable[[str], Desk]
) -> None:
    assert desk.asks("/office/ledgers/nonsense") == 404
    assert desk.asks(f"/office/ledgers/houses?area={district.far}") == 404
    stranger = Desk(desk.client.application)
    assert stranger.asks("/office/ledgers") == 302
    assert "H-4" not in desk_of("S01").opens("/office/ledgers/houses")


def test_every_house_counts_for_the_county(district: District, desk_of: Callable[[str], Desk]) -> None:
    add_houses(district)
    page = text(desk_of("S03").opens("/office/ledgers/houses"))
    assert f"{len(HOUSES)} 行" in page
    assert "H-4" in page


def test_a_rectangle_drawn_on_the_map_is_a_ledgers_filter_like_any_other(
    desk: Desk, district: District, ctx: Context
) -> None:
    add_houses(district)
    inside = district.household("陈里", district.upper, helper=district.li, home_gps="29.870000 118.330000 0 8")
    district.record(inside, "housing_cases", "重建", case_no="H-9", stage="started")
    district.visit(inside, district.li, {"needs": [{"_id": "1", "text": "要求修路"}]})
    elsewhere = district.household("陈外", district.upper, home_gps="31.000000 118.330000 0 8")
    district.visit(elsewhere, district.li, {"needs": [{"_id": "1", "text": "要求修桥"}]})
    with ctx.db.write() as session:
        keep.rebuild(session, FEED)
    box = "118.000000,29.000000,119.000000,30.000000"
    listed = desk.opens(f"/office/map/list?box={box}")
    shelf = html.unescape(listed.split('class="tools"><a class="button" href="')[1].split('"')[0])
    assert "框选范围" in desk.opens(shelf)
    for name, there in (("houses", "H-9"), ("requests", "要求修路")):
        address = next(one for one in re.findall(r'href="([^"]+)"', desk.opens(shelf)) if f"/ledgers/{name}" in one)
        page = text(desk.opens(html.unescape(address)))
        assert "框选范围" in page
        assert "1 行" in page
        assert there in page
        assert "H-1" not in page
        assert "要求修桥" not in page
    away = box.replace("118", "100").replace("119", "101")
    assert "0 行" in text(desk.opens(f"/office/ledgers/houses?box={away}"))
    answer = desk.sends("/office/ledgers/houses", "/office/ledgers/houses", box=box, format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert "H-9" in str(rows)
    assert "H-1" not in str(rows)


def test_a_long_ledger_is_ordered_and_made_with_the_same_lines_and_totals(
    desk: Desk, district: District, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_houses(district)
    monkeypatch.setattr(pages, "MOST_AT_ONCE", 2)
    answer = desk.sends("/office/ledgers/houses", page="/office/ledgers/houses", month="202611", format="xlsx")
    assert answer.status_code == 302
    assert "超过 2 行，已改为后台制作（XLSX）。" in desk.opens(answer.location)
    jobs.run_due(ctx, job.handlers(lambda _: None))
    assert "房屋台账" in desk.opens(answer.location)
    assert desk.asks(f"{answer.location}/file") == 200
    assert desk.last is not None
    sheet = load_workbook(io.BytesIO(desk.last.get_data())).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [1, 2, 3, "合计"]
    with ctx.db.read() as session:
        [entry] = session.query(AuditRow).filter_by(action="export").all()
    assert entry.detail is not None
    assert (entry.detail["ledger"], entry.detail["month"]) == ("houses", 202611)


def test_one_that_is_narrowed_to_a_code_is_ordered_so(
    desk: Desk, district: District, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_houses(district)
    monkeypatch.setattr(pages, "MOST_AT_ONCE", 0)
    fields = {"is.stage": "started", "area": district.lower, "format": "csv"}
    answer = desk.sends("/office/ledgers/houses", page="/office/ledgers/houses", **fields)
    jobs.run_due(ctx, job.handlers(lambda _: None))
    assert desk.asks(f"{answer.location}/file") == 200
    assert desk.last is not None
    sheet = load_workbook(io.BytesIO(desk.last.get_data())).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [1, "合计"]


def test_what_is_masked_leaves_with_a_reason_that_is_on_record_and_without_one_not_at_all(
    desk: Desk, district: District, ctx: Context
) -> None:
    add_houses(district)
    refused = desk.sends("/office/ledgers/houses", page="/office/ledgers/houses", full="1", reason=" ")
    assert "请写明为什么需要完整内容。" in desk.opens(refused.location)
    answer = desk.sends("/office/ledgers/houses", page="/office/ledgers/houses", full="1", reason="民政局核发补贴")
    jobs.run_due(ctx, job.handlers(lambda _: None))
    assert desk.asks(f"{answer.location}/file") == 200
    assert desk.last is not None
    sheet = load_workbook(io.BytesIO(desk.last.get_data())).active
    assert sheet is not None
    assert "13900000000" in {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    with ctx.db.read() as session:
        [entry] = session.query(AuditRow).filter_by(action="export").all()
    assert entry.detail is not None
    assert (entry.detail["full"], entry.detail["reason"]) == (True, "民政局核发补贴")
