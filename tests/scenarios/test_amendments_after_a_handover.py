"""After a handover a visit and the new helper's amendment of it are one visit, unless the amendment is taken back."""

import pytest

from fieldsvc.problems import PreconditionFailed
from tests.scenarios.chains import record, visited
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def _handed_over(world: World, met: str = "head") -> tuple[Household, Cadre, Cadre, Entry]:
    """East's visit, and West, who has the household now."""
    home = world.household(phone="09990000001", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    visit = east.visits(home, phone="09990000002", visits_made="1", met=met)
    east.syncs()
    world.hands_over(home, east, west)
    for cadre in (east, west):
        cadre.syncs()
    return home, east, west, visit


@pytest.mark.parametrize("sent_back", [True, False])
def test_a_visit_that_waits_ends_with_the_new_helpers_amendment_and_counts_once(world: World, sent_back: bool) -> None:
    home, east, west, visit = _handed_over(world, met="")
    if sent_back:
        world.supervisor.returns(visit, "Who was there?", {})
        west.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    east.syncs()
    assert (visit.status, (visit.receipt or {})["problem"]["code"]) == ("refused", "replaced")
    with pytest.raises(PreconditionFailed):
        world.supervisor.accepts(visit)
    assert record(world, home) == ("09990000003", "1")
    assert visited(world, home, visit) == (True, [amended.id])
    world.assert_laws_hold()


def test_a_visit_that_comes_back_to_a_restored_server_after_the_new_helpers_amendment_counts_once(
    world: World,
) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    backup = world.backs_up()
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    world.hands_over(home, east, west)
    world.supervisor.returns(visit, "Count again", {})
    west.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()

    world.restores(backup)
    west.syncs()
    world.supervisor.accepts(amended)
    east.syncs()

    assert record(world, home) == ("09990000003", "1")
    assert visited(world, home, visit) == (True, [amended.id])
    assert world.supervisor.open_conflicts() == []


def test_nobody_puts_a_visit_of_their_own_in_the_place_of_a_colleagues(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    assert (amended.status, (amended.receipt or {})["problem"]["code"]) == ("review", "out-of-scope")
    assert (world.replaced_by(visit), world.record(home).phone) == (None, "09990000002")
    world.supervisor.accepts(amended)
    assert world.replaced_by(visit) == amended.id


def test_the_visit_of_the_one_before_stands_again_when_the_new_helper_takes_the_amendment_back(world: World) -> None:
    home, _, west, visit = _handed_over(world)
    world.supervisor.returns(visit, "Count again", {})
    west.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    assert visited(world, home, visit) == (True, [amended.id])

    west.withdraws(amended)
    west.syncs()

    assert record(world, home) == ("09990000002", "1")
    assert (world.is_withdrawn(visit), world.replaced_by(visit)) == (False, None)
    assert visited(world, home, visit) == (True, [visit.id])
    world.assert_laws_hold()


def test_an_amendment_of_a_second_phone_stands_for_the_colleagues_visit_when_the_one_between_is_taken_back(
    world: World,
) -> None:
    home, _, west, visit = _handed_over(world)
    world.supervisor.returns(visit, "Count again", {})
    west.syncs()
    between = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    second = west.takes_a_second_phone()
    second.syncs()
    last = second.amends(between, home, phone="09990000004", visits_made="1")
    second.syncs()
    west.withdraws(between)
    west.syncs()
    assert visited(world, home, visit) == (True, [last.id])


def test_a_rejected_visit_is_rejected_still_when_the_new_helper_takes_the_amendment_of_it_back(world: World) -> None:
    home, _, west, visit = _handed_over(world)
    world.supervisor.rejects(visit, "Nobody was there")
    west.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    assert visited(world, home, visit)[0] is True
    west.withdraws(amended)
    west.syncs()
    assert (world.review_state(visit), visited(world, home, visit)[0]) == ("rejected", False)
