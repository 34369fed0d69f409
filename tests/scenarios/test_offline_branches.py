"""A chain of offline corrections: in order, reversed, interrupted, with links missing, forced after days.

The table is that of the offline entities of ODK Central, told for households; what differs is said where it does.
"""

from itertools import permutations

import pytest

from tests.world import World


def test_a_branch_sent_in_order_is_applied_without_conflict(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    chain = [east.corrects(home, phone=f"0999000000{n}") for n in (2, 3, 4)]

    east.syncs()

    assert [entry.status for entry in chain] == ["applied"] * 3
    assert world.record(home).phone == "09990000004"
    assert world.record(home).version == 4


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_branch_arriving_in_any_order_ends_as_if_in_order(world: World, order: tuple[int, ...]) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    chain = [
        east.corrects(home, phone="09990000002"),
        east.corrects(home, phone="09990000003", water="tap"),
        east.corrects(home, water="spring"),
    ]

    for number in order:
        east.sends_only(chain[number])
    east.syncs()

    assert {entry.status for entry in chain} <= {"applied", "merged"}
    assert (world.record(home).phone, world.record(home).water) == ("09990000003", "spring")
    assert world.supervisor.open_conflicts() == []


def test_a_branch_that_begins_with_a_newcomer_is_applied_in_order(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    child = world.somebody_of(home, "Ming")
    created = east.meets_newcomer(child)
    corrected = east.corrects(child, name="Ming Ming")

    east.syncs()

    assert [created.status, corrected.status] == ["applied", "applied"]
    assert world.record(child).name == "Ming Ming"


def test_a_correction_that_arrives_before_the_newcomer_waits_for_them(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    child = world.somebody_of(home, "Ming")
    created = east.meets_newcomer(child)
    corrected = east.corrects(child, health="good")

    east.sends_only(corrected)
    assert corrected.status == "held"
    east.syncs()

    assert [created.status, corrected.status] == ["applied", "applied"]
    assert (world.record(child).name, world.record(child).health) == ("Ming", "good")


def test_a_newcomer_met_during_a_visit_is_created_with_it(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    child = world.somebody_of(home, "Ming")
    east.visits(home, born=[child])
    corrected = east.corrects(child, name="Ming Ming")

    east.syncs()

    assert corrected.status == "applied"
    assert world.record(child).name == "Ming Ming"
    assert world.record(child).version == 2


def test_a_visit_continues_the_branch_of_corrections(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    entries = [
        east.corrects(home, phone="09990000002"),
        east.visits(home, water="tap"),
        east.corrects(home, phone="09990000003"),
    ]

    east.syncs()

    assert [entry.status for entry in entries] == ["applied"] * 3
    assert world.record(home).version == 4


def test_a_branch_interrupted_by_somebody_elses_other_property_is_merged(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    first = east.corrects(home, phone="09990000002")
    second = east.corrects(home, phone="09990000003")
    east.sends_only(first)

    west.corrects(home, water="tap")
    west.syncs()
    east.syncs()

    assert second.status == "merged"
    assert (world.record(home).phone, world.record(home).water) == ("09990000003", "tap")
    assert world.supervisor.open_conflicts() == []


def test_a_branch_interrupted_by_somebody_elses_same_property_is_a_conflict(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    first = east.corrects(home, phone="09990000002")
    second = east.corrects(home, phone="09990000003")
    east.sends_only(first)

    west.syncs()
    west.corrects(home, phone="09990000004")
    west.syncs()
    east.syncs()

    assert second.status == "conflict"
    assert world.record(home).phone == "09990000004"


def test_later_links_of_a_branch_never_conflict_with_its_own_earlier_ones(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    entries = [east.corrects(home, phone=f"0999000000{n}") for n in range(2, 7)]
    west.corrects(home, water="tap")
    west.syncs()

    east.syncs()

    assert {entry.status for entry in entries} == {"merged"}
    assert world.record(home).phone == "09990000006"


def test_a_branch_in_conflict_leaves_one_candidate_its_latest(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    west.corrects(home, phone="09990000009")
    for n in (2, 3, 4):
        east.corrects(home, phone=f"0999000000{n}")
    west.syncs()
    east.syncs()

    [conflict] = world.supervisor.open_conflicts()
    assert conflict.candidate == {"phone": "09990000004"}


def test_a_branch_goes_on_over_several_syncs_until_the_phone_has_pulled(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    entries = []
    for n in (2, 3, 4):
        entries.append(east.corrects(home, phone=f"0999000000{n}"))
        east.syncs()

    assert [entry.status for entry in entries] == ["applied"] * 3
    branches = {entry.document["branch_id"] for entry in entries}
    assert len(branches) == 3, "each was pulled before the next began"


def test_a_missing_link_is_given_up_after_five_days_and_the_rest_is_applied(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    east.corrects(home, phone="09990000002")
    second = east.corrects(home, water="tap")
    east.sends_only(second)
    assert second.status == "held"

    world.days_pass(4)
    east.checks_for_news()
    assert second.status == "held"
    world.days_pass(2)
    east.checks_for_news()

    assert second.status in ("applied", "merged")
    assert world.record(home).water == "tap"
    assert world.record(home).phone == "09990000001"


def test_a_link_that_arrives_after_it_was_given_up_does_not_undo_what_came_later(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, phone="09990000002", water="spring")
    second = east.corrects(home, phone="09990000003")
    east.sends_only(second)
    world.days_pass(6)

    east.syncs()

    assert first.status in ("applied", "merged")
    assert world.record(home).phone == "09990000003"
    assert world.record(home).water == "spring"


def test_a_correction_whose_newcomer_never_arrives_creates_them_after_five_days(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    child = world.somebody_of(home, "Ming")
    created = east.meets_newcomer(child)
    corrected = east.corrects(child, health="good")
    east.sends_only(corrected)
    world.days_pass(6)

    assert world.record(child).health == "good"

    east.syncs()
    assert created.status in ("applied", "merged")
    assert (world.record(child).name, world.record(child).health) == ("Ming", "good")


def test_a_whole_day_reversed_by_the_network_ends_as_the_cadre_left_it(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    entries = [
        east.corrects(home, phone="09990000002"),
        east.visits(home, water="tap"),
        east.corrects(home, phone="09990000003"),
        east.visits(home, people="7"),
    ]
    for entry in reversed(entries):
        east.sends_only(entry)
    east.syncs()

    record = world.record(home)
    assert (record.phone, record.water, record.people) == ("09990000003", "tap", "7")
    assert {entry.status for entry in entries} <= {"applied", "merged"}


def test_a_link_refused_by_a_person_does_not_hold_up_the_links_after_it(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    broken = east.visits(home, met=..., phone="09990000002")
    later = east.corrects(home, water="tap")

    east.syncs()

    assert broken.status == "review"
    assert later.status in ("applied", "merged")
    assert world.record(home).water == "tap"
