"""Campaigns: a frozen list, its coverage by village and town, what was added later, and what is still to visit."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from fieldsvc.services.context import Context
from fieldsvc.store import staff
from tests.imports.sheets_made import csv
from tests.office.desk import Desk, hidden, text
from tests.office.district import District

DAY = 86_400_000


def makes(desk: Desk, area: str, data: bytes | None = None, **more: str) -> Any:
    fields: dict[str, Any] = {**hidden(desk.opens("/office/campaigns/new")), "name": "大排查", "area": area}
    fields |= {"begins": "2026-11-20", "ends": "2026-11-30", **more}
    if data is not None:
        fields["file"] = (io.BytesIO(data), "名单.csv")
    return desk.client.post("/office/campaigns/new", data=fields)


@pytest.fixture
def county(desk_of: Callable[[str], Desk]) -> Callable[[], Desk]:
    return lambda: desk_of("S03")


def villages(page: str) -> dict[str, str]:
    """What the tables say, by the area's name."""
    rows = [text(one).strip() for one in re.findall(r"<tr><th.*?</tr>", page, re.DOTALL)]
    return {
        re.split(r" (?=\d)", row, maxsplit=1)[0]: re.split(r" (?=\d)", row, maxsplit=1)[1]
        for row in rows
        if re.search(r" \d", row)
    }


def test_a_list_is_frozen_and_covered_by_visits_of_its_days_with_both_counts_beside_the_share(
    district: District, county: Callable[[], Desk]
) -> None:
    homes = [district.household(f"陈{n}", district.upper, helper=district.li, hh_no=f"00{n}") for n in range(3)]
    far = district.household("远一", district.far, hh_no="101")
    desk = county()
    address = makes(desk, district.county).location
    late = district.household("新户", district.upper, hh_no="009")
    district.visit(homes[0], district.li)
    amended = district.visit(homes[1], district.li)
    district.visit(homes[1], district.li, replaces=amended)
    district.visit(late, district.li)
    page = desk.opens(address)
    counted = villages(page)
    assert counted["岩寺镇"] == counted["岩寺镇 上村"] == "3 66.7 %（2/3） 0 0 1"
    assert counted["合计"] == "4 50.0 %（2/4） 0 0 2"
    assert "李帮扶" not in text(page), "coverage counts households, never people"
    assert desk.sends(address, step="add", number="009", reason="").status_code == 422
    desk.sends(address, step="add", number="009", reason="漏登的一户")
    assert villages(desk.opens(address))["岩寺镇 上村"] == "3 66.7 %（2/3） +1 100.0 %（1/1） 0 1"
    assert "名单上已有这一户" in desk.client.post(
        address,
        data={**hidden(desk.opens(address)), "step": "add", "number": "009", "reason": "又"},
        follow_redirects=True,
    ).get_data(as_text=True)
    walk = text(desk.opens(f"{address}/unvisited"))
    assert "陈2" in walk
    assert "远一" in walk
    assert "陈0" not in walk
    assert far


def test_visits_before_it_do_not_count_and_those_after_it_stand_beside(
    district: District, county: Callable[[], Desk]
) -> None:
    one, two = (district.household(name, district.upper) for name in ("陈一", "陈二"))
    district.visit(one, district.li)
    desk = county()
    begins = makes(desk, district.county, begins="2026-11-23", ends="2026-11-23").location
    district.moments.later(days=1)
    district.visit(two, district.li)
    district.moments.later(days=2)
    district.visit(one, district.li)
    later = county()
    assert villages(later.opens(begins))["岩寺镇 上村"] == "2 50.0 %（1/2） 0 +1 0"
    assert "已结束" in text(later.opens("/office/campaigns"))


def test_only_its_form_and_only_its_households_count(district: District, county: Callable[[], Desk]) -> None:
    one = district.household("陈一", district.upper, house_grade="D")
    district.household("陈二", district.upper, house_grade="A")
    desk = county()
    district.visit(one, district.li)
    other = makes(desk, district.county, form="check")
    assert other.status_code == 404, "there is no such form"
    address = makes(desk, district.county, form="visit", condition="water=well").location
    assert "名单上的农户" in text(desk.opens(address))


