"""The first page's numbers, coverage by village, and the list of households still to visit."""

import html
import re
from collections.abc import Callable

from fieldsvc.services.context import Context
from fieldsvc.store import people
from fieldsvc.store.tables import SubmissionRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments
from tests.office.test_the_log import listed
from tests.support.statements import statements


def test_home_says_what_waits_and_shows_both_counts(desk: Desk, district: District) -> None:
    homes = [district.household(name, district.upper, helper=district.li) for name in ("陈一", "陈二", "陈三")]
    district.visit(homes[0], district.li)
    district.visit(homes[1], district.li)
    page = text(desk.opens("/office/"))
    assert "2 条走访待审核" in page
    assert "66.7 %（2/3）" in page


def test_home_has_a_card_for_what_waits_and_one_line_for_what_does_not(desk: Desk, district: District) -> None:
    cards = re.compile(r'<a class="card"[^>]*><span class="figure">(\d+)')
    quiet = desk.opens("/office/")
    assert cards.findall(quiet) == []
    assert "没有等您处理的事。" in text(quiet)
    district.visit(district.household("陈一", district.upper), district.li)
    page = desk.opens("/office/")
    assert cards.findall(page) == ["1"]
    assert "0 处不一致待审定 0 处不一致交给我" in text(page)
    assert "没有等您处理的事。" not in text(page)


def test_home_tells_what_came_back_and_what_was_handed_to_the_reader(
    desk: Desk, desk_of: Callable[[str], Desk], district: District
) -> None:
    home = district.household("陈一", district.upper, helper=district.li, water="well")
    first = district.visit(home, district.li)
    desk.sends(f"/office/visits/{first}", action="return", comment="请补照片")
    assert "0 条退回后已重交" in text(desk.opens("/office/"))
    district.visit(home, district.li, replaces=first)
    waits = district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    conflict = f"/office/conflicts/{waits}"
    desk.sends(f"{conflict}/move", conflict, move="hand", to=district.colleague, note="请县里定")
    page = text(desk.opens("/office/"))
    assert "1 条退回后已重交" in page
    assert "0 处不一致交给我" in page
    assert "1 处不一致交给我" in text(desk_of("S03").opens("/office/"))
    assert listed(desk.opens("/office/review?queue=all&amended=1")) == ["陈一"]


def test_what_was_put_aside_does_not_wait_on_the_first_page(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, water="well")
    waits = district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    conflict = f"/office/conflicts/{waits}"
    assert "1 处不一致待审定" in text(desk.opens("/office/"))
    desk.sends(f"{conflict}/move", conflict, move="hold", note="等水利站")
    assert "0 处不一致待审定" in text(desk.opens("/office/"))


def test_phones_that_hold_something_and_fell_silent_are_a_list_to_telephone_by(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context, moments: Moments
) -> None:
    district.household("陈一", district.upper, helper=district.li)
    district.household("远一", district.far, helper=district.zhang)
    with ctx.db.write() as session:
        for person in (district.li, district.zhang):
            people.device_seen(session, people.devices_of(session, person)[0].id, pending_operations=2)
    assert "0 部手机久未上传" in text(desk.opens("/office/"))
    moments.later(days=4)
    desk.signs_in("S01")
    assert "1 部手机久未上传" in text(desk.opens("/office/"))
    page = text(desk.opens("/office/phones"))
    assert "李帮扶 镇政府" in page
    assert "2 条内容、0 张照片 11月22日 09:00" in page
    assert "张帮扶" not in page, "whose households are all in another town"
    assert "2 部手机久未上传" in text(desk_of("S03").opens("/office/"))


def test_a_county_reads_its_towns_first(desk_of: Callable[[str], Desk], district: District) -> None:
    for area in (district.upper, district.lower, district.far):
        home = district.household("陈一", area)
        if area != district.lower:
            district.visit(home, district.li)
    page = text(desk_of("S03").opens("/office/"))
    assert "岩寺镇 50.0 %（1/2）" in page
    assert "富堨镇 100.0 %（1/1）" in page
    assert "上村" not in page


