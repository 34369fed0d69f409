"""Two approvals: the town's passes a visit on, the county's ends the review, and both stay in the history."""

import dataclasses
from collections.abc import Callable

import pytest

from fieldsvc.services.context import Context
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.test_deciding_visits import ANSWERS, notices, state_of
from tests.office.test_the_log import listed


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """A county in which two people approve."""
    return dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, review_levels=2))


@pytest.fixture
def visit(district: District) -> str:
    return district.visit(district.household("陈一", district.upper, helper=district.li), district.li, ANSWERS)


def test_the_town_passes_a_visit_on_and_the_county_approves_it(
    district: District, desk_of: Callable[[str], Desk], ctx: Context, visit: str
) -> None:
    town, county = desk_of("S01"), desk_of("S03")
    assert listed(county.opens("/office/review")) == [], "nothing has been passed on yet"
    town.sends(f"/office/visits/{visit}", action="approve")
    assert state_of(ctx, visit) == "passed"
    assert listed(town.opens("/office/review")) == []
    page = county.opens("/office/review")
    assert listed(page) == ["陈一"]
    assert "待初审 0 待终审 1" in text(page)
    county.sends(f"/office/visits/{visit}?queue=flags&state=passed", action="approve")
    assert state_of(ctx, visit) == "approved"
    history = text(county.opens(f"/office/visits/{visit}"))
    assert history.index("钱审核审核通过") < history.index("王审核初审通过")
    assert [notice["state"] for notice in notices(ctx, district.li)] == ["passed", "approved"]


def test_a_town_may_not_give_the_last_word_but_may_take_its_own_back(
    desk_of: Callable[[str], Desk], ctx: Context, visit: str
) -> None:
    town = desk_of("S01")
    town.sends(f"/office/visits/{visit}", action="approve")
    assert 'value="approve"' not in town.opens(f"/office/visits/{visit}")
    refused = town.sends(f"/office/visits/{visit}", action="approve")
    assert refused.status_code == 403
    assert "须由县级另一位审核人终审" in refused.text
    assert state_of(ctx, visit) == "passed"
    town.sends(f"/office/visits/{visit}", action="doubt", comment="照片不像这户")
    assert state_of(ctx, visit) == "doubt"


def test_whoever_gave_the_first_approval_does_not_give_the_second(
    desk_of: Callable[[str], Desk], district: District, ctx: Context, visit: str
) -> None:
    district.person("周主任", "S04", role="supervisor", area=district.county)
    county = desk_of("S03")
    county.sends(f"/office/visits/{visit}", action="approve")
    assert state_of(ctx, visit) == "passed"
    assert county.sends(f"/office/visits/{visit}", action="approve").status_code == 403
    desk_of("S04").sends(f"/office/visits/{visit}", action="approve")
    assert state_of(ctx, visit) == "approved"


def test_what_the_county_returns_begins_again_in_the_town(
    desk_of: Callable[[str], Desk], district: District, ctx: Context, visit: str
) -> None:
    desk_of("S01").sends(f"/office/visits/{visit}", action="approve")
    desk_of("S03").sends(f"/office/visits/{visit}", action="return", comment="请补照片")
    assert [notice["kind"] for notice in notices(ctx, district.li)] == ["approval", "return"]
    with ctx.db.read() as session:
        home = district.submission(session, visit).subject_id
    again = district.visit(home, district.li, ANSWERS, replaces=visit)
    desk_of("S01").sends(f"/office/visits/{again}", action="approve")
    assert state_of(ctx, again) == "passed"


def test_the_county_can_look_at_what_waits_in_the_towns(desk_of: Callable[[str], Desk], visit: str) -> None:
    assert listed(desk_of("S03").opens("/office/review?state=waiting")) == ["陈一"]
    assert listed(desk_of("S01").opens("/office/review?state=passed")) == []
