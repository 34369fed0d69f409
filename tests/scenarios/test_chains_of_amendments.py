"""A visit and its amendments are one visit: in what the record holds, to the office, and when it is taken back."""

from collections.abc import Callable

import pytest

from fieldsvc.store import visit_log
from fieldsvc.store.visit_order import VisitFilter
from tests.scenarios.chains import kept, record, visited
from tests.scenarios.test_lost_form_versions import _sent_to_a_server_that_lost_its_form as sent_without_its_form
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def test_an_amendment_made_while_its_visit_waited_counts_nothing_twice_when_it_is_let_through_after_it(
    world: World,
) -> None:
    home, east, [visit] = sent_without_its_form(world, {"phone": "09990000002", "visits_made": "1"})
    amended = east.amends(visit, home, phone="09990000003", visits_made="1")
    kept(world, east, amended)
    world.publishes("2")
    world.days_pass(1)
    assert record(world, home) == ("09990000002", "1")

    world.supervisor.accepts(amended)

    assert record(world, home) == ("09990000003", "1")
    assert visited(world, home, visit) == (True, [amended.id])
    assert world.supervisor.open_conflicts() == []
    world.assert_laws_hold()


@pytest.mark.parametrize("amendment_first", [False, True])
def test_a_visit_that_applies_on_a_restored_server_counts_once_with_the_amendment_made_while_it_waited(
    world: World, amendment_first: bool
) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    without_form = world.backs_up()
    world.publishes("2")
    with_form = world.backs_up()
    visit = east.visits(home, of_version="2", phone="09990000002", visits_made="1")
    east.syncs()
    world.restores(without_form)
    east.syncs()
    assert visit.status == "review"
    amended = east.amends(visit, home, phone="09990000003", visits_made="1")
    if not amendment_first:  # unsent it is sent before the phone hears that it has to send the visit again
        east.syncs()

    world.restores(with_form)
    east.syncs()

    assert record(world, home) == ("09990000003", "1")
    assert visited(world, home, visit) == (True, [amended.id])
    assert world.supervisor.open_conflicts() == []
    world.assert_laws_hold()


def test_an_amendment_says_what_its_visit_had_changed_and_it_puts_back(world: World) -> None:
    home, east, [visit] = sent_without_its_form(world, {"phone": "09990000002", "water": "tap"})
    amended = east.amends(visit, home, phone="09990000001", water="tap")
    kept(world, east, amended)
    world.publishes("2")
    world.days_pass(1)
    world.supervisor.accepts(amended)
    assert (world.record(home).phone, world.record(home).water) == ("09990000001", "tap")


def test_a_rejected_visit_counts_once_it_is_amended_and_not_when_the_amendment_is_rejected_too(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    world.supervisor.rejects(visit, "Nobody was there")
    assert visited(world, home, visit)[0] is False
    amended = east.amends(visit, home, phone="09990000003", visits_made="1")
    east.syncs()
    assert visited(world, home, visit) == (True, [amended.id])
    world.supervisor.rejects(amended, "Nobody was there")
    assert visited(world, home, visit)[0] is False


def in_effect(world: World, east: Cadre, home: Household) -> list[Entry]:
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    first = east.amends(visit, home, phone="09990000003", visits_made="1")
    east.syncs()
    last = east.amends(first, home, phone="09990000004", visits_made="1")
    east.syncs()
    assert record(world, home) == ("09990000004", "1")
    return [visit, first, last]


def in_one_push(world: World, east: Cadre, home: Household) -> list[Entry]:
    visit = east.visits(home, phone="09990000002", visits_made="1")
    return [visit, east.amends(visit, home, phone="09990000003", visits_made="1")]


def in_review(world: World, east: Cadre, home: Household) -> list[Entry]:
    visit = east.visits(home, phone="09990000002", visits_made="1", met="")
    east.syncs()
    amended = east.amends(visit, home, phone="09990000003", visits_made="1", met="")
    east.syncs()
    assert world.supervisor.operations_in_review() == {visit.id, amended.id}
    return [visit, amended]


def amendment_in_review(world: World, east: Cadre, home: Household) -> list[Entry]:
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    amended = east.amends(visit, home, phone="09990000003", visits_made="1", met="")
    east.syncs()
    assert (visit.status, amended.status) == ("applied", "review")
    return [visit, amended]


def held(world: World, east: Cadre, home: Household) -> list[Entry]:
    east.corrects(home, water="tap")
    visit = east.visits(home, phone="09990000002", visits_made="1")
    amended = east.amends(visit, home, phone="09990000003", visits_made="1")
    east.sends_only(visit)
    east.sends_only(amended)
    assert (visit.status, amended.status) == ("held", "held")
    return [visit, amended]


@pytest.mark.parametrize("sends", [in_effect, in_one_push, in_review, amendment_in_review, held])
def test_an_amended_visit_is_taken_back_as_a_whole_whatever_it_waited_for(
    world: World, sends: Callable[[World, Cadre, Household], list[Entry]]
) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    visits = sends(world, east, home)
    withdrawal = east.withdraws(visits[-1])
    if sends is held:
        east.sends_only(withdrawal)
    east.syncs()
    east.checks_for_news()

    assert withdrawal.status == "applied"
    assert record(world, home) == ("09990000001", "0")
    assert visited(world, home, visits[0]) == (False, [])
    assert [world.is_withdrawn(each) for each in visits] == [True] * len(visits)
    assert world.supervisor.operations_in_review() == set()
    with world.server.ctx.db.read() as session:
        assert visit_log.count(session, world.county.who().feed_id, VisitFilter(None)) == 1
    world.assert_laws_hold()


def test_a_visit_that_comes_back_to_a_restored_server_after_all_of_it_was_taken_back_takes_no_effect(
    world: World,
) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    backup = world.backs_up()
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    amended = east.amends(visit, home, phone="09990000003", visits_made="1")
    east.withdraws(amended)

    world.restores(backup)  # what is unsent leaves first, and the answer says that the history is another one
    east.syncs()
    east.checks_for_news()

    assert record(world, home) == ("09990000001", "0")
    assert visited(world, home, amended) == (False, [])
    world.assert_laws_hold()


def test_a_visit_that_is_carried_to_the_office_after_all_of_it_was_taken_back_ends(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002", visits_made="1")
    second = east.takes_a_second_phone()
    amended = second.amends(visit, home, phone="09990000003", visits_made="1")
    second.withdraws(amended)
    second.syncs()
    kept(world, east, visit)
    assert (world.supervisor.operations_in_review(), world.is_withdrawn(visit)) == (set(), True)
    assert record(world, home) == ("09990000001", "0")
    assert visited(world, home, visit) == (False, [])