def test_a_list_from_a_sheet_is_made_whole_or_not_at_all(district: District, county: Callable[[], Desk]) -> None:
    for number in ("001", "002", "003"):
        district.household(f"户{number}", district.upper, hh_no=number)
    desk = county()
    wrong = makes(desk, district.county, csv(("户编号", "姓名"), ("001", "x"), ("077", "y"), encoding="gb18030"))
    assert wrong.status_code == 422
    assert "1 个户编号在区域内找不到或有两户：077" in wrong.get_data(as_text=True)
    assert "还没有专项任务" in desk.opens("/office/campaigns")
    address = makes(desk, district.county, csv(("户编号",), ("001",), ("003",))).location
    page = desk.opens(address)
    assert villages(page)["岩寺镇 上村"].startswith("2 ")
    assert "名单来自 名单.csv" in page
    assert makes(desk, district.county, b"no sheet").status_code in (302, 422)
    assert makes(desk, district.county, ends="2026-11-01").status_code == 422
    endless = makes(desk, district.county, ends="9999-12-31")
    assert endless.status_code == 422
    assert "也不能填 9999-12-31" in endless.get_data(as_text=True)


def test_a_town_sees_the_countys_campaigns_for_its_own_villages_and_never_another_towns(
    district: District, county: Callable[[], Desk], desk_of: Callable[[str], Desk]
) -> None:
    district.household("陈一", district.upper)
    district.household("远一", district.far)
    whole = makes(county(), district.county).location
    east, west = desk_of("S01"), desk_of("S02")
    own = makes(west, district.west, name="富堨自查").location
    assert set(villages(east.opens(whole))) == {"岩寺镇 上村", "合计"}
    assert "远一" not in east.opens(f"{whole}/unvisited")
    assert east.asks(f"{whole}/unvisited?area={district.far}") == 404
    assert east.asks(own) == east.asks(f"{own}/unvisited") == east.asks("/office/campaigns/nothing") == 404
    assert "富堨自查" not in east.opens("/office/campaigns")
    assert makes(east, district.west).status_code == 404
    assert east.sends(whole, step="add", number="001", reason="x").status_code == 422, (
        "the county's list is the county's"
    )
    for checkers, checked in ((district.east, district.west), (district.upper, district.lower)):
        assert east.sends(whole, step="cross", checkers=checkers, checked=checked).status_code == 404


def test_one_town_checks_another_from_the_campaigns_page(
    district: District, county: Callable[[], Desk], ctx: Context
) -> None:
    district.household("陈一", district.upper, helper=district.li)
    district.household("远一", district.far, helper=district.zhang)
    desk = county()
    address = makes(desk, district.county).location
    desk.sends(address, step="cross", checkers=district.east, checked=district.west)
    page = text(desk.opens(address))
    assert "岩寺镇查富堨镇 1 人，1 户" in page
    desk.sends(address, step="cross", checkers=district.east, checked=district.west)
    assert text(desk.opens(address)).count("岩寺镇查富堨镇") == 1
    assert desk.sends(address, step="cross", checkers=district.east, checked=district.upper).status_code == 404


def test_a_check_whose_arranger_may_not_assign_any_more_says_why_it_waits(
    district: District, county: Callable[[], Desk], desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    district.household("陈一", district.upper, helper=district.li)
    district.household("远一", district.far, helper=district.zhang)
    desk = county()
    address = makes(desk, district.county, begins="2026-11-24").location
    desk.sends(address, step="cross", checkers=district.east, checked=district.west)
    assert "任务开始时分派" in desk.opens(address)
    with ctx.db.write() as session:
        staff.change(session, district.colleague, {"active": False})
    district.person("孙审核", "S04", role="supervisor", area=district.county)
    district.moments.later(days=3)
    other = desk_of("S04")
    page = text(other.opens(address))
    assert "安排的人已无权在两地结对" in page
    assert "任务开始时分派" not in page
    other.sends(address, step="cross", checkers=district.east, checked=district.west)
    assert "岩寺镇查富堨镇 1 人，1 户" in text(other.opens(address))
