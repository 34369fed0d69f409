"""A household's page: its photo series, what was planned, earned and paid, who was paired with it and who looked."""

from __future__ import annotations

import re

import pytest

from fieldsvc import forms
from fieldsvc.services import published, slots
from fieldsvc.services.context import Context
from fieldsvc.services.dossier.tables import tables
from fieldsvc.store.tables import EffectRow, EntityRow, FormVersionRow, PersonRow, SubmissionRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.support.shipped import compiled, dataset
from tests.support.statements import statements

KINDS = ("housing_cases", "housing_payments", "problems", "plans", "plan_measures", "income_statements")


@pytest.fixture
def home(district: District, ctx: Context) -> str:
    """A household in a county with the shipped records, and a form whose photos have slots."""
    console = district.actor(district.person("孙管理", "A01", role="administrator", area=district.county))
    for name in KINDS:
        definition = dataset(name)
        published.publish_dataset(ctx, console, definition, digest=definition["version"])
    return district.household("陈一", district.upper, helper=district.li)


def in_slots(ctx: Context, **slot_of: str) -> None:
    """Let the form's questions of these names be slots."""
    nodes = [
        {"name": name, "ref": f"/data/{name}", "kind": "question", "type": "image", "parameters": {"slot": slot}}
        for name, slot in slot_of.items()
    ]
    with ctx.db.write() as session:
        version = session.get(FormVersionRow, ("visit", "3"))
        assert version is not None
        version.definition = {**version.definition, "nodes": [*version.definition["nodes"], *nodes]}


def about(ctx: Context, visit: str, record: str) -> None:
    """Let a visit have been about a record."""
    with ctx.db.write() as session:
        session.add(
            EffectRow(
                feed_id=FEED,
                operation_id=visit,
                ordinal=1,
                entity_id=record,
                dataset="housing_cases",
                status="applied",
                changes={},
            )
        )


def section(page: str, name: str) -> str:
    """What a person reads of one section."""
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', page, re.DOTALL)
    assert found, name
    return text(found.group())


def test_a_renovation_shows_its_photos_by_slot_and_before_beside_after(
    desk: Desk, home: str, district: District, ctx: Context
) -> None:
    in_slots(ctx, old="before", built="during", new="after")
    case = district.record(home, "housing_cases", "重建", stage="accepted")
    visit = district.visit(home, district.li)
    about(ctx, visit, case)
    for number, name in enumerate(("new", "built", "old")):
        district.photo(visit, home, f"/data/{name}", f"{number}" * 64, state="present")
    page = desk.opens(f"/office/households/{home}")
    shown = section(page, f"case-{case}")
    before, after = "改造前·全景 · 11月22日", "改造后·全景 · 11月22日"
    assert shown.index(before) < shown.index(after) < shown.rindex(before) < shown.index("改造中") < shown.rindex(after)


def test_a_photo_without_a_record_stands_with_the_household_and_one_withdrawn_nowhere(
    desk: Desk, home: str, district: District, ctx: Context
) -> None:
    in_slots(ctx, house="exterior")
    visit = district.visit(home, district.li)
    district.photo(visit, home, "/data/house", "a" * 64)
    page = desk.opens(f"/office/households/{home}")
    assert "住房外观 · 11月22日" in text(page)
    assert "照片待传" in text(page)
    with ctx.db.write() as session:
        row = session.get(SubmissionRow, (FEED, visit))
        assert row is not None
        row.withdrawn_at = 1
    assert "住房外观" not in text(desk.opens(f"/office/households/{home}"))


def test_income_by_year_plans_and_payments_are_tables_with_their_sums(
    desk: Desk, home: str, district: District
) -> None:
    for year, net in (("2025", "12120"), ("2026", "15330.50")):
        district.record(home, "income_statements", f"{year} 年", year=year, people="4", net=net)
    for paid, amount in (("2026-05-01", "20000"), ("2026-09-01", "10000.5")):
        district.record(home, "housing_payments", "", paid_on=paid, amount=amount)
    page = desk.opens(f"/office/households/{home}")
    income = section(page, "income_statements")
    assert income.index("15330.50") < income.index("12120"), "the newest year stands first"
    assert "合计 30000.5" in section(page, "housing_payments")
    assert 'href="#income_statements"' in page


def test_a_record_of_a_kind_without_a_table_is_still_on_the_page(desk: Desk, home: str, district: District) -> None:
    district.record(home, "orchards", "桃园", trees="12")
    assert "桃园" in text(desk.opens(f"/office/households/{home}"))


