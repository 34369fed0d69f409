"""Records in their process, and their deadlines, as a supervisor reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from fieldsvc.services import published, register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.workdays import day_of
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments
from tests.office.test_waiting import sends_edit
from tests.support.shipped import dataset


def day(moments: Moments, ahead: int = 0) -> str:
    return (day_of(moments.now, "Asia/Shanghai") + timedelta(days=ahead)).isoformat()


@pytest.fixture
def by(district: District) -> Actor:
    return district.actor(district.supervisor)


@pytest.fixture
def home(district: District, ctx: Context) -> str:
    """A household in a county that has the shipped processes."""
    console = district.actor(district.person("孙管理", "A01", role="administrator", area=district.county))
    for name in ("housing_cases", "housing_payments", "problems", "identifications"):
        definition = dataset(name)
        published.publish_dataset(ctx, console, definition, digest=definition["version"])
    return district.household("陈一", district.upper, helper=district.li)


@pytest.fixture
def house(home: str, ctx: Context, by: Actor, moments: Moments) -> str:
    """The renovation of its house: the notice went up eight days ago."""
    begun = {
        "title": "2026 年改造",
        "stage": "noticed",
        "applied_on": day(moments, -20),
        "discussed_on": day(moments, -12),
        "noticed_on": day(moments, -8),
        "grade": "D",
    }
    return register.create(ctx, by, "housing_cases", begun, subject_id=home)


def moves(ctx: Context, by: Actor, record: str, version: int, **changes: str) -> int:
    return register.edit(ctx, by, record, changes, seen_version=version, reason="x")


def test_the_household_shows_the_bar_who_moved_it_and_what_comes_next(desk: Desk, home: str, house: str) -> None:
    page = desk.opens(f"/office/households/{home}")
    assert '<li class="now" aria-current="step">' in page
    plain = text(page)
    assert "危房改造 2026 年改造" in plain
    assert "申请 、已完成 11月2日" in plain
    assert "公示 、当前 11月14日 王审核" in plain
    assert "王审核" in plain
    assert "鉴定等级 （已有）" in plain
    assert "鉴定日期 （缺）" in plain


def test_a_stage_beside_the_line_is_said_at_the_top(
    desk: Desk, home: str, ctx: Context, by: Actor, moments: Moments
) -> None:
    problem = register.create(
        ctx,
        by,
        "problems",
        {
            "status": "proposed",
            "found_on": day(moments, -9),
            "done_on": day(moments, -1),
            "measures": "x",
            "unit": "村委会",
            "problem": "屋顶漏雨",
        },
        subject_id=home,
    )
    moves(ctx, by, problem, 1, status="returned")
    page = desk.opens(f"/office/households/{home}")
    assert '<span class="due over">退回</span>' in page
    assert "屋顶漏雨" in page


def test_the_deadline_is_told_in_working_days_and_then_as_overdue(
    desk_of: Callable[[str], Desk], home: str, house: str, ctx: Context, by: Actor, moments: Moments
) -> None:
    moves(ctx, by, house, 1, stage="reviewed", reviewed_on=day(moments), appraised_on=day(moments, -15))
    moments.now += 23 * 86_400_000
    desk = desk_of("S01")
    front = text(desk.opens("/office/"))
    assert "1 项时限一周内到期" in front
    shown = desk.opens("/office/deadlines")
    assert '<td class="short">审核</td><td class="short">审批时限</td>' in shown, "each is read in one go"
    listed = text(shown)
    assert "陈一 岩寺镇 上村 危房改造 2026 年改造 审核 审批时限" in listed
    assert "个工作日" in listed
    assert "个工作日" in text(desk.opens(f"/office/households/{home}"))

    moments.now += 20 * 86_400_000
    desk = desk_of("S01")
    assert "1 项时限已过期" in text(desk.opens("/office/"))
    assert "已过期" in text(desk.opens("/office/deadlines"))


def test_no_deadline_leaves_an_empty_list(desk: Desk, home: str) -> None:
    assert "没有过期的" in desk.opens("/office/deadlines")


def test_the_clause_that_fired_and_what_rules_it_out_are_shown(
    desk: Desk, home: str, ctx: Context, by: Actor, moments: Moments
) -> None:
    answers = {
        "stage": "applied",
        "applied_on": day(moments),
        "people": "4",
        "income_total": "9000",
        "seven_nos": "vehicle",
    }
    register.create(ctx, by, "identifications", answers, subject_id=home)
    page = text(desk.opens(f"/office/households/{home}"))
    assert "符合的认定条件：家庭人均稳定收入低于识别线 " in page
    assert "有不予认定的情形" in page


def test_a_correction_against_a_rule_says_which_and_is_saved_as_an_exception(
    desk: Desk, home: str, house: str, ctx: Context, moments: Moments
) -> None:
    page = f"/office/households/{home}/correct?entity={house}&property=stage"
    answer = desk.sends(f"/office/households/{home}/correct", page, value__stage="approved", reason="补录")
    assert answer.status_code == 422
    said = text(answer.get_data(as_text=True))
    assert "跳过了「审核」，没有日期" in said
    assert "仍按此保存" in said
    again = desk.sends(
        f"/office/households/{home}/correct", page, value__stage="approved", reason="补录", override="yes"
    )
    assert again.status_code == 302
    assert "审批 、当前" in text(desk.opens(f"/office/households/{home}"))


def test_a_second_benefit_of_a_kind_is_said_at_the_desk_and_saved_only_as_an_exception(
    desk: Desk, home: str, ctx: Context, by: Actor
) -> None:
    register.create(ctx, by, "housing_cases", {"title": "2025 年改造", "kind": "rebuild"}, subject_id=home)
    second = register.create(ctx, by, "housing_cases", {"title": "又一份"}, subject_id=home)
    page = f"/office/households/{home}/correct?entity={second}&property=kind"
    answer = desk.sends(f"/office/households/{home}/correct", page, value__kind="rebuild", reason="补录")
    assert answer.status_code == 422
    assert "「2025 年改造」已经有了，「又一份」与它重复" in text(answer.get_data(as_text=True))
    again = desk.sends(f"/office/households/{home}/correct", page, value__kind="rebuild", reason="补录", override="yes")
    assert again.status_code == 302


def test_an_exception_needs_a_reason_on_the_page_too(
    desk: Desk, home: str, house: str, ctx: Context, district: District, moments: Moments
) -> None:
    operation = sends_edit(district, ctx, district.li, home, {"stage": "approved"}, of=("housing_cases", house))
    page = text(desk.opens(f"/office/waiting/{operation}"))
    assert "跳过了「审核」，没有日期" in page
    assert "同意例外" in page
    assert desk.sends(f"/office/waiting/{operation}", action="accept").status_code == 422
    assert desk.sends(f"/office/waiting/{operation}", action="accept", reason="县里已批").status_code == 302


def test_a_step_is_made_in_the_office_with_what_its_stage_asks_for(
    desk: Desk, home: str, house: str, ctx: Context, moments: Moments
) -> None:
    page = desk.opens(f"/office/households/{home}")
    assert "办理：审核" in page
    way = f"/office/households/{home}/move?entity={house}&stage=reviewed"
    form = desk.opens(way)
    assert day(moments) in form, "today is filled in"
    assert "鉴定日期" in form
    short = desk.sends(f"/office/households/{home}/move", way, value__reviewed_on=day(moments), value__grade="D")
    assert short.status_code == 422
    assert "「审核」缺少鉴定日期" in text(short.get_data(as_text=True))
    whole = {"value__reviewed_on": day(moments), "value__grade": "D", "value__appraised_on": day(moments, -15)}
    assert desk.sends(f"/office/households/{home}/move", way, **whole).status_code == 302
    assert "审核 、当前" in text(desk.opens(f"/office/households/{home}"))


def test_a_step_against_a_rule_is_an_exception_with_a_reason_or_none(
    desk: Desk, home: str, ctx: Context, by: Actor, moments: Moments
) -> None:
    begun = {
        "stage": "noticed",
        "applied_on": day(moments, -9),
        "discussed_on": day(moments, -8),
        "noticed_on": day(moments, -2),
        "grade": "D",
        "appraised_on": day(moments, -9),
    }
    house = register.create(ctx, by, "housing_cases", begun, subject_id=home)
    way, to = f"/office/households/{home}/move?entity={house}&stage=reviewed", f"/office/households/{home}/move"
    filled = {"value__reviewed_on": day(moments), "value__grade": "D", "value__appraised_on": day(moments, -9)}
    refused = desk.sends(to, way, **filled)
    assert "不足 7 天" in text(refused.get_data(as_text=True))
    assert desk.sends(to, way, **filled, override="yes").status_code == 422
    assert desk.sends(to, way, **filled, override="yes", reason="汛期").status_code == 302


def test_a_stage_that_does_not_follow_has_no_page(desk: Desk, home: str, house: str) -> None:
    assert desk.asks(f"/office/households/{home}/move?entity={house}&stage=paid") == 404
    assert desk.asks(f"/office/households/{home}/move?entity={home}&stage=paid") == 404
