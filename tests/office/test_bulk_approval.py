"""Approving many at once: only what asks for nobody, each with an entry of its own, and the history says so."""

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import select

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments
from tests.office.test_deciding_visits import notices, state_of
from tests.office.test_the_log import listed


@pytest.fixture
def ctx(ctx: Context, request: pytest.FixtureRequest) -> Context:
    """A county that draws nothing at random, so that a test knows what is left; or as many as a test says."""
    percent = getattr(request, "param", 0)
    return dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, review_share_percent=percent))


def plain(district: District, number: int) -> list[str]:
    return [
        district.visit(district.household(f"户{index}", district.upper, helper=district.li), district.li)
        for index in range(number)
    ]


def test_what_has_a_flag_or_a_conflict_is_left_for_a_person(desk: Desk, district: District, ctx: Context) -> None:
    calm = plain(district, 3)
    flagged = district.visit(district.household("旗", district.upper), district.li, flags={"evidence": 1})
    home = district.household("争", district.upper, water="well")
    district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    page = text(desk.opens("/office/review/approve?queue=all"))
    assert "3 条走访将一起通过" in page
    assert "1 条有标记" in page
    assert "2 条有待审定的不一致" in page
    desk.sends("/office/review/approve?queue=all")
    assert [state_of(ctx, visit) for visit in calm] == ["approved"] * 3
    assert state_of(ctx, flagged) == "waiting"
    assert listed(desk.opens("/office/review?queue=all")) == ["旗", "争", "争"]


def test_each_visit_has_its_own_entry_and_its_history_names_the_bulk_and_its_filter(
    desk: Desk, district: District, ctx: Context
) -> None:
    visits = plain(district, 2)
    desk.sends(f"/office/review/approve?queue=all&month=202611&area={district.upper}")
    with ctx.db.read() as session:
        traces = session.scalars(select(AuditRow).where(AuditRow.action == "visit-approve")).all()
    assert {trace.thing for trace in traces} == {f"submission:{visit}" for visit in visits}
    assert {(trace.detail or {})["bulk"] for trace in traces} == {2}
    history = text(desk.opens(f"/office/visits/{visits[0]}"))
    assert "王审核审核通过（批量，共 2 条：2026年11月 · 上村 · 截止 11月22日 09:02）" in history
    assert [notice["state"] for notice in notices(ctx, district.li)] == ["approved", "approved"]


def test_a_visit_that_arrives_after_the_page_was_drawn_is_not_approved_with_it(
    desk: Desk, district: District, ctx: Context, moments: Moments
) -> None:
    [old] = plain(district, 1)
    until = moments.now
    late = district.visit(district.household("迟", district.upper), district.li)
    desk.sends("/office/review/approve?queue=all", page="/office/", until=str(until))
    assert (state_of(ctx, old), state_of(ctx, late)) == ("approved", "waiting")


def test_without_the_pages_moment_nothing_is_approved(desk: Desk, district: District, ctx: Context) -> None:
    [visit] = plain(district, 1)
    desk.sends("/office/review/approve?queue=all", page="/office/")
    assert state_of(ctx, visit) == "waiting"


def test_another_towns_visits_are_never_among_them(
    desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    [visit] = plain(district, 1)
    other = desk_of("S02")
    assert "0 条走访将一起通过" in text(other.opens("/office/review/approve"))
    other.sends("/office/review/approve?queue=all")
    assert state_of(ctx, visit) == "waiting"
    assert other.sends(f"/office/review/approve?area={district.upper}", page="/office/").status_code == 404


@pytest.mark.parametrize("ctx", [100], indirect=True)
def test_what_was_drawn_at_random_has_to_be_read(desk: Desk, district: District, ctx: Context) -> None:
    [visit] = plain(district, 1)
    assert "1 条被随机抽中，要逐条看" in text(desk.opens("/office/review/approve"))
    desk.sends("/office/review/approve")
    assert state_of(ctx, visit) == "waiting"
