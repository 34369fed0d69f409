"""A household that was registered on a phone is the office's from then on: its helper, its values, its village."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fieldsvc.problems import NotAllowed, NotFound
from fieldsvc.services import people, waiting
from fieldsvc.services.reviewing import first_page
from fieldsvc.store import scope
from fieldsvc.store.tables import ConflictRow
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.cases import Record
from tests.world.newcomers import family, registers
from tests.world.office import Desk
from tests.world.places import Household


def test_what_was_registered_is_handed_over_and_ends_like_what_was_given(world: World, upper: str, east: Cadre) -> None:
    west, home = world.cadre("West"), family(world, upper)
    registers(east, home)
    east.link.lose_replies = 1
    east.syncs()
    east.syncs()
    assert given(world, east, home) == 1
    world.hands_over(home, east, west)
    east.syncs()
    west.syncs()
    assert (east.holds(home), west.holds(home)) == (False, True)
    world.takes_from(home, west)
    west.syncs()
    assert not west.holds(home)
    world.assert_replica_is_whole(west)


def test_whoever_lost_every_household_of_a_village_registers_nobody_there_any_more(world: World, upper: str) -> None:
    known = world.household(in_village=upper)
    east = world.cadre("East", visits=[known])
    home = family(world, upper)
    registers(east, home)
    east.syncs()
    for each in (known, home):
        world.takes_from(each, east)
    east.syncs()
    after = registers(east, family(world, upper))
    east.syncs()
    assert (east.holds(home), after.status) == (False, "review")


def test_what_a_person_let_through_can_be_taken_from_its_author(world: World, east: Cadre) -> None:
    home = family(world, world.village("Lower"))
    registered = registers(east, home)
    east.syncs()
    world.supervisor.accepts(registered)
    east.syncs()
    assert (given(world, east, home), east.holds(home)) == (1, True)
    world.takes_from(home, east)
    east.syncs()
    assert not east.holds(home)


def test_whoever_helps_in_a_whole_village_is_given_nothing_apart(world: World, upper: str) -> None:
    west, home = world.cadre("West", of_area=upper), family(world, upper)
    registers(west, home)
    west.syncs()
    assert (given(world, west, home), west.holds(home)) == (0, True)


def test_what_the_office_has_corrected_no_amendment_of_the_registration_overwrites(
    world: World, upper: str, east: Cadre
) -> None:
    home = family(world, upper)
    first = registers(east, home, kind="poor", phone="09990000001")
    east.syncs()
    world.supervisor.corrects(home, kind="general")
    second = registers(east, home, kind="poor", phone="09990000002", replaces=first)
    east.syncs()
    east.checks_for_news()
    third = registers(east, home, kind="poorest", phone="09990000003", replaces=second)
    east.syncs()
    assert (world.record(home).kind, world.record(home).phone) == ("general", "09990000003")
    with world.server.ctx.db.read() as session:
        [kept] = session.scalars(select(ConflictRow).where(ConflictRow.candidate_operation_id == third.id))
    assert (kept.state, kept.candidate) == ("superseded", {"kind": "poorest"}), "kept, with the reason, not lost"


def test_who_corrects_what_they_registered_before_any_of_it_was_sent_is_asked_nothing(
    world: World, upper: str, east: Cadre
) -> None:
    home = family(world, upper)
    first = registers(east, home, kind="general", phone="09990000001")
    second = registers(east, home, kind="poor", phone="09990000001", replaces=first)
    third = registers(east, home, kind="poor", phone="09990000002", replaces=second)
    east.syncs()
    assert [each.status for each in (first, second, third)] == ["applied"] * 3
    assert (world.record(home).kind, world.record(home).phone) == ("poor", "09990000002")


@pytest.mark.parametrize("seen", [True, False])
def test_a_household_it_was_merged_into_is_none_that_the_registration_began(
    world: World, upper: str, seen: bool
) -> None:
    there, home = world.household(in_village=upper, kind="poor", phone="09990000001"), family(world, upper)
    west = world.cadre("West", of_area=upper)
    first = registers(west, home, kind="general", phone="09990000002")
    west.syncs()
    world.supervisor.merges(home, into=there)
    if seen:
        west.syncs()
        west.checks_for_news()
    meant = Household(there.id, there.label, upper) if seen else home
    again = registers(west, meant, kind="general", phone="09990000003", replaces=first)
    west.syncs()
    assert (again.status, world.record(there).kind) == ("review", "poor")


def test_what_came_from_a_household_merged_into_it_stays_the_offices(world: World, upper: str) -> None:
    there, home = world.household(in_village=upper, kind="poor"), family(world, upper)
    west = world.cadre("West", of_area=upper)
    first = registers(west, home, phone="09990000001")
    west.syncs()
    world.supervisor.merges(there, into=home)
    west.checks_for_news()
    registers(west, home, kind="general", phone="09990000002", replaces=first)
    west.syncs()
    assert (world.record(home).kind, world.record(home).phone) == ("poor", "09990000002")


@pytest.mark.parametrize("accepted", [True, False])
def test_only_who_reviews_the_village_it_names_decides_what_waits_to_begin_there(
    world: World, east: Cadre, accepted: bool
) -> None:
    lower, third = world.village("Lower"), world.village("Third")
    home = family(world, lower)
    tried = registers(east, home)
    east.syncs()
    desks = {area: desk_in(world, area) for area in (lower, third)}
    with pytest.raises(NotAllowed):
        desks[third].answers(tried.id, accepted=accepted)
    assert not seen_by(world, desks[third])
    with pytest.raises(NotFound):
        waiting.operation(world.server.ctx, tried.id, by=desks[third].who())
    assert seen_by(world, desks[lower]) == seen_by(world, world.supervisor) == [(tried.id, lower)]
    page = waiting.operation(world.server.ctx, tried.id, by=desks[lower].who())
    assert (page.label, list(page.places)) == (home.label, ["Lower"])
    assert page.filled is not None, "no visit's page has what it says: there is no household to be in"
    desks[lower].answers(tried.id, accepted=accepted)
    east.syncs()
    assert tried.status == ("applied" if accepted else "refused")


def test_what_belongs_in_a_file_is_none_by_itself(world: World, upper: str, east: Cadre) -> None:
    alone = world.new_id()
    tried = east.adds(Record("members", alone, alone), area_code=upper[-12:])
    east.syncs()
    assert (tried.status, east.holds(Household(alone, "", upper))) == ("review", False)


def seen_by(world: World, desk: Desk) -> list[tuple[str, str | None]]:
    """What waits in somebody's list, each with the area it would lie in; the first page counts as much."""
    ctx, by = world.server.ctx, desk.who()
    lines = waiting.queue(ctx, by=by).lines
    assert first_page.of(ctx, 202611, by=by).waiting == len(lines)
    return [(line.id, line.area_id) for line in lines]


