"""What waited when a colleague amended it waits again once that amendment is taken back, and nothing counts twice."""

import pytest

from tests.scenarios.chains import kept, record, visited
from tests.scenarios.test_amendments_after_a_handover import _handed_over as handed_over
from tests.world import World


@pytest.mark.parametrize("at_once", [True, False])
def test_a_colleagues_visit_in_review_waits_again_and_can_be_let_through(world: World, at_once: bool) -> None:
    home, east, west, visit = handed_over(world, met="")
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    if not at_once:
        west.syncs()
        east.syncs()
        assert (visit.status, (visit.receipt or {})["problem"]["code"]) == ("refused", "replaced")
    west.withdraws(amended)
    west.syncs()
    east.syncs()

    assert (visit.status, (visit.receipt or {})["problem"]["code"]) == ("review", "rule-broken")
    assert world.supervisor.operations_in_review() == {visit.id}
    assert (record(world, home), world.replaced_by(visit)) == (("09990000001", "0"), None)
    assert visited(world, home, visit) == (False, [visit.id])

    world.supervisor.accepts(visit)
    east.syncs()
    assert (visit.status, record(world, home)) == ("applied", ("09990000002", "1"))
    assert visited(world, home, visit) == (True, [visit.id])
    world.assert_laws_hold()


def test_all_that_waited_of_a_colleagues_chain_waits_again_in_its_order(world: World) -> None:
    home, east, west, visit = handed_over(world, met="")
    with_more = east.amends(visit, home, phone="09990000005", visits_made="1", met="")
    east.sends_only(with_more)
    assert with_more.status == "review"
    amended = west.amends(with_more, home, phone="09990000003", visits_made="1")
    west.syncs()
    west.withdraws(amended)
    west.syncs()
    east.syncs()

    assert [(each.status, world.replaced_by(each)) for each in (visit, with_more)] == [("review", None)] * 2
    world.supervisor.accepts(with_more)
    east.syncs()
    assert [each.status for each in (visit, with_more)] == ["refused", "merged"]
    assert record(world, home) == ("09990000005", "1")
    assert visited(world, home, visit) == (True, [with_more.id])
    world.assert_laws_hold()


def test_what_was_held_waits_again_for_what_it_waited_for(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    first = east.corrects(home, water="tap")
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.sends_only(visit)
    assert visit.status == "held"
    world.hands_over(home, east, west)
    west.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    with_effect = west.syncs()
    assert [each["status"] for each in with_effect] == ["held"]  # it waits for what it amends
    world.supervisor.accepts(amended)
    west.withdraws(amended)
    west.syncs()
    east.checks_for_news()
    assert (visit.status, world.replaced_by(visit)) == ("held", None)

    east.sends_only(first)
    east.syncs()
    assert (visit.status, record(world, home)) == ("applied", ("09990000002", "1"))
    assert visited(world, home, visit) == (True, [visit.id])
    world.assert_laws_hold()


@pytest.mark.parametrize("amended_first", [True, False])
def test_what_came_from_a_lost_phone_waits_for_a_person_again_and_is_no_visit_until_then(
    world: World, amended_first: bool
) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    visit = east.visits(home, phone="09990000002", visits_made="1")
    if not amended_first:
        kept(world, east, visit)
    world.hands_over(home, east, west)
    west.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    if amended_first:
        world.days_pass(6)
        kept(world, east, visit)
    assert world.replaced_by(visit) == amended.id
    west.withdraws(amended)
    west.syncs()

    assert world.supervisor.operations_in_review() == {visit.id}
    assert visited(world, home, visit)[0] is False
    east.checks_for_news()
    assert (visit.receipt or {}).get("problem", {}).get("code") in (None, "from-lost-phone")
    world.supervisor.accepts(visit)
    assert (record(world, home), visited(world, home, visit)) == (("09990000002", "1"), (True, [visit.id]))
    world.assert_laws_hold()
