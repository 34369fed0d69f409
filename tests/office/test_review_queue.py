"""The review queue: what a person reads first, a share that cannot be chosen, and the way from visit to visit."""

import re
from collections.abc import Callable

import pytest

from fieldsvc.services.context import Context
from fieldsvc.services.reviewing import queue, share
from fieldsvc.services.visits import LogQuery
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments
from tests.office.test_a_visit import ANSWERS
from tests.office.test_the_log import listed, many
from tests.support.statements import statements


@pytest.fixture
def five(district: District) -> list[str]:
    """Five visits, the oldest first, of which the second and the fourth have a flag."""
    found = []
    for number, name in enumerate(("陈一", "陈二", "陈三", "陈四", "陈五"), 1):
        home = district.household(name, district.upper)
        found.append(district.visit(home, district.li, flags={"evidence": 1} if number in (2, 4) else None))
    return found


def test_flags_come_first_and_within_them_what_waits_longest(desk: Desk, five: list[str]) -> None:
    assert listed(desk.opens("/office/review")) == ["陈二", "陈四", "陈一", "陈三", "陈五"]
    assert listed(desk.opens("/office/review?queue=all")) == ["陈一", "陈二", "陈三", "陈四", "陈五"]


def test_each_decision_leads_to_the_next_visit_of_the_queue_across_the_flags(desk: Desk, five: list[str]) -> None:
    begin = re.search(r'class="button primary" href="([^"]+)"', desk.opens("/office/review"))
    assert begin
    address, seen = begin.group(1), []
    while "/visits/" in address:
        seen.append(five.index(address.split("/")[-1].split("?")[0]))
        address = desk.sends(address, action="approve").location
    assert seen == [1, 3, 0, 2, 4]
    assert address == "/office/review?queue=flags"
    assert "没有符合条件的走访" in desk.opens(address)


def test_next_and_previous_are_each_others_way_back(district: District, five: list[str], ctx: Context) -> None:
    by = district.actor(district.supervisor)
    for mode, order in (("flags", [1, 3, 0, 2, 4]), ("all", [0, 1, 2, 3, 4])):
        visits = [five[index] for index in order]
        found = [queue.neighbours(ctx, one, LogQuery(queue=mode), by=by) for one in visits]
        assert [one for one, _ in found] == [None, *visits[:-1]]
        assert [one for _, one in found] == [*visits[1:], None]


def test_pages_of_the_queue_hold_every_visit_once_also_where_the_flags_end(desk: Desk, district: District) -> None:
    many(district, 30)
    for index in range(40):
        district.visit(district.household(f"旗{index:03}", district.lower), district.zhang, flags={"evidence": 1})
    first = desk.opens("/office/review")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = desk.opens(following.group(1).replace("&amp;", "&"))
    expected = [f"旗{index:03}" for index in range(40)] + [f"户{index:03}" for index in range(30)]
    assert listed(first) + listed(second) == expected


def test_the_share_is_the_same_whoever_asks_and_however_often(
    desk: Desk, desk_of: Callable[[str], Desk], district: District
) -> None:
    many(district, 120)
    drawn = listed(desk.opens("/office/review?queue=share"))
    assert drawn == listed(desk_of("S03").opens("/office/review?queue=share"))
    assert 2 <= len(drawn) <= 26
    narrowed = listed(desk.opens(f"/office/review?queue=share&cadre={district.li}&month=202611"))
    assert narrowed == drawn
    assert "2026年11月收到的走访中固定抽取约 10 %" in desk.opens("/office/review?queue=share")


def test_a_share_holds_the_percentage_that_is_stated_and_differs_by_month() -> None:
    def lots(month: int, percent: int, secret: str = "s" * 32) -> set[int]:
        ranges = share.drawn(secret, "feed-1", month, percent)
        return {lot for first, last in ranges for lot in range(int(first, 16), int(last, 16) + 1)}

    for percent in (1, 10, 33, 100):
        for month in range(202601, 202613):
            assert len(lots(month, percent)) == round(share.LOTS * percent / 100)
    assert lots(202611, 0) == set()
    assert lots(202611, 10) == lots(202611, 10) != lots(202612, 10)
    assert lots(202611, 10) != lots(202611, 10, "t" * 32), "who knows the month alone cannot tell what is drawn"


def test_the_filter_stays_with_the_visits_of_the_queue(desk: Desk, district: District, five: list[str]) -> None:
    district.visit(district.household("周二", district.lower), district.zhang)
    page = desk.opens(f"/office/review?queue=all&area={district.lower}")
    assert listed(page) == ["周二"]
    assert f"area={district.lower}&amp;queue=all" in page


def test_another_towns_visits_are_in_nobody_elses_queue(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, five: list[str]
) -> None:
    assert listed(desk_of("S02").opens("/office/review")) == []
    assert desk.asks(f"/office/review?area={district.far}") == 404
    assert desk_of("S02").asks(f"/office/visits/{five[0]}?queue=all") == 404


def test_a_page_of_the_queue_costs_the_same_with_ten_visits_and_with_many(
    district: District, ctx: Context, desk: Desk
) -> None:
    many(district, 10)
    for mode in queue.MODES:
        desk.opens(f"/office/review?queue={mode}")
    with statements(ctx) as ten:
        desk.opens("/office/review?queue=all")
    many(district, 90)
    with statements(ctx) as hundred:
        desk.opens("/office/review?queue=all")
    assert len(hundred) == len(ten) <= 20


def test_a_photo_stands_beside_the_last_one_of_the_same_question(
    desk: Desk, district: District, moments: Moments
) -> None:
    home = district.household("陈一", district.upper)
    old, older, new = "0a" * 32, "0b" * 32, "0c" * 32
    for sha256 in (older, old, new):
        visit = district.visit(home, district.li, ANSWERS)
        district.photo(visit, home, "/data/evidence/house", sha256, "present")
        moments.later(days=1)
    desk.signs_in("S01")
    page = desk.opens(f"/office/visits/{visit}")
    pair = re.search(r'<div class="compare".*?</div>', page, re.S)
    assert pair
    assert re.findall(r"photos/([0-9a-f]{64})\?size=screen\"><img", pair.group()) == [old, new]
    assert "住房外观 · 11月23日" in pair.group()


def test_a_photo_that_is_missing_or_withdrawn_is_compared_with_nothing(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper)
    first = district.visit(home, district.li, ANSWERS)
    district.photo(first, home, "/data/evidence/house", "0a" * 32)
    visit = district.visit(home, district.li, ANSWERS)
    district.photo(visit, home, "/data/evidence/house", "0b" * 32, "present")
    assert "前后对比" not in desk.opens(f"/office/visits/{visit}")


def test_the_households_other_visits_stand_beside_the_one_under_review(
    desk: Desk, district: District, moments: Moments
) -> None:
    home = district.household("陈一", district.upper)
    earlier = district.visit(home, district.zhang)
    visit = district.visit(home, district.li, ANSWERS)
    page = desk.opens(f"/office/visits/{visit}")
    assert f'href="/office/visits/{earlier}"' in page
    assert "这户的其他走访 11月22日 09:01 待审核 入户走访记录 · 张帮扶" in text(page)


def test_a_position_is_new_every_time_and_never_told_as_a_change(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper)
    for place in ("29.87 118.33 0 8", "29.88 118.34 0 8"):
        visit = district.visit(home, district.li, {"evidence": {"position": place}})
    assert "上次：" not in text(desk.opens(f"/office/visits/{visit}"))