def desk_in(world: World, area: str) -> Desk:
    """The desk of somebody who reviews this village alone."""
    ctx, boss = world.server.ctx, world.cadre(f"Boss of {area[-4:]}")
    people.grant_role(ctx, world.county.who(), boss.person_id, "supervisor", area)
    return world.desk_of(boss)


def given(world: World, cadre: Cadre, home: Household) -> int:
    """How many assignments of just this household its helper has now."""
    by = world.county.who()
    with world.server.ctx.db.read() as session:
        return len(scope.open_assignments(session, by.feed_id, person_id=cadre.person_id, subject_id=home.id))


@pytest.mark.parametrize("requests", [[(2, 0, 3), (1,)], [(2,), (0, 3), (1,)], [(3,), (2,), (0,), (1,)]])
def test_visits_that_come_around_the_registration_are_counted_each_in_its_place(
    world: World, requests: list[tuple[int, ...]]
) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    made = [registers(east, home)]
    made += [east.visits(home, visits_made=number) for number in ("4", "6", "9")]
    for request in requests:
        world.clock.passes(seconds=10)
        east.sends_only(*(made[number] for number in request))
    east.syncs()

    assert {each.status for each in made} <= {"applied", "merged"}
    assert world.record(home).visits_made == "9"
    world.assert_laws_hold()
