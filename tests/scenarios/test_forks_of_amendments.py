"""A visit amended twice without either having seen the other, or taken back by who had not heard of the amendment.

A person chooses: the month counts the visit once, and nobody's words go unseen.
"""

import pytest

from fieldsvc.store import visit_record
from tests.scenarios.chains import record, visited
from tests.scenarios.test_amendments_after_a_handover import _handed_over as handed_over
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def _code(entry: Entry) -> str:
    return str((entry.receipt or {})["problem"]["code"])


def _amended_on_the_second_phone(world: World) -> tuple[Household, Cadre, Cadre, Entry, Entry]:
    home = world.household(phone="09990000001", water="well", visits_made="0")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002", water="tap", visits_made="1")
    east.syncs()
    second = east.takes_a_second_phone()
    amended = second.amends(visit, home, phone="09990000003", water="tap", visits_made="1")
    return home, east, second, visit, amended


def test_taking_back_a_visit_that_was_amended_on_another_phone_waits_for_a_person(world: World) -> None:
    home, east, second, visit, amended = _amended_on_the_second_phone(world)
    second.syncs()
    withdrawal = east.withdraws(visit)
    east.syncs()

    assert (withdrawal.status, _code(withdrawal)) == ("review", "amended-since")
    assert (record(world, home), world.record(home).water) == (("09990000003", "1"), "tap")
    assert (world.is_withdrawn(visit), visited(world, home, visit)) == (False, (True, [amended.id]))
    world.assert_laws_hold()


@pytest.mark.parametrize("amended_again", [True, False])
def test_let_through_it_takes_back_the_amendments_too(world: World, amended_again: bool) -> None:
    home, east, second, visit, amended = _amended_on_the_second_phone(world)
    if amended_again:
        second.syncs()
        second.amends(amended, home, phone="09990000004", water="tap", visits_made="1")
    second.syncs()
    withdrawal = east.withdraws(visit)
    east.syncs()
    world.supervisor.accepts(withdrawal)
    east.checks_for_news()

    assert withdrawal.status == "applied"
    assert (record(world, home), world.record(home).water) == (("09990000001", "0"), "well")
    assert visited(world, home, visit) == (False, [])
    assert (world.is_withdrawn(visit), world.is_withdrawn(amended)) == (True, True)
    world.assert_laws_hold()


def test_declined_the_amendment_stands(world: World) -> None:
    home, east, second, visit, amended = _amended_on_the_second_phone(world)
    second.syncs()
    withdrawal = east.withdraws(visit)
    east.syncs()
    world.supervisor.answers(withdrawal.id, accepted=False)
    assert (record(world, home), visited(world, home, visit)) == (("09990000003", "1"), (True, [amended.id]))


def test_an_amendment_of_what_was_taken_back_meanwhile_says_all_it_repeats(world: World) -> None:
    home, east, second, visit, amended = _amended_on_the_second_phone(world)
    east.withdraws(visit)
    east.syncs()
    assert record(world, home) == ("09990000001", "0")
    second.syncs()

    assert amended.status in ("applied", "merged")
    assert (record(world, home), world.record(home).water) == (("09990000003", "1"), "tap")
    assert visited(world, home, amended)[1] == [amended.id]
    assert world.supervisor.open_conflicts() == []
    world.assert_laws_hold()


