"""What comes down to a phone: all of its scope, nothing else, in pages that may stop anywhere."""

import pytest

from tests.world import World


def test_a_first_sync_brings_every_assigned_household_with_its_members(world: World) -> None:
    homes = [world.household(members=["Ming", "Hua"]) for _ in range(4)]
    world.household(members=["Somebody else"])
    east = world.cadre("East", visits=homes)

    east.syncs()

    assert len(east.phone.replica.entities) == 12
    world.assert_replica_is_whole(east)


def test_a_phone_may_stop_after_any_page_and_ends_where_one_go_ends(world: World) -> None:
    world.sends_small_pages()
    homes = [world.household() for _ in range(25)]
    east = world.cadre("East", visits=homes, synced=False)

    pages = 0
    while True:
        page = east.exchanges()
        pages += 1
        world.server.restart()
        east.loses_the_next_reply()
        east.pulls_one_page()
        assert page is not None
        if not page.get("more"):
            break

    assert pages > 3
    world.assert_replica_is_whole(east)


def test_changes_made_between_two_pages_are_not_lost(world: World) -> None:
    world.sends_small_pages()
    homes = [world.household(water="well") for _ in range(20)]
    east, west = world.cadre("East", visits=homes, synced=False), world.cadre("West", visits=homes)

    for home in homes:
        east.pulls_one_page()
        west.corrects(home, water="tap")
        west.syncs()
    east.syncs()

    assert all(east.sees(home).water == "tap" for home in homes)
    world.assert_replica_is_whole(east)


def test_a_household_assigned_later_is_filled_in_from_before_the_cursor(world: World) -> None:
    first, second = world.household(), world.household(water="well", members=["Ming"])
    east, west = world.cadre("East", visits=[first]), world.cadre("West", visits=[second])
    visit = west.visits(second, water="tap")
    west.syncs()
    east.syncs()

    world.gives(second, to=east)
    east.syncs()

    assert east.sees(second).water == "tap"
    assert all(east.holds(member) for member in world.members_of(second))
    assert visit.id in east.phone.replica.submissions


def test_a_whole_village_may_be_assigned_at_once(world: World) -> None:
    village = world.village("Upper")
    homes = [world.household(in_village=village) for _ in range(5)]
    outside = world.household()
    east = world.cadre("East", of_area=village)

    east.syncs()

    assert all(east.holds(home) for home in homes)
    assert not east.holds(outside)


def test_a_household_moved_into_an_assigned_village_arrives(world: World) -> None:
    village = world.village("Upper")
    east = world.cadre("East", of_area=village)
    east.syncs()

    home = world.household(in_village=village)
    east.syncs()

    assert east.holds(home)


def test_published_forms_are_announced_once(world: World) -> None:
    east = world.cadre("East", visits=[world.household()])
    east.syncs()
    assert any(key.startswith("form:") for key in east.phone.replica.forms)
    assert any(key.startswith("dataset:") for key in east.phone.replica.forms)

    page = east.exchanges()
    assert page is not None
    assert not page.get("changes")


def test_an_old_cursor_from_before_the_servers_memory_starts_over_and_keeps_the_queue(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.syncs()
    entry = east.visits(home, phone="09990000002")
    east.phone.cursor = "1.someotherepoch.7.tag.0."

    east.syncs()

    assert entry.status == "applied"
    world.assert_replica_is_whole(east)


@pytest.mark.parametrize("cursor", ["", "x", "1.2.3", "1.e.-1.t.0.", "☃", "9" * 5000])
def test_a_cursor_no_server_wrote_is_a_reset_and_never_an_error(world: World, cursor: str) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.phone.cursor = cursor

    east.syncs()

    assert east.holds(home)
