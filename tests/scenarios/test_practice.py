"""A household to learn with: filled in and sent like any other, and counted, listed and exported nowhere."""

from fieldsvc.services import coverage, exports, households, practice, visits
from fieldsvc.services.intake.documents import month_of
from fieldsvc.services.reviewing import first_page
from fieldsvc.services.visits import LogQuery
from fieldsvc.store import pull
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.places import Household


def learner(world: World) -> tuple[Cadre, Household, Household]:
    """A cadre with a real household and one to learn with."""
    village = world.village("Upper")
    home = world.household(in_village=village, water="well")
    east = world.cadre("East", visits=[home])
    made = practice.give(world.server.ctx, world.county.who(), east.person_id)
    east.syncs()
    return east, home, Household(made, "", village)


def test_it_comes_to_the_phone_marked_and_whole(world: World) -> None:
    east, home, school = learner(world)
    with world.server.ctx.db.read() as session:
        roles = pull.scope_roles(session, world.county.who().feed_id, east.person_id, [home.id, school.id])
    assert roles == {home.id: "cadre", school.id: "practice"}
    assert east.holds(school)
    assert len([row for row in east.phone.replica.entities.values() if row["subject"] == school.id]) == 3


def test_a_visit_to_it_takes_effect_on_it_alone_and_nobody_is_asked_to_review_it(world: World) -> None:
    east, home, school = learner(world)
    first, second = east.visits(school, water="tap"), east.corrects(school, phone="09990000009")
    east.syncs()
    assert (first.status, second.status) == ("applied", "applied")
    assert (world.record(school).water, world.record(home).water) == ("tap", "well")
    page = visits.log(world.server.ctx, LogQuery(), by=world.supervisor.who())
    assert list(page.lines) == []
    shown = visits.log(world.server.ctx, LogQuery(state="practice"), by=world.supervisor.who())
    assert [line.id for line in shown.lines] == [first.id]
    world.assert_laws_hold()


def test_it_is_in_no_count_no_list_and_no_export(world: World) -> None:
    east, home, school = learner(world)
    east.visits(school, water="tap")
    east.visits(home, water="tap")
    east.syncs()
    ctx, by, month = world.server.ctx, world.supervisor.who(), this_month(world)
    [village], _ = coverage.by_village(ctx, month, by=by)
    assert (village.households, village.visited) == (1, 1)
    assert [line.id for line in coverage.unvisited(ctx, month + 1, None, by=by).lines] == [home.id]
    assert [found.id for found in households.search(ctx, "", None, by=by).lines] == [home.id]
    console = world.county.who()
    assert len(list(exports.records(ctx, console, "households", full=False))) == 1
    assert list(exports.records(ctx, console, "members", full=False)) == []
    assert len(list(exports.visits(ctx, console, None))) == 1
    assert first_page.of(ctx, month, by=by).to_review == 1


def test_a_quarrel_about_it_asks_no_supervisor(world: World) -> None:
    east, _home, school = learner(world)
    west = east.takes_a_second_phone()
    east.corrects(school, phone="09990000001")
    west.corrects(school, phone="09990000002")
    east.syncs()
    west.syncs()
    by = world.supervisor.who()
    assert first_page.of(world.server.ctx, this_month(world), by=by).conflicts == 0


def test_whoever_gets_the_village_does_not_get_it_too(world: World) -> None:
    _east, home, school = learner(world)
    checker = world.checker("Checker", school.area_id)
    assert checker.holds(home)
    assert not checker.holds(school)


def this_month(world: World) -> int:
    """The month of the story's clock, `yyyymm`."""
    return month_of(None, world.clock.now_ms, world.server.ctx.settings.time_zone)