def test_what_is_over_is_folded_away_behind_what_is_not(desk: Desk, home: str, district: District) -> None:
    district.record(home, "problems", "水管冻裂", status="closed")
    district.record(home, "problems", "屋顶漏雨", status="under_way")
    page = desk.opens(f"/office/households/{home}")
    assert page.index("屋顶漏雨") < page.index('id="ended"') < page.index("水管冻裂")


def test_helpers_over_time_and_the_last_viewers_stand_on_the_page(
    desk: Desk, home: str, district: District, ctx: Context
) -> None:
    district.moments.later(hours=3)
    district.hand_over(home, district.li, district.zhang)
    desk.opens(f"/office/households/{home}")
    page = desk.opens(f"/office/households/{home}")
    pairings = section(page, "pairings")
    assert "张帮扶 镇政府 · 帮扶责任人 11月22日 至 今" in pairings
    assert "李帮扶 镇政府 · 帮扶责任人 11月22日 至 11月22日" in pairings
    assert "王审核 档案 11月22日 12:00" in section(page, "viewers")


def test_a_helped_household_without_a_helper_says_so_and_one_with_a_helper_or_that_needs_none_does_not(
    desk: Desk, district: District, ctx: Context
) -> None:
    alone = district.household("周一", district.upper, hh_type="escaped_general")
    helped = district.household("周二", district.upper, hh_type="escaped_general", helper=district.li)
    ordinary = district.household("周三", district.upper, hh_type="general")
    told = ["现在没有帮扶责任人" in desk.opens(f"/office/households/{one}") for one in (alone, helped, ordinary)]
    assert told == [True, False, False]
    district.unassign(helped, district.li)
    district.moments.later(hours=1)
    assert "现在没有帮扶责任人" in desk.opens(f"/office/households/{helped}")


def test_a_helper_who_stands_in_the_register_as_somebody_helped_is_doubted(
    desk: Desk, home: str, district: District, ctx: Context
) -> None:
    with ctx.db.write() as session:
        helper = session.get(PersonRow, district.li)
        assert helper is not None
        helper.phone = "13900000001"
    theirs = district.household("李老大", district.lower, hh_type="escaped_dibao")
    doubt = "帮扶责任人可能本人就是帮扶对象"
    namesake = district.record(theirs, "members", "李帮扶", phone="13900000002")
    assert doubt not in desk.opens(f"/office/households/{home}")
    with ctx.db.write() as session:
        row = session.get(EntityRow, (FEED, namesake))
        assert row is not None
        row.properties = {**row.properties, "phone": "13900000001"}
    assert doubt in section(desk.opens(f"/office/households/{home}"), "pairings")
    with ctx.db.write() as session:
        row = session.get(EntityRow, (FEED, theirs))
        assert row is not None
        row.properties = {**row.properties, "hh_type": "general"}
    assert doubt not in desk.opens(f"/office/households/{home}")


def test_a_value_leads_to_the_visit_it_came_in(desk: Desk, home: str, district: District) -> None:
    visit = district.visit(home, district.li, wrote={"water": "tap"})
    assert f'<a href="/office/visits/{visit}">走访</a>' in desk.opens(f"/office/households/{home}")


def test_the_page_asks_the_database_as_often_for_a_full_household_as_for_a_bare_one(
    desk: Desk, home: str, district: District, ctx: Context
) -> None:
    def asked() -> int:
        with statements(ctx) as seen:
            desk.opens(f"/office/households/{home}")
        return len(seen)

    in_slots(ctx, old="before", new="after")
    grow(district, ctx, home)
    desk.opens(f"/office/households/{home}")  # reads the definitions, once for every page to come
    one = asked()
    for _ in range(8):
        grow(district, ctx, home)
    assert asked() == one <= 40


def grow(district: District, ctx: Context, home: str) -> None:
    """One more of everything a household collects."""
    case = district.record(home, "housing_cases", "重建", stage="started")
    district.record(home, "housing_payments", "", case=case, amount="1")
    district.record(home, "problems", "屋顶漏雨", status="under_way")
    district.member(home, "陈小一")
    visit = district.visit(home, district.li, wrote={"water": "tap"})
    about(ctx, visit, case)
    for name in ("old", "new"):
        district.photo(visit, home, f"/data/{name}", (visit.replace("-", "") + name).ljust(64, "0"))


def test_every_slot_and_every_table_of_the_shipped_definitions_is_known() -> None:
    known = set(forms.slots())
    for name, definition in compiled().items():
        assert set(slots.of_form(definition).values()) <= known, name
    for table in tables():
        named = {table.newest, *table.total, *table.columns}
        assert named <= set(dataset(table.dataset)["properties"]), table.dataset
