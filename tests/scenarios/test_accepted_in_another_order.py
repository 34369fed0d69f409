"""Visits that wait for a person are accepted in another order than they were made in: each counts once."""

from sqlalchemy import update

from fieldsvc.store.tables import OperationRow
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def test_what_comes_below_a_visit_in_review_is_counted_also_where_that_was_accepted_before_it(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    first = east.visits(home, met=..., visits_made="1")
    second = east.visits(home, met=..., visits_made="3")
    later = east.corrects(home, visits_made="7")
    for each in (second, later, first):
        world.clock.passes(seconds=1)
        east.sends_only(each)
    assert (first.status, second.status, world.record(home).visits_made) == ("review", "review", "4")

    for each in (second, first):
        world.clock.passes(seconds=1)
        world.supervisor.accepts(each)

    assert world.record(home).visits_made == "7", "each visit is counted"
    world.assert_laws_hold()


def test_it_is_counted_also_where_what_came_on_top_had_waited_itself(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    first = east.visits(home, met=..., visits_made="1")
    second = east.visits(home, met=..., visits_made="3")
    between = east.corrects(home, water="tap")
    later = east.corrects(home, visits_made="7")
    for each in (second, later, between, first):
        world.clock.passes(seconds=1)
        east.sends_only(each)
    assert (first.status, second.status, world.record(home).visits_made) == ("review", "review", "4")

    for each in (second, first):
        world.clock.passes(seconds=1)
        world.supervisor.accepts(each)

    assert world.record(home).visits_made == "7", "each visit is counted"
    world.assert_laws_hold()


def test_it_is_counted_also_where_it_was_accepted_by_a_server_that_did_not_keep_the_first_answer(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    first = east.visits(home, met=..., visits_made="1")
    second = east.visits(home, met=..., visits_made="3")
    later = east.corrects(home, visits_made="7")
    for each in (second, later, first):
        world.clock.passes(seconds=1)
        east.sends_only(each)
    world.clock.passes(seconds=1)
    world.supervisor.accepts(second)
    with world.server.ctx.db.write() as session:
        session.execute(update(OperationRow).values(answered_at=None))

    world.clock.passes(seconds=1)
    world.supervisor.accepts(first)

    assert world.record(home).visits_made == "7", "each visit is counted"
    world.assert_laws_hold()


def test_what_its_author_took_out_again_over_another_link_does_not_come_back(world: World) -> None:
    home, east, waiting = _one_more_tag_that_waits(world, upon={"tags": "elderly disabled single"})
    assert east.sees(home).tags == "elderly disabled single"
    _says_single_alone(world, east, home, waiting)
    assert sorted(str(world.record(home).tags).split()) == ["elderly", "single"]
    world.assert_laws_hold()


def test_what_was_on_no_screen_is_not_taken_out(world: World) -> None:
    home, east, waiting = _one_more_tag_that_waits(world, upon={"water": "tap"})
    assert east.sees(home).tags == "elderly"
    _says_single_alone(world, east, home, waiting)
    assert sorted(str(world.record(home).tags).split()) == ["disabled", "elderly", "single"]
    world.assert_laws_hold()


def _one_more_tag_that_waits(world: World, *, upon: dict[str, str]) -> tuple[Household, Cadre, Entry]:
    """East's visit adds "disabled" and waits for a person; what she has corrected upon it is not sent yet."""
    home = world.household(tags="elderly", people="1")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, people="2")
    waiting = east.visits(home, met=..., tags="elderly disabled")
    east.corrects(home, **upon)
    east.sends_only(first, waiting)
    assert waiting.status == "review"
    return home, east, waiting


def _says_single_alone(world: World, east: Cadre, home: Household, waiting: Entry) -> None:
    """Her last word, over what she sees now; then a person lets the visit through."""
    east.corrects(home, tags="elderly single")
    east.syncs()
    world.supervisor.accepts(waiting)
