"""Somebody who stays in the village asks for leave without a signal, their leader grants it, and they report back."""

from __future__ import annotations

import pytest

from fieldsvc.problems import ProcessPerson, TargetUnknown
from fieldsvc.services import access, coverage, deadlines, exports, households, people, register, visits
from fieldsvc.services.intake.documents import month_of
from fieldsvc.services.staff import change, own_file
from fieldsvc.services.visits import LogQuery
from fieldsvc.store import pull
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.cases import Record, day
from tests.world.leaving import asks, asks_longer, comes_back, leave_of, opens_file, turn_on
from tests.world.places import Household


@pytest.fixture
def home(world: World) -> Household:
    """A household of a county that has turned leave on."""
    turn_on(world)
    return world.household(in_village=world.village("Upper"))


@pytest.fixture
def east(world: World, home: Household) -> Cadre:
    """Somebody who stays in its village."""
    cadre = world.cadre("East", visits=[home])
    opens_file(world, cadre)
    return cadre


def moves(world: World, leave: Record, **changes: str) -> None:
    """A leader's desk takes the next step."""
    seen = world.record(leave).version
    register.edit(world.server.ctx, world.supervisor.who(), leave.id, changes, seen_version=seen, reason="")


def test_leave_is_asked_for_offline_granted_by_another_and_reported_back(world: World, east: Cadre) -> None:
    leave = leave_of(world, east)
    east.loses_signal()
    asked = asks(east, leave, day(world, 1), day(world, 3))
    assert east.sees(leave).stage == "asked", "the phone shows it before anybody has heard of it"
    east.finds_signal_and_syncs()
    assert asked.status == "applied"
    assert (world.record(leave).person, world.record(leave).title) == ("East", "2019年11月16日起")

    moves(world, leave, stage="granted", granted_on=day(world))
    east.syncs()
    assert east.sees(leave).stage == "granted"

    world.days_pass(3)
    back = comes_back(east, leave, day(world))
    east.syncs()
    assert (back.status, world.record(leave).stage) == ("applied", "back")
    assert deadlines.queue(world.server.ctx, by=world.supervisor.who()).lines == []
    world.assert_laws_hold()


def test_a_leader_finds_a_request_among_what_is_due_within_two_working_days(world: World, east: Cadre) -> None:
    asks(east, leave_of(world, east), day(world, 1), day(world, 3))
    east.syncs()
    lines = deadlines.queue(world.server.ctx, by=world.supervisor.who()).lines
    assert ("grant", "East") in [(each.line.clock, each.line.subject) for each in lines]


def test_whoever_asks_to_stay_longer_is_not_overdue_while_the_leader_has_not_answered(
    world: World, east: Cadre
) -> None:
    def due() -> list[tuple[str, str]]:
        lines = deadlines.queue(world.server.ctx, by=world.supervisor.who()).lines
        return [(each.line.clock, each.due.due.isoformat()) for each in lines]

    leave = leave_of(world, east)
    asks(east, leave, day(world, 1), last := day(world, 3))
    east.syncs()
    moves(world, leave, stage="granted", granted_on=day(world))
    east.syncs()
    assert due() == [("return", last)]

    world.days_pass(3)
    east.loses_signal()
    longer = asks_longer(east, leave, wished := day(world, 4))
    east.finds_signal_and_syncs()
    record = world.record(leave)
    assert (longer.status, record.stage, record.agreed_until, record.until_on) == ("applied", "longer", last, wished)
    assert [clock for clock, _ in due()] == ["longer"]
    assert record.title == "2019年11月16日起", "the day it ends is no part of its name: it has changed"

    moves(world, leave, stage="granted", granted_on=day(world), until_on=(agreed := day(world, 2)))
    assert due() == [("return", agreed)]
    east.syncs()
    world.days_pass(1)
    comes_back(east, leave, day(world))
    east.syncs()
    assert (world.record(leave).stage, due()) == ("back", [])
    world.assert_laws_hold()


