"""注销: the office closes several households that are gone at once, and is told which stay open and why."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fieldsvc.services.context import Context
from fieldsvc.store import household_record
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.gone_world import keeps_who_is_gone


@pytest.fixture(autouse=True)
def ledger(ctx: Context, district: District) -> None:
    """The county keeps why a household is gone."""
    keeps_who_is_gone(ctx, district)


def gone(district: District, name: str, number: str, area: str | None = None) -> str:
    """A household that all of it has left."""
    return district.household(name, area or district.upper, hh_no=number, gone_reason="moved", gone_on="2026-11-02")


def keys(page: str) -> dict[str, str]:
    """The boxes of the page that may be ticked, by the household's number."""
    found = re.findall(r'name="home" value="([^"]+)" aria-label="[^"]* (\w+)">', page)
    return {number: key for key, number in found}


def closed(ctx: Context, *ids: str) -> list[bool]:
    """Which of these are closed."""
    with ctx.db.read() as session:
        known = household_record.entities(session, FEED, ids)
        return [known[one].deleted for one in ids]


def test_those_that_are_chosen_are_closed_together_after_a_look_at_what_it_does(
    desk: Desk, district: District, ctx: Context
) -> None:
    first, second, third = (gone(district, f"陈{n}", f"000{n}") for n in (1, 2, 3))
    district.member(first, "陈小一", relation="儿子")
    boxes = keys(desk.opens("/office/households/gone?is.gone_reason=moved"))
    address = "/office/households/close?is.gone_reason=moved"
    asked = desk.sends(address, page="/office/", home=[boxes["0001"], boxes["0002"]])
    page = text(asked.get_data(as_text=True))
    for words in ("岩寺镇 · 整户减少原因: 整户迁出", "将注销 2 户", "0001 · 家庭成员 1 人", "注销不能撤回"):
        assert words in page
    assert closed(ctx, first, second) == [False, False]
    both = {"home": [boxes["0001"], boxes["0002"]], "sure": "1", "reason": "村里核实"}
    answer = desk.sends(address, page="/office/", **both)
    assert answer.location == "/office/households/gone?is.gone_reason=moved"
    assert closed(ctx, first, second, third) == [True, True, False]
    assert "已注销 2 户" in text(desk.opens(answer.location))
    assert "这户已注销" in text(desk.opens(f"/office/households/{first}"))
    again = desk.sends(address, page="/office/", **both)
    assert "2 户早已注销" in text(desk.opens(again.location))


def test_one_that_something_waits_about_cannot_be_chosen_and_says_why(
    desk: Desk, district: District, ctx: Context
) -> None:
    busy, free = gone(district, "陈一", "0001"), gone(district, "陈二", "0002")
    district.visit(busy, district.li)
    district.conflict(busy, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    district.record(busy, "housing_cases", "重建", stage="started")
    page = desk.opens("/office/households/gone")
    assert keys(page).keys() == {"0002"}
    assert '<td class="short">11月2日</td><td class="number" data-label="档案中人数">0</td>' in page
    assert "1 处不一致待审定" in text(page)
    assert re.search(r"\d 份走访或登记还没有审定", text(page))
    told = desk.sends(
        "/office/households/close", page="/office/", home=[f"{busy}~1", f"{free}~1"], sure="1", reason="村里核实"
    )
    assert "已注销 1 户" in text(told.get_data(as_text=True))
    assert "下列 1 户没有注销： 陈一 0001" in text(told.get_data(as_text=True))
    assert closed(ctx, busy, free) == [False, True]


def test_without_a_reason_or_a_choice_nothing_is_closed(desk: Desk, district: District, ctx: Context) -> None:
    home = gone(district, "陈一", "0001")
    nothing = desk.sends("/office/households/close", page="/office/")
    silent = desk.sends("/office/households/close", page="/office/", home=f"{home}~1", sure="1", reason=" ")
    assert "请先勾选要注销的农户" in nothing.get_data(as_text=True)
    assert "请写明注销依据" in silent.get_data(as_text=True)
    assert (nothing.status_code, silent.status_code) == (422, 422)
    assert closed(ctx, home) == [False]


def test_a_household_of_another_town_is_neither_listed_nor_closed(
    desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    ours, theirs = gone(district, "陈一", "0001"), gone(district, "远一", "0009", district.far)
    desk = desk_of("S01")
    assert keys(desk.opens("/office/households/gone")).keys() == {"0001"}
    alone = desk.sends("/office/households/close", page="/office/", home=f"{theirs}~1", sure="1", reason="村里核实")
    assert alone.status_code == 404
    asked = desk.sends("/office/households/close", page="/office/", home=[f"{ours}~1", f"{theirs}~1"])
    assert "远一" not in asked.get_data(as_text=True)
    desk.sends("/office/households/close", page="/office/", home=[f"{ours}~1", f"{theirs}~1"], sure="1", reason="核实")
    assert closed(ctx, ours, theirs) == [True, False]
    assert "1 户不在您负责的区域内" in text(desk.opens("/office/households/gone"))


def test_a_household_that_should_never_have_been_there_is_closed_from_its_own_page(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, hh_no="0001")
    page = desk.opens(f"/office/households/{home}")
    assert f'name="home" value="{home}~1"' in page
    address = f"/office/households/close?one={home}"
    assert "将注销 1 户" in text(desk.sends(address, page="/office/", home=f"{home}~1").get_data(as_text=True))
    answer = desk.sends(address, page="/office/", home=f"{home}~1", sure="1", reason="重复登记")
    assert answer.location == f"/office/households/{home}"
    assert closed(ctx, home) == [True]
    page = desk.opens(answer.location)
    assert 'name="home"' not in page
