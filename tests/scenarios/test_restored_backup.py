"""The administrator copies yesterday's database back. The phones put everything back that came since."""

from urllib.parse import urlencode

import pytest

from tests.world import World
from tests.world.newcomers import family, registers


def test_a_phone_gives_a_restored_server_everything_it_forgot(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    early = east.visits(home, phone="09990000002")
    east.syncs()
    backup = world.backs_up()
    late = [east.visits(home, phone="09990000003"), east.corrects(home, water="tap")]
    east.syncs()

    world.restores(backup)
    east.syncs()

    assert {entry.status for entry in [early, *late]} <= {"applied", "merged"}
    assert (world.record(home).phone, world.record(home).water) == ("09990000003", "tap")
    assert all(world.has_operation(entry) for entry in [early, *late])


def test_a_phone_that_pushed_and_never_pulled_since_notices_too(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.syncs()
    backup = world.backs_up()
    visit = east.visits(home, phone="09990000002")
    east.exchanges()
    assert visit.status == "applied"

    world.restores(backup)
    east.syncs()

    assert world.has_operation(visit)
    assert world.record(home).phone == "09990000002"


def test_chains_of_two_phones_grow_back_whoever_comes_first(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    east.corrects(home, phone="09990000002")
    east.syncs()
    west.syncs()
    west.corrects(home, water="tap")
    west.syncs()
    east.syncs()
    east.corrects(home, phone="09990000003")
    east.syncs()

    world.restores(backup)
    west.syncs()
    east.syncs()
    west.syncs()
    east.syncs()

    assert (world.record(home).phone, world.record(home).water) == ("09990000003", "tap")
    assert world.supervisor.open_conflicts() == []
    for cadre in (east, west):
        assert cadre.sees(home).properties == world.record(home).properties


def test_new_work_on_a_restored_server_takes_the_positions_of_the_old_and_is_not_mistaken_for_it(
    world: World,
) -> None:
    homes = [world.household(phone="09990000001") for _ in range(2)]
    east, west = world.cadre("East", visits=homes), world.cadre("West", visits=homes)
    backup = world.backs_up()
    forgotten = east.visits(homes[0], phone="09990000002")
    east.syncs()

    world.restores(backup)
    west.visits(homes[1], phone="09990000003")
    west.syncs()
    west.visits(homes[1], phone="09990000004")
    west.syncs()
    east.syncs()

    assert world.has_operation(forgotten)
    assert east.sees(homes[1]).phone == "09990000004"
    west.syncs()
    assert west.sees(homes[0]).phone == "09990000002"


def test_a_decision_the_backup_does_not_know_is_asked_again(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.syncs()
    west.syncs()
    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.resolves(conflict, phone="09990000003")

    world.restores(backup)
    east.syncs()
    west.syncs()

    [again] = world.supervisor.open_conflicts()
    assert {again.current["phone"], again.candidate["phone"]} == {"09990000002", "09990000003"}


def test_a_refusal_the_backup_does_not_know_is_asked_for_again(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    draft = east.opens_form(home)
    world.hands_over(home, east, west)
    east.syncs()
    backup = world.backs_up()
    visit = east.finishes(draft, phone="09990000002")
    east.syncs()
    world.supervisor.answers(visit.id, accepted=False)
    east.syncs()
    assert visit.status == "refused"

    world.restores(backup)
    east.syncs()

    assert visit.status == "review"
    assert visit.id in world.supervisor.operations_in_review()


def test_a_phone_enrolled_after_the_backup_must_sign_in_again_and_keeps_its_queue(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home], enrolled=False)
    backup = world.backs_up()
    east.enrols()
    east.syncs()
    visit = east.visits(home, phone="09990000002")
    east.syncs()

    world.restores(backup)
    east.syncs()
    assert east.turned_away
    east.enrols()
    east.syncs()

    assert world.has_operation(visit)
    assert world.record(home).phone == "09990000002"


@pytest.mark.parametrize("unsent", [False, True])
def test_a_phone_signed_out_as_lost_by_a_server_that_was_put_back_still_gives_it_what_it_forgot(
    world: World, unsent: bool
) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    backup = world.backs_up()
    visit = east.visits(home, phone="09990000002")
    east.syncs()
    if unsent:
        east.corrects(home, water="well")

    world.restores(backup)
    world.revokes(east)
    asked = world.server.send("GET", f"/api/v1/feed?{urlencode({'cursor': east.phone.cursor})}", None, east.phone.token)
    assert (asked.body["code"], asked.body["pull"]) == ("device-revoked", "reset")
    east.syncs()
    assert east.turned_away == ["device-revoked"]
    assert not world.has_operation(visit)

    # Found under the seat of the bus, a week later.
    east.enrols()
    east.syncs()
    assert world.has_operation(visit)
    assert world.record(home).phone == "09990000002"
    assert world.record(home).water == ("well" if unsent else None)
    world.assert_laws_hold()


def test_a_phone_signed_out_as_lost_by_the_server_it_knows_keeps_nothing_that_was_received(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.visits(home, phone="09990000002")
    east.syncs()
    world.revokes(east)
    east.syncs()
    assert (east.turned_away, east.phone.outbox.entries) == (["device-revoked"], [])


def test_a_server_killed_between_two_syncs_has_forgotten_nothing(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()

    world.server.restart()
    page = east.exchanges()

    assert page is not None
    assert page["pull"] == "ok"
    assert not page.get("changes")
    assert world.has_operation(visit)


def test_a_visit_that_comes_back_before_the_lost_registration_of_its_household_is_counted(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    copy = world.backs_up()
    registers(east, home)
    first = east.visits(home, visits_made="3")
    east.syncs()
    second = east.visits(home, visits_made="6", water="tap")
    east.syncs()
    third = east.visits(home, visits_made="9", water="well")
    fourth = east.corrects(home, visits_made="11")

    world.restores(copy)
    east.sends_only(third)
    east.syncs()
    east.syncs()

    assert {each.status for each in (first, second, third, fourth)} <= {"applied", "merged"}
    assert world.record(home).visits_made == "11"
    world.assert_laws_hold()
