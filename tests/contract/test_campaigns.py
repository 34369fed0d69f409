"""Towns check each other on each database: who gets what, never their own, and it ends by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from fieldsvc.services import assignments, register
from fieldsvc.services.campaigns import crossing, making, reading
from fieldsvc.services.campaigns.crossing import share_out
from fieldsvc.services.campaigns.making import Plan
from fieldsvc.services.households import search
from fieldsvc.store import area_list, areas, campaigns
from fieldsvc.store.tables import AssignmentRow, ReportRow, ScopeRow
from tests.contract.place import Place, at_once

DAY = 86_400_000


def town(place: Place, code: str) -> str:
    """A town with one village in it; the village's code is the town's with 201 behind."""
    with place.ctx.db.write() as session:
        top = areas.topmost(session, place.feed_id)
        assert top is not None
        town_id = f"town-{code}"
        values = {"feed_id": place.feed_id, "valid_from": None}
        areas.add(
            session, id=town_id, code=f"{code}000", name=code, level="town", parent_id=top.id,
            path=f"{top.path}{town_id}/", **values,
        )  # fmt: skip
        areas.add(
            session, id=f"village-{code}", code=f"{code}201", name=f"{code} village", level="village",
            parent_id=town_id, path=f"{top.path}{town_id}/village-{code}/", **values,
        )  # fmt: skip
    return town_id


def home(place: Place, code: str, number: str) -> str:
    area = f"village-{code}"
    return register.create(place.ctx, place.office, "households", {"hh_no": number}, label=number, area_id=area)


def plan(place: Place, from_at: int | None = None, to_at: int | None = None) -> Plan:
    with place.ctx.db.read() as session:
        top = areas.topmost(session, place.feed_id)
        assert top is not None
    now = place.ctx.now_ms()
    return Plan("互查", top.id, None, from_at or now - DAY, to_at or now + DAY)


def held(place: Place, person: str) -> dict[str, str]:
    with place.ctx.db.read() as session:
        rows = session.scalars(select(ScopeRow).where(ScopeRow.person_id == person, ScopeRow.revoked_pos.is_(None)))
        return {row.subject_id: row.role for row in rows}


def test_cadres_of_one_town_check_the_targets_of_another_until_the_campaign_is_over(place: Place) -> None:
    east, west = town(place, "451000101"), town(place, "451000102")
    of_east = [home(place, "451000101", f"E{n}") for n in range(2)]
    of_west = [home(place, "451000102", f"W{n}") for n in range(4)]
    anna, berta = place.cadre(of_east[0], name="Anna"), place.cadre(of_east[1], of_west[0], name="Berta")
    outsider = place.cadre(of_west[1], name="Clara")
    made = making.make(place.ctx, plan(place), by=place.office)
    later = home(place, "451000102", "W9")
    assert made.targets == 6
    crossing.arrange(place.ctx, made.id, east, west, by=place.office)

    both = [pair for one in (anna, berta) for pair in held(place, one.person_id).items()]
    assert {subject for subject, role in both if role == "checker"} == set(of_west)
    assert held(place, anna.person_id)[of_west[0]] == "checker", "Berta helps this family, so that Anna checks it"
    assert held(place, berta.person_id)[of_west[0]] == "cadre"
    assert held(place, outsider.person_id) == {of_west[1]: "cadre"}
    assert later not in dict(both), "it was not on the frozen list"
    with place.ctx.db.read() as session:
        given = session.scalars(select(AssignmentRow).where(AssignmentRow.role == "checker")).all()
    assert len(given) == len({row.subject_id for row in given}) == 4, "each household is shown to one checker alone"
    assert crossing.begin_due(place.ctx) == 0, "what has begun is not given out twice"

    end = max(row.to_at or 0 for row in given)
    ctx = place.ctx
    past = replace(ctx, now_ms=lambda: end + 1)
    assert assignments.end_due(past) == 4
    assert held(place, anna.person_id) == {of_east[0]: "cadre"}
    assert held(place, berta.person_id) == {of_east[1]: "cadre", of_west[0]: "cadre"}


def test_a_sheet_of_more_numbers_than_a_statement_takes_is_drawn_whole(place: Place) -> None:
    town(place, "451000101")
    homes = [home(place, "451000101", f"E{n}") for n in range(2)]
    with place.ctx.db.write() as session:
        numbers = ["E0", *(f"nobody-{n}" for n in range(66_000)), "E1"]
        known = campaigns.numbers_known(session, place.feed_id, "households", None, "hh_no", numbers)
        drawn = campaigns.freeze(session, place.feed_id, "many", "households", None, {}, ("hh_no", numbers))
    assert known == {"E0": [homes[0]], "E1": [homes[1]]}
    assert drawn == 2


def test_a_check_that_is_arranged_before_the_campaign_begins_with_it(place: Place) -> None:
    east, west = town(place, "451000101"), town(place, "451000102")
    anna = place.cadre(home(place, "451000101", "E0"), name="Anna")
    target = home(place, "451000102", "W0")
    now = place.ctx.now_ms()
    made = making.make(place.ctx, plan(place, from_at=now + DAY, to_at=now + 2 * DAY), by=place.office)
    crossing.arrange(place.ctx, made.id, east, west, by=place.office)
    assert target not in held(place, anna.person_id)
    ctx = place.ctx
    then = replace(ctx, now_ms=lambda: now + DAY)
    assert crossing.begin_due(then) == 1
    assert held(place, anna.person_id)[target] == "checker"


def test_a_check_of_somebody_who_may_not_assign_waits_until_another_arranges_it(place: Place) -> None:
    east, west = town(place, "451000101"), town(place, "451000102")
    anna = place.cadre(home(place, "451000101", "E0"), name="Anna")
    target = home(place, "451000102", "W0")
    now = place.ctx.now_ms()
    made = making.make(place.ctx, plan(place, from_at=now + DAY, to_at=now + 2 * DAY), by=place.office)
    planner = replace(place.office, person_id=place.cadre(name="Demoted").person_id)
    crossing.arrange(place.ctx, made.id, east, west, by=planner)
    then = replace(place.ctx, now_ms=lambda: now + DAY)
    assert crossing.begin_due(then) == 0
    assert target not in held(place, anna.person_id)
    crossing.arrange(then, made.id, east, west, by=place.office)
    assert held(place, anna.person_id)[target] == "checker"


def test_a_check_in_an_area_that_is_gone_holds_up_no_other(place: Place) -> None:
    east, west, gone = (town(place, f"45100010{n}") for n in (1, 2, 3))
    anna = place.cadre(home(place, "451000101", "E0"), name="Anna")
    target = home(place, "451000102", "W0")
    now = place.ctx.now_ms()
    made = making.make(place.ctx, plan(place, from_at=now + DAY, to_at=now + 2 * DAY), by=place.office)
    for checked in (gone, west):
        crossing.arrange(place.ctx, made.id, east, checked, by=place.office)
    with place.ctx.db.write() as session:
        for area_id in (f"village-{gone.removeprefix('town-')}", gone):
            area_list.remove(session, area_id)
    then = replace(place.ctx, now_ms=lambda: now + DAY)
    assert crossing.begin_due(then) == 1
    assert held(place, anna.person_id)[target] == "checker"


def test_an_area_of_a_campaign_a_check_or_a_report_is_in_use(place: Place) -> None:
    for number in range(5):
        town(place, f"45100010{number}")
    villages = [f"village-45100010{number}" for number in range(5)]
    making.make(place.ctx, replace(plan(place), area_id=villages[0]), by=place.office)
    whole = making.make(place.ctx, plan(place), by=place.office)
    crossing.arrange(place.ctx, whole.id, villages[1], villages[2], by=place.office)
    report = {"area_id": villages[3], "period": "2026-W48", "figures": [], "cut_off_at": 1, "frozen_by_id": ""}
    with place.ctx.db.write() as session:
        session.add(ReportRow(feed_id=place.feed_id, **report))
    with place.ctx.db.read() as session:
        used = [area_list.is_used(session, place.feed_id, village) for village in villages]
    assert used == [True, True, True, True, False]


def test_sweeps_and_desks_at_once_give_a_check_out_once(place: Place) -> None:
    east, west = town(place, "451000101"), town(place, "451000102")
    place.cadre(home(place, "451000101", "E0"), name="Anna")
    targets = {home(place, "451000102", f"W{n}") for n in range(2)}
    now = place.ctx.now_ms()
    made = making.make(place.ctx, plan(place, from_at=now + DAY, to_at=now + 2 * DAY), by=place.office)
    by = place.office
    at_once([lambda: crossing.arrange(place.ctx, made.id, east, west, by=by)] * 3)
    then = replace(place.ctx, now_ms=lambda: now + DAY)
    at_once([lambda: crossing.begin_due(then)] * 3)
    with place.ctx.db.read() as session:
        given = session.scalars(select(AssignmentRow).where(AssignmentRow.role == "checker")).all()
    assert sorted(row.subject_id or "" for row in given) == sorted(targets)
    assert len(reading.page(place.ctx, made.id, by=by).crossings) == 1


def test_the_counts_are_those_of_the_frozen_list(place: Place) -> None:
    town(place, "451000101")
    for number in range(3):
        home(place, "451000101", f"E{number}")
    made = making.make(place.ctx, plan(place), by=place.office)
    home(place, "451000101", "E7")
    assert making.add_late(place.ctx, made.id, "E7", "漏登", by=place.office)
    assert not making.add_late(place.ctx, made.id, "E7", "漏登", by=place.office)
    [village] = reading.page(place.ctx, made.id, by=place.office).villages
    assert (village.targets, village.visited, village.added, village.afterwards) == (3, 0, 1, 0)
    left = reading.unvisited(place.ctx, made.id, None, by=place.office)
    assert [line.label for line in left.lines] == ["E0", "E1", "E2", "E7"]
    assert search(place.ctx, "E7", None, by=place.office).lines


@pytest.mark.parametrize("most", [1, 2, 5])
def test_households_are_shared_out_evenly_with_neighbours_together(most: int) -> None:
    homes = [f"h{n}" for n in range(2 * most)]
    found = share_out(homes, ["a", "b"], {"a": {homes[0]}})
    assert sorted(home for some in found.values() for home in some) == sorted(homes)
    assert homes[0] not in found.get("a", [])
    assert max(len(some) for some in found.values()) <= most + 1
    assert share_out(homes, [], {}) == {}
    assert share_out(["h"], ["a"], {"a": {"h"}}) == {}
