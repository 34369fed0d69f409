"""A household is visited by a form that says it is a visit, and by none that does not, wherever visits are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fieldsvc.services import published
from fieldsvc.services.context import Context
from fieldsvc.store.tables import SubmissionRow
from tests.office.definitions import VISIT
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.test_campaigns import makes, villages
from tests.office.test_the_log import listed


def publishes(ctx: Context, district: District, form: str, version: str, **more: Any) -> None:
    """The county has a form of this name from now on."""
    admin = district.actor(district.person("县管理员", f"A{form}{version}", role="administrator", area=district.county))
    definition: Mapping[str, Any] = {**VISIT, "form": form, "version": version, **more}
    published.publish_form(ctx, admin, definition, digest=f"{form}/{version}")


@pytest.fixture
def home(district: District, ctx: Context) -> str:
    """A household of which a paper was filed this month, and that nobody visited."""
    publishes(ctx, district, "archive_papers", "1")
    home = district.household("陈一", district.upper, helper=district.li, hh_no="001", home_gps="29.87 118.33 0 8")
    district.visit(home, district.li, form="archive_papers")
    return home


def test_a_filed_paper_makes_no_household_visited_on_any_page(desk: Desk, home: str) -> None:
    assert home
    assert "0.0 %（0/1）" in text(desk.opens("/office/"))
    assert "0.0 %（0/1）" in text(desk.opens("/office/coverage"))
    assert "陈一" in desk.opens("/office/coverage/unvisited")
    assert "共 1 户" in desk.opens("/office/coverage/reminder")
    assert listed(desk.opens("/office/map/list?only=yes")) == ["陈一"]
    assert "11月" not in text(desk.opens("/office/households")), "it has no last visit"
    assert "已走访农户 0.0 %（0/1）" in text(desk.opens("/office/reports/2026-11"))
    assert "1 条走访待审核" in text(desk.opens("/office/")), "it is looked through like anything that comes in"


def test_a_visit_does_on_the_same_pages(desk: Desk, district: District, home: str) -> None:
    district.visit(home, district.li)
    assert "100.0 %（1/1）" in text(desk.opens("/office/"))
    assert "陈一" not in desk.opens("/office/coverage/unvisited")
    assert listed(desk.opens("/office/map/list?only=yes")) == []
    assert "11月" in text(desk.opens("/office/households"))
    assert "已走访农户 100.0 %（1/1）" in text(desk.opens("/office/reports/2026-11"))


def test_a_campaign_of_any_visit_wants_a_visit_and_one_of_a_form_that_form(
    district: District, desk_of: Callable[[str], Desk], home: str
) -> None:
    desk = desk_of("S03")
    any_visit = makes(desk, district.county).location
    papers = makes(desk, district.county, form="archive_papers").location
    district.visit(home, district.li, form="archive_papers")
    assert villages(desk.opens(any_visit))["合计"].startswith("1 0.0 %（0/1）")
    assert villages(desk.opens(papers))["合计"].startswith("1 100.0 %（1/1）")


def test_what_a_form_says_of_itself_counts_from_its_next_version_on(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    assert home
    publishes(ctx, district, "archive_papers", "2", visit=True)
    assert "100.0 %（1/1）" in text(desk.opens("/office/coverage"))
    publishes(ctx, district, "archive_papers", "3")
    assert "0.0 %（0/1）" in text(desk.opens("/office/coverage"))


def test_a_week_counts_no_filed_paper_either(desk: Desk, home: str) -> None:
    assert home
    assert "上村 1 0 0" in text(desk.opens("/office/reports/2026-W47"))


def chain(district: District, *states: str, flags: Mapping[str, Any] | None = None) -> None:
    """A visit and its amendments, one of the other, in these states of review."""
    home, visit = district.household("陈一", district.upper, helper=district.li, hh_no="001"), None
    for state in states:
        visit = district.visit(home, district.li, replaces=visit, flags=flags)
        with district.ctx.db.write() as session:
            row = session.get(SubmissionRow, (FEED, visit))
            assert row is not None
            row.review_state = state


LASTS = [
    (("waiting", "waiting", "rejected"), "0.0 %（0/1）"),
    (("waiting", "rejected", "waiting"), "100.0 %（1/1）"),
    (("waiting", "approved", "approved"), "100.0 %（1/1）"),
]


@pytest.mark.parametrize(("states", "visited"), LASTS)
def test_the_last_of_a_chain_of_amendments_says_whether_its_visit_stands(
    desk: Desk, district: District, desk_of: Callable[[str], Desk], states: tuple[str, ...], visited: str
) -> None:
    chain(district, *states)
    assert visited in text(desk.opens("/office/coverage"))
    county = desk_of("S03")
    assert villages(county.opens(makes(county, district.county).location))["合计"].startswith(f"1 {visited}")


def test_what_was_tried_out_is_no_visit_though_it_was_amended(
    desk: Desk, district: District, desk_of: Callable[[str], Desk]
) -> None:
    chain(district, "trial", "trial", flags={"trial": True})
    assert "0.0 %（0/1）" in text(desk.opens("/office/coverage"))
    assert "11月" not in text(desk.opens("/office/households")), "it has no last visit"
    county = desk_of("S03")
    assert villages(county.opens(makes(county, district.county).location))["合计"].startswith("1 0.0 %（0/1）")