def test_nobody_grants_their_own_leave_and_a_refusal_says_why(world: World, east: Cadre) -> None:
    leave = leave_of(world, east)
    asks(east, leave, day(world, 1), day(world, 3))
    east.syncs()
    own = east.corrects(leave, stage="granted", granted_on=day(world))
    east.syncs()
    assert own.receipt is not None
    assert (own.status, own.receipt["problem"]["code"]) == ("review", ProcessPerson.code)
    moves(world, leave, stage="refused", answer="汛期值班，改到下月")
    east.syncs()
    assert (east.sees(leave).stage, east.sees(leave).answer) == ("refused", "汛期值班，改到下月")


def test_only_they_and_their_leaders_see_it(world: World, home: Household, east: Cadre) -> None:
    leave = leave_of(world, east)
    asks(east, leave, day(world, 1), day(world, 3))
    east.syncs()
    west, checker = world.cadre("West", of_area=home.area_id), world.checker("Checker", home.area_id)
    assert west.holds(home)
    assert not west.holds(leave)
    assert not checker.holds(leave)
    ctx, county = world.server.ctx, world.county.who()
    people.grant_role(ctx, county, checker.person_id, "checker", home.area_id)
    with ctx.db.read() as session:
        reach = [
            (
                access.may(session, by, access.Action.VIEW, home.id),
                access.may(session, by, access.Action.VIEW, leave.subject_id),
            )
            for by in (world.supervisor.who(), world.desk_of(checker).who(), world.desk_of(west).who())
        ]
    assert reach == [(True, True), (True, False), (True, False)]


def test_what_a_colleague_files_about_them_waits(world: World, home: Household, east: Cadre) -> None:
    checker = world.checker("Checker", home.area_id)
    people.grant_role(world.server.ctx, world.county.who(), checker.person_id, "checker", home.area_id)
    filed = asks(checker, leave_of(world, east), day(world, 1), day(world, 3), subject=east.person_id)
    checker.syncs()
    assert filed.status == "review"


def test_it_is_no_household_and_no_visit(world: World, home: Household, east: Cadre) -> None:
    asks(east, leave_of(world, east), day(world, 1), day(world, 3))
    east.syncs()
    ctx, by = world.server.ctx, world.supervisor.who()
    month = month_of(None, world.clock.now_ms, ctx.settings.time_zone)
    [village], _ = coverage.by_village(ctx, month, by=by)
    assert (village.households, village.visited) == (1, 0)
    assert [line.id for line in households.search(ctx, "", None, by=by).lines] == [home.id]
    assert list(visits.log(ctx, LogQuery(), by=by).lines) == []
    assert list(exports.visits(ctx, world.county.who(), None)) == []
    with ctx.db.read() as session:
        roles = pull.scope_roles(session, world.county.who().feed_id, east.person_id, [east.person_id])
    assert roles == {east.person_id: "own"}, "so that a phone lists it with no household"


def test_without_leave_turned_on_there_is_no_file_to_open(world: World) -> None:
    east = world.cadre("East")
    assert not own_file.is_kept(world.server.ctx)
    with pytest.raises(TargetUnknown):
        own_file.open_for(world.server.ctx, world.county.who(), east.person_id)


def test_a_file_closed_leaves_the_phone_and_is_the_same_when_opened_again(world: World, east: Cadre) -> None:
    leave = leave_of(world, east)
    asks(east, leave, day(world, 1), day(world, 3))
    east.syncs()
    ctx, by = world.server.ctx, world.county.who()
    own_file.close(ctx, by, east.person_id)
    east.syncs()
    assert not east.holds(leave)
    opens_file(world, east)
    own_file.open_for(ctx, by, east.person_id)
    east.syncs()
    assert east.holds(leave)


def test_whoever_leaves_the_service_is_not_kept_by_their_own_file(world: World) -> None:
    turn_on(world)
    north = world.cadre("North")
    opens_file(world, north)
    change.retire(world.server.ctx, world.county.who(), north.person_id)