def test_the_first_page_costs_the_same_however_much_waits(desk: Desk, district: District, ctx: Context) -> None:
    def more(number: int) -> None:
        for index in range(number):
            home = district.household(f"户{index}", district.upper, water="well")
            district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})

    more(2)
    desk.opens("/office/")
    with statements(ctx) as few:
        desk.opens("/office/")
    more(20)
    with statements(ctx) as many:
        desk.opens("/office/")
    assert len(few) == len(many) <= 30


def test_other_towns_are_not_counted(desk: Desk, district: District) -> None:
    district.visit(district.household("远一", district.far), district.li)
    page = text(desk.opens("/office/"))
    assert "0 条走访待审核" in page
    assert "远村" not in page


def test_an_amendment_counts_in_the_month_of_the_visit_it_amends(
    desk: Desk, district: District, moments: Moments
) -> None:
    home = district.household("陈一", district.upper)
    first = district.visit(home, district.li)
    moments.later(days=20)
    district.visit(home, district.li, replaces=first)
    assert "0.0 %（0/1）" in text(desk_after(desk, "/office/coverage?month=202612"))
    assert "100.0 %（1/1）" in text(desk.opens("/office/coverage?month=202611"))


def desk_after(desk: Desk, path: str) -> str:
    """Sign in again (a session lasts one day) and open a page."""
    desk.signs_in("S01")
    return desk.opens(path)


def test_a_rejected_or_withdrawn_visit_is_no_visit(desk: Desk, district: District, ctx: Context) -> None:
    for name, change in (("陈一", {"review_state": "rejected"}), ("陈二", {"withdrawn_at": 1}), ("陈三", {})):
        visit = district.visit(district.household(name, district.upper), district.li)
        with ctx.db.write() as session:
            row = session.get(SubmissionRow, (FEED, visit))
            for field, value in change.items():
                setattr(row, field, value)
    assert "33.3 %（1/3）" in text(desk.opens("/office/coverage"))


def test_a_visit_that_waits_to_be_accepted_does_not_count_yet(desk: Desk, district: District) -> None:
    district.visit(district.household("陈一", district.upper), district.li, flags={"review": "out-of-scope"})
    district.visit(district.household("陈二", district.upper), district.li, flags={"far": {}})
    assert "50.0 %（1/2）" in text(desk.opens("/office/coverage"))


def test_the_unvisited_list_names_helper_hamlet_and_last_visit(
    desk: Desk, district: District, moments: Moments
) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hamlet="塘下组")
    district.visit(home, district.li)
    moments.later(days=30)
    page = text(desk_after(desk, f"/office/coverage/unvisited?month=202612&area={district.upper}"))
    assert "陈一 塘下组 李帮扶 11月22日" in page


def test_a_long_unvisited_list_pages_by_its_last_household_and_can_be_shown_whole(
    desk: Desk, district: District
) -> None:
    names = [f"陈{number:03}" for number in range(130)]
    for number, name in enumerate(names):
        district.household(name, district.lower if number % 2 else district.upper)
    first = desk.opens("/office/coverage/unvisited")
    [address] = [part.split('"')[0] for part in first.split('href="')[1:] if 'rel="next"' in part.split(">")[0]]
    second = desk.opens(html.unescape(address))
    whole = desk.opens("/office/coverage/unvisited?all=1")
    shown = [[name for name in names if f">{name}<" in page] for page in (first, second, whole)]
    assert [len(one) for one in shown] == [100, 30, 130]
    assert sorted([*shown[0], *shown[1]]) == names
    assert "上村 65 户" in text(first), "the whole village's, whatever stands on this page"
    assert "下村 65 户" in text(second)


def test_the_printed_list_says_for_where_until_when_and_by_whom(desk: Desk, district: District) -> None:
    district.household("陈一", district.lower)
    page = text(desk.opens("/office/coverage/unvisited"))
    assert "岩寺镇 · 截止 2026-11-22 09:00:00" in page
    assert "王审核 于 2026-11-22 09:00:00 打印" in page


def test_an_area_of_another_town_is_not_found(desk: Desk, district: District) -> None:
    for path in ("coverage/unvisited", "visits", "households"):
        assert desk.asks(f"/office/{path}?area={district.far}") == 404


def test_the_county_sees_all_towns(district: District, desk_of: Callable[[str], Desk]) -> None:
    district.household("陈一", district.upper)
    district.household("远一", district.far)
    page = text(desk_of("S03").opens("/office/coverage"))
    assert "上村" in page
    assert "远村" in page
