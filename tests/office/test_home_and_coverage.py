"""The first page's numbers, coverage by village, and the list of households still to visit."""

from collections.abc import Callable

from fieldsvc.services.context import Context
from fieldsvc.store.tables import SubmissionRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments


def test_home_says_what_waits_and_shows_both_counts(desk: Desk, district: District) -> None:
    homes = [district.household(name, district.upper, helper=district.li) for name in ("陈一", "陈二", "陈三")]
    district.visit(homes[0], district.li)
    district.visit(homes[1], district.li)
    page = text(desk.opens("/office/"))
    assert "2 条走访待审核" in page
    assert "66.7 %（2/3）" in page


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
