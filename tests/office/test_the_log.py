"""The visit log: a filter that is a sentence and an address, and pages that stay still while phones sync."""

import re
from collections.abc import Callable

from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments


def listed(page: str) -> list[str]:
    """The households of a page's lines, in order."""
    return re.findall(r'<th scope="row" class="main"><a [^>]*>([^<]+)</a>', page)


def many(district: District, number: int, *, by: str | None = None) -> None:
    for index in range(number):
        district.visit(district.household(f"户{index:03}", district.upper), by or district.li)


def test_each_line_tells_state_household_village_form_cadre_and_time(desk: Desk, district: District) -> None:
    district.visit(district.household("陈一", district.upper, hamlet="塘下组"), district.li)
    page = text(desk.opens("/office/visits"))
    assert "待审核 陈一 塘下组 上村 入户走访记录 李帮扶 11月22日 09:01" in page


def test_a_page_holds_fifty_and_the_next_continues_without_gap_or_repeat(desk: Desk, district: District) -> None:
    many(district, 120)
    seen: list[str] = []
    address: str | None = "/office/visits"
    while address:
        page = desk.opens(address)
        seen += listed(page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following.group(1).replace("&amp;", "&") if following else None
    assert seen == [f"户{index:03}" for index in reversed(range(120))]


def test_a_visit_that_arrives_meanwhile_moves_no_line_to_another_page(desk: Desk, district: District) -> None:
    many(district, 60)
    first = desk.opens("/office/visits")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    address = following.group(1).replace("&amp;", "&")
    before = listed(desk.opens(address))
    district.visit(district.household("新来", district.lower), district.zhang)
    assert listed(desk.opens(address)) == before == [f"户{index:03}" for index in reversed(range(10))]


def test_visits_received_in_the_same_millisecond_keep_one_order(
    desk: Desk, district: District, moments: Moments
) -> None:
    at = moments.now
    for index in range(70):
        moments.now = at
        district.visit(district.household(f"户{index:03}", (district.upper, district.lower)[index % 2]), district.li)
    first = desk.opens("/office/visits")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = desk.opens(following.group(1).replace("&amp;", "&"))
    assert len(set(listed(first) + listed(second))) == 70


def test_the_filter_is_a_sentence_and_each_part_can_be_taken_away(desk: Desk, district: District) -> None:
    district.visit(district.household("陈一", district.upper), district.li, flags={"far": {}})
    district.visit(district.household("陈二", district.lower), district.zhang)
    address = (
        f"/office/visits?month=202611&area={district.upper}&cadre={district.li}&form=visit&state=waiting&flagged=1"
    )
    page = desk.opens(address)
    assert listed(page) == ["陈一"]
    sentence = re.search(r'<div class="sentence">\s*<ul>(.*?)</ul>', page, re.S)
    assert sentence
    for part in ("2026年11月", "上村", "入户走访记录", "待审核", "有标记"):
        assert part in sentence.group(1)
    assert f'href="/office/visits?month=202611&amp;cadre={district.li}&amp;form=visit' in page


def test_each_filter_leaves_out_what_it_should(desk: Desk, district: District) -> None:
    district.visit(district.household("陈一", district.upper), district.li)
    district.visit(district.household("陈二", district.lower), district.zhang, flags={"far": {}})
    for query, expected in (
        (f"area={district.lower}", ["陈二"]),
        (f"area={district.east}", ["陈二", "陈一"]),
        (f"cadre={district.li}", ["陈一"]),
        ("flagged=1", ["陈二"]),
        ("state=approved", []),
        ("state=waiting", ["陈一", "陈二"]),
        ("month=202610", []),
        ("month=banana&state=banana", ["陈二", "陈一"]),
    ):
        assert listed(desk.opens(f"/office/visits?{query}")) == expected, query


def test_the_log_shows_the_amended_visit_once(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper)
    district.visit(home, district.li, replaces=district.visit(home, district.li))
    page = desk.opens("/office/visits")
    assert listed(page) == ["陈一"]
    assert "已补正" in page


def test_the_log_holds_the_supervisors_own_town_only(district: District, desk_of: Callable[[str], Desk]) -> None:
    district.visit(district.household("陈一", district.upper), district.li)
    district.visit(district.household("远一", district.far), district.zhang)
    assert listed(desk_of("S01").opens("/office/visits")) == ["陈一"]
    assert listed(desk_of("S02").opens("/office/visits")) == ["远一"]
    assert listed(desk_of("S03").opens("/office/visits")) == ["远一", "陈一"]
