"""结对交接: households that change hands, at once or on a day, and who may see to it."""

from collections.abc import Callable
from datetime import date

import pytest

from fieldsvc.services import assignments
from fieldsvc.services.context import Context
from fieldsvc.services.handover import plan
from fieldsvc.store import people, scope, staff
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments
from tests.office.test_deciding_visits import notices


@pytest.fixture
def homes(district: District) -> list[str]:
    """Three households of 李: two in the reader's town, one in another."""
    places = (district.upper, district.lower, district.far)
    names = ("陈一", "周二", "钱六")
    return [district.household(name, place, helper=district.li) for name, place in zip(names, places, strict=True)]


def held(ctx: Context, person: str, homes: list[str]) -> list[int]:
    """Which of the households, by their place in the list, are on somebody's phone."""
    with ctx.db.read() as session:
        mine = scope.held(session, FEED, person, homes)
    return [number for number, home in enumerate(homes) if home in mine]


def test_chosen_households_change_hands_at_once_and_the_giver_is_told(
    desk: Desk, district: District, ctx: Context, homes: list[str]
) -> None:
    path = f"/office/assignments/{district.li}"
    assert "李帮扶 镇政府 C01 在岗 2 户" in text(desk.opens("/office/assignments"))
    reply = desk.sends(path, which="chosen", subject=homes[0], taker="C02", reason="调岗")
    assert reply.status_code == 302
    assert (held(ctx, district.li, homes), held(ctx, district.zhang, homes)) == ([1, 2], [0])
    assert [(one["kind"], one["label"], one["reason"]) for one in notices(ctx, district.li)] == [
        ("handover", "陈一", "调岗")
    ]
    page = text(desk.opens(path))
    assert "11月22日 · 交给 张帮扶 · 已交接 1 户 · 调岗 王审核" in page
    assert "以前结对的 1 户" in page


def test_all_of_a_cadre_means_all_within_the_readers_reach(
    desk: Desk, district: District, ctx: Context, homes: list[str]
) -> None:
    desk.sends(f"/office/assignments/{district.li}", which="all", taker="C02")
    assert (held(ctx, district.li, homes), held(ctx, district.zhang, homes)) == ([2], [0, 1])


def test_a_handover_of_tomorrow_waits_for_tomorrow_and_takes_what_is_there_by_then(
    desk: Desk, district: District, ctx: Context, homes: list[str], moments: Moments
) -> None:
    desk.sends(f"/office/assignments/{district.li}", which="all", taker="C02", day="2026-11-23")
    assert "11月23日 · 李帮扶 交给 张帮扶 · 届时的全部农户" in text(desk.opens("/office/assignments"))
    planned = text(desk.opens(f"/office/assignments/{district.li}"))
    assert "11月23日 · 交给 张帮扶 · 届时的全部农户 · 待执行" in planned
    moments.later(hours=14)
    assert plan.carry_out_due(ctx) == 0
    district.unassign(homes[1], district.li)
    moments.later(hours=2)
    assert plan.carry_out_due(ctx) == 1
    assert (held(ctx, district.li, homes), held(ctx, district.zhang, homes)) == ([2], [0])
    assert plan.carry_out_due(ctx) == 0
    desk.signs_in("S01")
    assert "已交接 1 户" in desk.opens(f"/office/assignments/{district.li}")


def test_a_plan_can_be_taken_back_until_its_day_and_not_after(
    desk: Desk, district: District, ctx: Context, homes: list[str], moments: Moments
) -> None:
    by = district.actor(district.supervisor)
    for day in (23, 24):
        plan.hand_over(ctx, by, giver=district.li, taker="C02", subjects=homes[:1], day=date(2026, 11, day))
    page = desk.opens("/office/assignments")
    first, second = [part.split('"')[0] for part in page.split('action="/office/handovers/')[1:]]
    assert "已撤销，农户不变。" in _after(desk, f"/office/handovers/{first}")
    moments.later(days=3)
    assert plan.carry_out_due(ctx) == 1
    desk.signs_in("S01")
    assert "交接已经执行或撤销过。" in _after(desk, f"/office/handovers/{second}")


