"""A file of one's own is opened at a desk, is nobody else's, and goes where its person goes."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from fieldsvc.problems import NotAllowed, NotFound, OwnFile, TargetUnknown
from fieldsvc.services import access, assignments, deadlines, merging, people, register, standard
from fieldsvc.services.access import Actor
from fieldsvc.services.staff import change, listing, own_file, own_place
from fieldsvc.store import feedback, pairings, pull, scope
from fieldsvc.store.tables import EntityRow
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.cases import Record, day
from tests.world.leaving import asks, leave_of, opens_file, turn_on
from tests.world.places import Household


@pytest.fixture
def home(world: World) -> Household:
    """A household of a county that has turned leave on."""
    turn_on(world)
    return world.household(in_village=world.village("Upper"))


@pytest.fixture
def east(world: World, home: Household) -> Cadre:
    """Somebody who stays in its village, and has no file yet."""
    return world.cadre("East", visits=[home])


@pytest.fixture
def west(world: World, home: Household) -> Cadre:
    """A colleague."""
    return world.cadre("West", visits=[home])


@pytest.mark.parametrize("dataset", ["team_members", "households"])
def test_nobody_makes_anybodys_file_from_a_phone_not_even_with_a_leaders_consent(
    world: World, east: Cadre, west: Cadre, dataset: str
) -> None:
    tried = west.adds(Record(dataset, east.person_id, east.person_id))
    west.syncs()
    assert tried.receipt is not None
    assert (tried.status, tried.receipt["problem"]["code"]) == ("review", OwnFile.code)
    with pytest.raises(OwnFile):
        world.supervisor.accepts(tried)
    opens_file(world, east)
    leave = leave_of(world, east)
    asked = asks(east, leave, day(world, 1), day(world, 3))
    east.syncs()
    west.syncs()
    assert (asked.status, east.holds(leave), west.holds(leave)) == ("applied", True, False)


def test_a_file_made_under_somebody_elses_household_is_refused_too(world: World, west: Cadre, home: Household) -> None:
    tried = west.adds(Record("team_members", world.new_id(), home.id))
    west.syncs()
    assert tried.status == "review"


def test_nobody_makes_their_own_file_either_or_whoever_checks_the_village_would_hold_it(
    world: World, home: Household, east: Cadre
) -> None:
    checker = world.checker("Checker", home.area_id)
    tried = east.adds(Record("team_members", east.person_id, east.person_id), name="East")
    east.syncs()
    assert tried.status == "review"
    opens_file(world, east)
    leave = leave_of(world, east)
    asks(east, leave, day(world, 1), day(world, 3))
    east.syncs()
    checker.syncs()
    assert (east.holds(leave), checker.holds(leave)) == (True, False)


def test_opening_it_takes_it_from_everybody_else_and_makes_it_no_household(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    ctx, by = world.server.ctx, world.county.who()
    register.create(ctx, by, "team_members", {"name": "East"}, area_id=home.area_id, entity_id=east.person_id)
    both = (east.person_id, west.person_id)
    with ctx.db.write() as session:  # as phones once came to hold one
        grants = {person_id: {east.person_id: "cadre"} for person_id in both}
        pairings.rescope(session, by.feed_id, ctx.now_ms(), grants=grants)
    opens_file(world, east)
    with ctx.db.read() as session:
        roles = [pull.scope_roles(session, by.feed_id, person_id, [east.person_id]) for person_id in both]
    assert roles == [{east.person_id: "own"}, {}]
    own_file.close(ctx, by, east.person_id)
    assert not own_file.is_open(ctx, by, east.person_id)


def administrator_of(world: World, name: str, area_id: str) -> Actor:
    """Somebody who administers one village."""
    who = world.cadre(name, enrolled=False)
    people.grant_role(world.server.ctx, world.county.who(), who.person_id, "administrator", area_id)
    return world.desk_of(who).who()


def test_it_goes_with_its_person_to_another_village_with_all_that_is_in_it(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    ctx, county = world.server.ctx, world.county.who()
    there = world.household(in_village=world.village("Lower"))
    old, new = (administrator_of(world, name, area) for name, area in (("A", home.area_id), ("B", there.area_id)))
    opens_file(world, east)
    leave = leave_of(world, east)
    asks(east, leave, day(world, 1), day(world, 3))
    east.syncs()
    assert [len(deadlines.queue(ctx, by=by).lines) for by in (old, new)] == [2, 0]

    world.hands_over(home, east, west)
    world.gives(there, east)
    people.grant_role(ctx, county, east.person_id, "cadre", there.area_id)
    assert listing.person(ctx, east.person_id, by=new).row.name == "East", "the file left behind hides nobody"
    assert own_place.follow(ctx) == 1
    assert own_place.follow(ctx) == 0
    assert [len(deadlines.queue(ctx, by=by).lines) for by in (old, new)] == [0, 2]
    with ctx.db.read() as session:
        seen = [access.may(session, by, access.Action.VIEW, east.person_id) for by in (old, new)]
    assert seen == [False, True]
    east.syncs()
    assert east.sees(leave).stage == "asked"
    own_file.close(ctx, new, east.person_id)
    own_file.open_for(ctx, new, east.person_id)
    world.assert_laws_hold()


def test_a_file_that_nothing_can_be_done_with_keeps_no_other_from_its_place(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    there = world.household(in_village=world.village("Lower"))
    for cadre in (east, west):
        opens_file(world, cadre)
        world.gives(there, cadre)
        world.takes_from(home, cadre)
    bad, good = sorted((east.person_id, west.person_id))  # they are gone through in this order
    with world.server.ctx.db.write() as session:  # no page and no phone can do this
        session.execute(update(EntityRow).where(EntityRow.id == bad).values(subject_id=home.id))
    with capture_logs() as said:
        assert own_place.follow(world.server.ctx) == 1
    assert [line["piece"] for line in said if line["log_level"] == "error"] == ["own file"]
    with world.server.ctx.db.read() as session:
        lies = pairings.own_files(session, world.county.who().feed_id)
    assert (lies[bad], lies[good]) == (home.area_id, there.area_id)


def test_the_file_is_no_household_of_theirs(world: World, east: Cadre, home: Household) -> None:
    ctx, by = world.server.ctx, world.county.who()
    opens_file(world, east)
    world.takes_from(home, east)
    with ctx.db.read() as session:
        assert feedback.usual_area(session, by.feed_id, east.person_id) is None
        assert scope.areas_held(session, by.feed_id, east.person_id) == set()


def test_a_corrected_name_reaches_the_file_and_a_deleted_one_is_made_good(world: World, east: Cadre) -> None:
    ctx, by = world.server.ctx, world.county.who()
    opens_file(world, east)
    change.describe(ctx, by, east.person_id, change.Details("Easton", unit="Station"))
    said = world.record(Record("team_members", east.person_id, east.person_id))
    assert (said.name, said.unit) == ("Easton", "Station")
    register.delete(ctx, by, east.person_id, seen_version=said.version)
    change.describe(ctx, by, east.person_id, change.Details("East"))
    own_file.open_for(ctx, by, east.person_id)
    east.syncs()
    assert east.sees(Record("team_members", east.person_id, east.person_id)).name == "East"
    world.assert_laws_hold()


def test_leave_turned_off_again_alarms_nobody_and_opens_no_file(world: World, east: Cadre, west: Cadre) -> None:
    ctx, by = world.server.ctx, world.county.who()
    opens_file(world, east)
    leave = leave_of(world, east)
    asks(east, leave, day(world, 1), day(world, 3))
    east.syncs()
    standard.withdraw(ctx, by)
    assert (deadlines.rebuild(ctx), own_file.is_kept(ctx)) == (0, False)
    with pytest.raises(TargetUnknown):
        own_file.open_for(ctx, by, west.person_id)
    second = asks(east, leave_of(world, east), day(world, 5), day(world, 6))
    granted = east.corrects(leave, stage="granted", granted_on=day(world))
    east.syncs()
    assert (second.status, granted.status) == ("applied", "review"), "what phones still send is judged as before"
    assert deadlines.queue(ctx, by=by).lines == []

    turn_on(world)
    assert (deadlines.rebuild(ctx), own_file.is_kept(ctx)) == (4, True)


def test_nobody_else_is_given_it_and_nothing_in_it_becomes_anothers(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    ctx, by = world.server.ctx, world.county.who()
    for cadre in (east, west):
        opens_file(world, cadre)
    leave, other = leave_of(world, east), leave_of(world, west)
    asks(east, leave, day(world, 1), day(world, 3))
    asks(west, other, day(world, 1), day(world, 3))
    east.syncs()
    west.syncs()
    with pytest.raises(NotAllowed):
        assignments.assign(ctx, by, west.person_id, subject_id=east.person_id)
    with pytest.raises(NotFound):
        assignments.hand_over(ctx, by, east.person_id, giver=east.person_id, taker=west.person_id)
    for one, into in ((east.person_id, west.person_id), (leave.id, other.id)):
        with pytest.raises(NotAllowed):
            merging.merge(ctx, by, one, into)
    for to in (west.person_id, home.id):
        with pytest.raises(NotAllowed):
            register.move(ctx, by, leave.id, to)
    east.syncs()
    west.syncs()
    assert (east.holds(leave), west.holds(leave)) == (True, False)
    world.assert_laws_hold()
