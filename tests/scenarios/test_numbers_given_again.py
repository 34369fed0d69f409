"""Yesterday's database is copied back, and new work takes the version numbers of the lost. Nobody overwrites unseen."""

import pytest

from tests.world import World
from tests.world.cadre import Cadre
from tests.world.places import Household


def _lost_history(world: World) -> tuple[Household, Cadre, Cadre]:
    """East has corrected the record, which the server has forgotten; West has not been there since the backup."""
    home = world.household(phone="09990000001", water="well", visits_made="3", bank="Old", account_no="1")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    east.corrects(home, phone="09990000002", water="tap")
    east.visits(home, visits_made="4")
    east.syncs()
    # Her phone is thirty days older by now, or was set up anew: nobody sends the lost versions again.
    east.phone.outbox.entries.clear()
    world.restores(backup)
    return home, east, west


def test_a_correction_of_a_lost_version_asks_where_another_wrote_under_its_number(world: World) -> None:
    home, east, west = _lost_history(world)
    east.corrects(home, phone="09990000007")
    for number in ("09990000003", "09990000004"):
        west.corrects(home, phone=number)
        west.syncs()

    east.syncs()

    assert world.record(home).phone == "09990000004"
    [conflict] = world.supervisor.open_conflicts()
    assert (conflict.base["phone"], conflict.candidate["phone"]) == ("09990000002", "09990000007")


def test_a_visit_that_only_states_a_lost_value_again_takes_nothing_back(world: World) -> None:
    home, east, west = _lost_history(world)
    visit = east.visits(home, water="tap", people="4")
    for water in ("spring", "tank"):
        west.corrects(home, water=water)
        west.syncs()

    east.syncs()

    assert visit.status in ("applied", "merged")
    assert (world.record(home).water, world.record(home).people) == ("tank", "4")
    assert world.supervisor.open_conflicts() == []


def test_a_counter_counts_from_the_number_its_author_saw(world: World) -> None:
    home, east, west = _lost_history(world)
    east.visits(home, visits_made="5")
    for number in ("8", "9"):
        west.visits(home, visits_made=number)
        west.syncs()

    east.syncs()

    assert world.record(home).visits_made == "10"


def test_half_a_group_typed_over_a_lost_other_half_is_for_a_person(world: World) -> None:
    home = world.household(bank="Old", account_no="1")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    east.corrects(home, bank="East's", account_no="2")
    east.syncs()
    east.phone.outbox.entries.clear()
    world.restores(backup)
    east.corrects(home, account_no="3")
    west.corrects(home, bank="West's", account_no="2")
    west.syncs()

    east.syncs()

    assert (world.record(home).bank, world.record(home).account_no) == ("West's", "2")
    [conflict] = world.supervisor.open_conflicts()
    assert (conflict.candidate["bank"], conflict.candidate["account_no"]) == ("East's", "3")


def test_every_link_of_a_chain_over_a_lost_version_says_what_it_replaces(world: World) -> None:
    home, east, west = _lost_history(world)
    east.corrects(home, phone="09990000007")
    east.corrects(home, water="spring")
    east.corrects(home, phone="09990000008")
    for number in ("09990000003", "09990000004"):
        west.corrects(home, phone=number)
        west.syncs()

    east.syncs()

    assert world.record(home).phone == "09990000004"
    phones = [each for each in world.supervisor.open_conflicts() if "phone" in each.candidate]
    assert [each.candidate["phone"] for each in phones] == ["09990000008"]
    assert phones[0].base["phone"] == "09990000002"


def test_a_decision_under_a_number_given_again_is_not_taken_for_one_that_was_seen(world: World) -> None:
    home, east, west = _lost_history(world)
    east.corrects(home, phone="09990000007")
    second = west.takes_a_second_phone()
    west.corrects(home, phone="09990000003")
    second.corrects(home, phone="09990000004")
    west.syncs()
    second.syncs()
    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.resolves(conflict, phone="09990000004")

    east.syncs()

    assert world.record(home).phone == "09990000004"
    [again] = world.supervisor.open_conflicts()
    assert again.candidate["phone"] == "09990000007"


def test_an_amended_visit_is_judged_by_what_it_said_before(world: World) -> None:
    home = world.household(water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    visit = east.visits(home, water="tap")
    east.syncs()
    amended = east.amends(visit, home, water="spring")
    # Another's version has the visit's number before the visit comes back.
    world.restores(backup)
    west.corrects(home, water="tank")
    west.syncs()

    east.syncs()

    assert world.has_operation(amended)
    assert world.record(home).water == "tank"
    assert "spring" in [each.candidate["water"] for each in world.supervisor.open_conflicts()]


@pytest.mark.parametrize("says_was", [True, False], ids=["an app that says what it replaces", "an older app"])
def test_what_nobody_else_wrote_over_grows_back_without_a_question(world: World, says_was: bool) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.phone.says_was = west.phone.says_was = says_was
    backup = world.backs_up()
    for cadre, value in ((east, "tap"), (west, "tank"), (east, "spring")):
        cadre.syncs()
        cadre.corrects(home, water=value)
        cadre.syncs()

    world.restores(backup)
    for cadre in (west, east, west, east):
        cadre.syncs()

    assert world.record(home).water == "spring"
    assert world.supervisor.open_conflicts() == []