def test_a_plan_is_taken_back_where_it_was_made_and_one_returns_there(
    desk: Desk, district: District, ctx: Context, homes: list[str]
) -> None:
    by = district.actor(district.supervisor)
    plan.hand_over(ctx, by, giver=district.li, taker="C02", subjects=homes[:1], day=date(2026, 11, 30))
    page = f"/office/assignments/{district.li}"
    [rest] = desk.opens(page).split('action="/office/handovers/')[1:]
    sent = desk.sends(f"/office/handovers/{rest.split(chr(34))[0]}", page=page)
    assert sent.location == page
    assert "已撤销，农户不变。" in desk.opens(page)
    assert "/office/handovers/" not in desk.opens(page)


def _after(desk: Desk, path: str) -> str:
    desk.sends(path, page="/office/assignments")
    return desk.opens("/office/assignments")


def test_nothing_is_handed_to_somebody_who_retired_before_the_day(
    district: District, ctx: Context, homes: list[str], moments: Moments, desk: Desk
) -> None:
    by = district.actor(district.supervisor)
    plan.hand_over(ctx, by, giver=district.li, taker="C02", subjects=None, day=date(2026, 11, 23))
    with ctx.db.write() as session:
        staff.change(session, district.zhang, {"active": False})
    moments.later(days=1)
    plan.carry_out_due(ctx)
    assert held(ctx, district.li, homes) == [0, 1, 2]
    desk.signs_in("S01")
    assert "没有交接：接手人已停用" in desk.opens(f"/office/assignments/{district.li}")


@pytest.mark.parametrize("retired", [True, False])
def test_a_plan_of_somebody_who_may_not_assign_any_more_fails_on_its_day(
    district: District, ctx: Context, homes: list[str], moments: Moments, desk_of: Callable[[str], Desk], retired: bool
) -> None:
    by = district.actor(district.supervisor)
    plan.hand_over(ctx, by, giver=district.li, taker="C02", subjects=None, day=date(2026, 11, 23))
    with ctx.db.write() as session:
        if retired:
            staff.change(session, district.supervisor, {"active": False})
        else:
            people.end_role(session, district.supervisor, "supervisor", district.east, moments.now)
    moments.later(days=1)
    plan.carry_out_due(ctx)
    assert held(ctx, district.li, homes) == [0, 1, 2]
    assert "或安排人已停用、不再管结对" in desk_of("S03").opens(f"/office/assignments/{district.li}")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"which": "chosen", "taker": "C02"}, "请勾选要交接的户。"),
        ({"which": "all", "taker": "nobody"}, "找不到接手的人。"),
        ({"which": "all", "taker": "C01"}, "找不到接手的人。"),
        ({"which": "all", "taker": "C02", "day": "soon"}, "日期看不懂"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes_hands(
    desk: Desk, district: District, ctx: Context, homes: list[str], sent: dict[str, str], told: str
) -> None:
    reply = desk.sends(f"/office/assignments/{district.li}", **sent)
    assert reply.status_code == 422
    assert told in reply.text
    assert held(ctx, district.li, homes) == [0, 1, 2]


def test_another_towns_household_cannot_be_given_away(
    desk: Desk, district: District, ctx: Context, homes: list[str], desk_of: Callable[[str], Desk]
) -> None:
    reply = desk.sends(f"/office/assignments/{district.li}", which="chosen", subject=homes[2], taker="C02")
    assert reply.status_code == 404
    district.hand_over(homes[2], district.li, district.zhang)
    other = desk_of("S02")
    # What 李 had in 富堨镇 is history there; the households of 岩寺镇 are not shown.
    assert "陈一" not in other.opens(f"/office/assignments/{district.li}")
    assert held(ctx, district.li, homes) == [0, 1]


def test_households_and_whole_areas_can_be_ended_without_a_taker(
    desk: Desk, district: District, ctx: Context, homes: list[str]
) -> None:
    path = f"/office/assignments/{district.li}"
    desk.sends(path, which="end", subject=homes[0])
    assert held(ctx, district.li, homes) == [1, 2]
    by = district.actor(district.supervisor)
    whole = assignments.assign(ctx, by, district.zhang, area_id=district.upper, role="checker")
    path = f"/office/assignments/{district.zhang}"
    assert "上村 · 核查人" in text(desk.opens(path))
    assert held(ctx, district.zhang, homes) == [0]
    desk.sends(path, which="end", assignment=whole)
    assert held(ctx, district.zhang, homes) == []
