"""Changes that wait for a person: the real intake keeps them, the office says yes or no, the sender is told."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from fieldsvc.services import intake, register
from fieldsvc.services.context import Context
from fieldsvc.store import people
from fieldsvc.store.tables import DatasetRow, EntityRow, OperationRow
from tests.office.definitions import DATASETS
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.test_deciding_visits import notices


@pytest.fixture
def correction(district: District, ctx: Context) -> tuple[str, str]:
    """张 corrects the water of a household that is not theirs; the household and the operation."""
    home = district.household("陈一", district.upper, helper=district.li, water="well")
    return home, sends_edit(district, ctx, district.zhang, home, {"water": "tap"})


def by_count(ctx: Context, name: str) -> None:
    """From now on this property of a household is counted: what two people add is added up."""
    definition = deepcopy(next(each for each in DATASETS if each["name"] == "households"))
    next(each for each in definition["properties"] if each["name"] == name)["policy"] = "counter"
    with ctx.db.write() as session:
        at = ctx.now_ms()
        session.add(DatasetRow(name="households", version=2, definition=definition, digest="1", published_at=at))


def sends_edit(
    district: District, ctx: Context, person: str, home: str, changes: dict[str, str], of: tuple[str, str] | None = None
) -> str:
    """A correction from a phone, of the household or of a record `of` it (dataset and id), that has to wait."""
    dataset, entity = of or ("households", home)
    edit = {"kind": "edit", "dataset": dataset, "entity": entity, "subject": home, "changes": changes}
    return sends(district, ctx, person, {**edit, "base_version": 1, "trunk_version": 1, "branch_id": ctx.new_id()})


def sends(district: District, ctx: Context, person: str, document: dict[str, Any]) -> str:
    """An operation from a phone that has to wait; its id."""
    operation = ctx.new_id()
    body = {
        "id": operation,
        "schema": 1,
        "author": person,
        "install_id": "install",
        "cursor": None,
        "created_at": ctx.now_ms(),
        **document,
    }
    actor = district.actor(person)
    with ctx.db.read() as session:
        device = people.devices_of(session, person)[0].id
    by = type(actor)(actor.person_id, actor.name, actor.feed_id, device, actor.roles)
    [receipt] = intake.accept(ctx, by, [(operation, json.dumps(body))])
    assert receipt.status == "review"
    return operation


def water_of(ctx: Context, home: str) -> str | None:
    with ctx.db.read() as session:
        row = session.get(EntityRow, (FEED, home))
        assert row is not None
        value: str | None = row.properties.get("water")
        return value


def test_the_list_says_who_wants_what_and_why_it_waits(desk: Desk, correction: tuple[str, str]) -> None:
    assert "1 项更改待处理" in text(desk.opens("/office/"))
    page = text(desk.opens("/office/waiting"))
    assert "陈一 岩寺镇 上村 更正 张帮扶" in page
    assert "提交时，这户已不归提交人负责" in page


def test_the_page_shows_what_it_would_change(desk: Desk, correction: tuple[str, str]) -> None:
    page = text(desk.opens(f"/office/waiting/{correction[1]}"))
    assert "饮水 井水 → 自来水" in page


def test_the_page_shows_a_counter_that_is_the_same_by_now_because_accepting_adds_to_it(
    desk: Desk, district: District, ctx: Context
) -> None:
    by_count(ctx, "people")
    home = district.household("陈一", district.upper, helper=district.li, people="5", hamlet="东组")
    operation = sends_edit(district, ctx, district.zhang, home, {"people": "6", "hamlet": "西组"})
    office = district.actor(district.supervisor)
    register.edit(ctx, office, home, {"people": "6", "hamlet": "西组"}, seen_version=1)
    page = text(desk.opens(f"/office/waiting/{operation}"))
    assert "家庭人口 6 → 6 这是累计数" in page
    assert "村民小组" not in page

    desk.sends(f"/office/waiting/{operation}", action="accept")
    with ctx.db.read() as session:
        row = session.get(EntityRow, (FEED, home))
        assert row is not None
        assert row.properties["people"] == "7"


def test_the_page_does_not_show_a_counter_that_is_stated_as_it_was_seen(
    desk: Desk, district: District, ctx: Context
) -> None:
    by_count(ctx, "people")
    home = district.household("陈一", district.upper, helper=district.li, people="5", water="well")
    operation = sends_edit(district, ctx, district.zhang, home, {"people": "5", "water": "tap"})
    page = text(desk.opens(f"/office/waiting/{operation}"))
    assert "饮水 井水 → 自来水" in page
    assert "家庭人口" not in page


def test_accepted_it_takes_effect_and_the_sender_is_told(
    desk: Desk, correction: tuple[str, str], district: District, ctx: Context
) -> None:
    home, operation = correction
    assert desk.sends(f"/office/waiting/{operation}", action="accept").status_code == 302
    assert water_of(ctx, home) == "tap"
    assert [notice["kind"] for notice in notices(ctx, district.zhang)] == ["verdict"]
    assert "没有待处理的更改" in desk.opens("/office/waiting")


def test_declined_it_is_kept_without_effect_and_needs_a_reason(
    desk: Desk, correction: tuple[str, str], district: District, ctx: Context
) -> None:
    home, operation = correction
    assert desk.sends(f"/office/waiting/{operation}", action="decline").status_code == 422
    assert desk.sends(f"/office/waiting/{operation}", action="decline", reason="不属实").status_code == 302
    assert water_of(ctx, home) == "well"
    with ctx.db.read() as session:
        row = session.get(OperationRow, (FEED, operation))
        assert row is not None
        assert row.status == "refused"
    assert "已经处理过了" in desk.opens(f"/office/waiting/{operation}")
    assert desk.sends(f"/office/waiting/{operation}", action="accept").status_code == 409


def test_a_visit_of_a_form_the_server_has_lost_cannot_be_accepted_and_says_what_it_waits_for(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, helper=district.zhang)
    visit = {"kind": "submission", "form": "visit", "version": "lost", "answers": {"note": "x"}}
    operation = sends(district, ctx, district.zhang, {**visit, "subject": home, "entities": []})
    page = desk.opens(f"/office/waiting/{operation}")
    assert "该版本重新发布后自动处理" in text(page)
    assert 'value="decline"' in page
    assert 'value="accept"' not in page
    assert desk.sends(f"/office/waiting/{operation}", action="accept").status_code == 409


def test_another_town_neither_sees_nor_decides_it(
    correction: tuple[str, str], desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    home, operation = correction
    other = desk_of("S02")
    assert "陈一" not in other.opens("/office/waiting")
    assert other.asks(f"/office/waiting/{operation}") == 404
    assert other.sends(f"/office/waiting/{operation}", page="/office/", action="accept").status_code == 404
    assert water_of(ctx, home) == "well"


def test_what_waits_to_begin_in_her_village_stands_in_the_supervisors_list_with_its_name(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    home = ctx.new_id()
    new = {"kind": "edit", "dataset": "households", "entity": home, "subject": home, "create": True, "label": "陈新"}
    changes = {"area_code": "341021100201", "name": "陈新"}
    link = {"base_version": 0, "trunk_version": 0, "branch_id": ctx.new_id()}
    operation = sends(district, ctx, district.zhang, {**new, "changes": changes, **link})
    other = desk_of("S02")
    for each in (desk, desk_of("S03")):
        assert "陈新 岩寺镇 上村 更正 张帮扶" in text(each.opens("/office/waiting"))
    assert "陈新" not in other.opens("/office/waiting")
    assert other.asks(f"/office/waiting/{operation}") == 404
    page = desk.opens(f"/office/waiting/{operation}")
    assert "岩寺镇 上村 · 更正 · 张帮扶" in text(page)
    assert f"/office/households/{home}" not in page, "nothing is there yet"
    assert desk.sends(f"/office/waiting/{operation}", action="accept").status_code == 302
    assert desk.asks(f"/office/households/{home}") == 200


def test_the_page_says_what_comes_back_with_a_closed_household_and_what_has_to_wait_for_that(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, helper=district.zhang, water="well")
    member = district.member(home, "陈小一", relation="儿子")
    register.delete(ctx, district.actor(district.supervisor), home, seen_version=1)
    back = sends_edit(district, ctx, district.zhang, home, {"water": "tap"})
    within = sends_edit(district, ctx, district.zhang, home, {"relation": "孙子"}, of=("members", member))
    accept = 'value="accept"'
    pages = [desk.opens(f"/office/waiting/{one}") for one in (back, within)]
    assert ["户内人员和帮扶人不会一并恢复" in text(page) for page in pages] == [True, False]
    assert ["该户已注销，不能采纳" in text(page) for page in pages] == [False, True]
    assert [accept in page for page in pages] == [True, False]
    assert desk.sends(f"/office/waiting/{within}", action="accept").status_code == 409