def test_the_visit_of_the_one_before_is_not_taken_back_behind_the_new_helpers_amendment(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    withdrawal = east.withdraws(visit)  # before she hears of it
    world.hands_over(home, east, west)
    west.syncs()
    amended = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    east.syncs()
    assert (withdrawal.status, _code(withdrawal)) == ("review", "amended-since")
    assert (record(world, home), visited(world, home, visit)) == (("09990000003", "1"), (True, [amended.id]))


@pytest.mark.parametrize("at_once", [True, False])
def test_the_second_of_two_amendments_of_one_visit_waits_for_a_person_who_has_it_stand_for_both(
    world: World, at_once: bool
) -> None:
    home, east, second, visit, one = _amended_on_the_second_phone(world)
    other = east.amends(visit, home, phone="09990000005", water="tap", visits_made="1")
    if not at_once:
        second.syncs()
        east.syncs()
    second.syncs()
    east.syncs()
    assert (one.status, other.status, _code(other)) == ("applied", "review", "amended-since")
    assert record(world, home) == ("09990000003", "1")
    assert visited(world, home, visit)[0] is True

    world.supervisor.accepts(other)
    assert record(world, home) == ("09990000005", "1")
    assert visited(world, home, visit) == (True, [other.id])
    assert (world.replaced_by(visit), world.replaced_by(one)) == (other.id, other.id)
    feed = world.county.who().feed_id
    with world.server.ctx.db.read() as session:
        chosen = visit_record.get(session, feed, other.id)
        assert chosen is not None
        assert [link.id for link in visit_record.chain(session, feed, chosen)] == [visit.id, one.id, other.id]
    world.assert_laws_hold()


def test_a_fork_that_was_let_through_is_taken_back_as_a_whole(world: World) -> None:
    home, east, second, visit, one = _amended_on_the_second_phone(world)
    other = east.amends(visit, home, phone="09990000005", water="tap", visits_made="1")
    second.syncs()
    east.syncs()
    world.supervisor.accepts(other)
    east.withdraws(other)
    east.syncs()

    assert (record(world, home), world.record(home).water) == (("09990000001", "0"), "well")
    assert visited(world, home, visit) == (False, [])
    assert [world.is_withdrawn(each) for each in (visit, one, other)] == [True] * 3
    world.assert_laws_hold()


def test_the_authors_and_the_new_helpers_amendments_of_one_visit_count_once(world: World) -> None:
    home, east, west, visit = handed_over(world)
    world.supervisor.returns(visit, "Count again", {})
    west.syncs()
    mine = west.amends(visit, home, phone="09990000003", visits_made="1")
    west.syncs()
    late = east.amends(visit, home, phone="09990000006", visits_made="1")
    east.syncs()
    assert (late.status, visited(world, home, visit)[0]) == ("review", True)
    world.supervisor.accepts(late)
    assert visited(world, home, visit) == (True, [late.id])

    west.withdraws(mine)
    west.syncs()
    assert visited(world, home, visit) == (True, [late.id])
    world.assert_laws_hold()


def test_what_the_chosen_amendment_displaced_stands_again_once_that_is_taken_back(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    late = east.amends(visit, home, phone="09990000006", visits_made="1")  # before she hears of it
    world.hands_over(home, east, west)
    west.syncs()
    mine = west.amends(visit, home, phone="09990000003", visits_made="1")
    east.syncs()
    west.syncs()
    assert (late.status, mine.status, _code(mine)) == ("applied", "review", "amended-since")
    world.supervisor.accepts(mine)
    assert visited(world, home, visit) == (True, [mine.id])
    west.withdraws(mine)
    west.syncs()
    assert (visited(world, home, visit), world.replaced_by(visit)) == ((True, [late.id]), late.id)
    assert record(world, home) == ("09990000006", "1")
    world.assert_laws_hold()


def test_a_visit_that_two_phones_take_back_is_taken_back_once(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="3")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002", visits_made="4")
    east.syncs()
    second = east.takes_a_second_phone()
    both = [each.withdraws(visit) for each in (east, second)]
    east.syncs()
    second.syncs()
    assert [each.status for each in both] == ["applied"] * 2
    assert record(world, home) == ("09990000001", "3")
    assert world.supervisor.open_conflicts() == []


def test_who_was_passed_over_and_takes_it_back_leaves_what_was_chosen(world: World) -> None:
    home, east, second, visit, one = _amended_on_the_second_phone(world)
    other = east.amends(visit, home, phone="09990000005", water="tap", visits_made="1")
    second.syncs()
    east.syncs()
    world.supervisor.answers(other.id, accepted=False)
    east.withdraws(other)
    east.syncs()
    assert (record(world, home), visited(world, home, visit)) == (("09990000003", "1"), (True, [one.id]))
