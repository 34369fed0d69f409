"""A phone's clock is data, never an order: 1970 after a flat battery, eight hours off after a trip."""

import pytest

from tests.world import World

HOUR_MS = 3_600_000
YEAR_MS = 365 * 24 * HOUR_MS
WRONG = pytest.mark.parametrize(
    "off_by_ms", [-50 * YEAR_MS, -8 * HOUR_MS, 8 * HOUR_MS, YEAR_MS], ids=["1970", "-8h", "+8h", "+1y"]
)


@WRONG
def test_a_wrong_clock_changes_nothing_about_what_happens(world: World, off_by_ms: int) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    west.clock.off_by_ms = off_by_ms
    east.corrects(home, phone="09990000002")
    entries = [west.corrects(home, phone="09990000003"), west.visits(home, water="tap")]

    east.syncs()
    west.syncs()

    assert [entry.status for entry in entries] == ["conflict", "merged"]
    assert (world.record(home).phone, world.record(home).water) == ("09990000002", "tap")


@WRONG
def test_a_clock_that_jumps_in_the_middle_of_a_branch_does_not_reorder_it(world: World, off_by_ms: int) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.corrects(home, phone="09990000002")
    east.clock.off_by_ms = off_by_ms
    east.corrects(home, phone="09990000003")
    east.clock.off_by_ms = 0
    last = east.corrects(home, phone="09990000004")

    east.syncs()

    assert last.status == "applied"
    assert world.record(home).phone == "09990000004"


@WRONG
def test_late_work_is_judged_by_what_the_phone_had_heard_and_not_by_its_clock(world: World, off_by_ms: int) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    east.clock.off_by_ms = off_by_ms
    before = east.corrects(home, phone="09990000002")
    world.hands_over(home, east, west)
    east.syncs()
    after = east.corrects(home, phone="09990000003")
    east.syncs()

    assert before.status == "applied"
    assert after.status == "review"


@WRONG
def test_a_visit_counts_in_the_month_the_server_received_it_when_the_phones_clock_is_absurd(
    world: World, off_by_ms: int
) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.clock.off_by_ms = off_by_ms
    visit = east.visits(home, water="tap")

    east.syncs()

    assert world.month_of(visit) == 201911


def test_the_phone_is_told_the_servers_time(world: World) -> None:
    east = world.cadre("East", visits=[world.household()])

    page = east.exchanges()

    assert page is not None
    assert page["server_time"] == world.clock.now_ms
