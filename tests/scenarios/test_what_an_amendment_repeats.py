"""What an amendment leaves as its visit had it is said by the amendment too: nothing of it goes where the visit ends.

On the phone that made it the visit was in effect, and the amendment counts as changed what it says otherwise. A server
put back to a backup may have the visit waiting when the amendment takes effect, which ends the visit.
"""

from fieldsvc.services.intake import reprocess
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def _all_wait_for_a_person(world: World, *, again: bool = False) -> tuple[Household, Cadre, Entry, Entry]:
    """East's assignment is lost with the history in which her visit took effect and was amended."""
    home = world.household(phone="09990000001", water="well", visits_made="3")
    east = world.cadre("East")
    backup = world.backs_up()
    world.gives(home, east)
    east.syncs()
    visit = east.visits(home, water="tap", visits_made="4")
    east.syncs()
    amended = east.amends(visit, home, water="tap", visits_made="4", phone="09990000002")
    east.syncs()
    assert (visit.status, amended.status) == ("applied", "applied")
    if again:
        east.amends(amended, home, water="tap", visits_made="4", phone="09990000002", people="5")
        east.syncs()
    world.restores(backup)
    east.syncs()
    assert (visit.status, amended.status) == ("review", "review")
    return home, east, visit, amended


def test_an_accepted_amendment_brings_what_its_visit_said_which_ends_with_it(world: World) -> None:
    home, east, visit, amended = _all_wait_for_a_person(world)

    world.supervisor.accepts(amended)
    east.syncs()

    assert (visit.status, amended.status) == ("refused", "merged")
    record = world.record(home)
    assert (record.phone, record.water, record.visits_made) == ("09990000002", "tap", "4")


def test_an_accepted_amendment_of_a_visit_that_was_declined_brings_all_that_it_says(world: World) -> None:
    home, east, visit, amended = _all_wait_for_a_person(world)

    world.supervisor.answers(visit.id, accepted=False)
    world.supervisor.accepts(amended)
    east.syncs()

    assert (visit.status, amended.status) == ("refused", "merged")
    assert (world.record(home).phone, world.record(home).water) == ("09990000002", "tap")


def test_the_last_of_two_amendments_brings_what_all_three_said(world: World) -> None:
    home, east, visit, amended = _all_wait_for_a_person(world, again=True)

    [last] = [entry for entry in east.phone.outbox.entries if entry.document.get("replaces") == amended.id]
    world.supervisor.accepts(last)
    east.syncs()

    assert [entry.status for entry in (visit, amended, last)] == ["refused", "refused", "merged"]
    record = world.record(home)
    assert (record.phone, record.water, record.visits_made, record.people) == ("09990000002", "tap", "4", "5")


def test_an_amendment_does_not_overtake_its_visit_in_the_night_in_which_waiting_ends(world: World) -> None:
    home = world.household(phone="09990000001", water="well", people="4")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    west.corrects(home, people="5")
    west.syncs()
    east.syncs()
    corrected = east.corrects(home, phone="09990000002")
    visit = east.visits(home, water="tap")
    east.syncs()
    amended = east.amends(visit, home, water="tap", people="6")
    east.syncs()
    west.phone.outbox.entries.clear()
    world.restores(backup)
    east.syncs()
    assert [each.status for each in (corrected, visit, amended)] == ["held"] * 3

    world.days_pass(6)
    east.syncs()

    assert "refused" not in (corrected.status, visit.status, amended.status)
    assert (world.record(home).water, world.replaced_by(visit)) == ("tap", amended.id)


def test_what_an_amendment_repeats_overwrites_nobody(world: World) -> None:
    home = world.household(phone="09990000001", water="well", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    world.publishes("2")
    visit = east.visits(home, of_version="2", water="tap", visits_made="1")
    east.syncs()
    amended = east.amends(visit, home, of_version="2", water="tap", visits_made="1", phone="09990000002")
    # Their form is lost, and somebody else's version has the visit's number.
    world.restores(backup)
    west.visits(home, water="spring", visits_made="1")
    west.syncs()
    east.syncs()
    assert (visit.status, amended.status) == ("review", "review")

    world.publishes("2")
    world.days_pass(1)
    east.syncs()

    assert (visit.status, amended.status) == ("refused", "conflict")
    record = world.record(home)
    assert (record.phone, record.water, record.visits_made) == ("09990000002", "spring", "2")
    [conflict] = world.supervisor.open_conflicts()
    assert (conflict.base["water"], conflict.candidate["water"]) == ("well", "tap")


def test_an_amendment_that_comes_before_its_visit_waits_for_it(world: World) -> None:
    home = world.household(phone="09990000001", water="well", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    visit = east.visits(home, water="tap", visits_made="1")
    east.syncs()
    amended = east.amends(visit, home, water="tap", visits_made="1", phone="09990000002")
    world.restores(backup)
    west.visits(home, visits_made="1")
    west.syncs()

    # What is still unsent leaves with the first request; only its answer says that the history is another one.
    east.exchanges()
    assert amended.status == "held"
    east.syncs()

    assert "refused" not in (visit.status, amended.status)
    record = world.record(home)
    assert (record.phone, record.water, record.visits_made) == ("09990000002", "tap", "2")
    assert world.replaced_by(visit) == amended.id


def test_an_amendment_whose_visit_never_comes_does_not_wait_for_ever(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, water="tap")
    amended = east.amends(visit, home, water="tap", phone="09990000002")
    east.sends_only(amended)
    assert amended.status == "held"

    world.days_pass(6)

    assert world.record(home).phone == "09990000002"


def test_what_the_amendment_before_it_ended_does_not_take_effect_in_the_same_moment(world: World) -> None:
    home = world.household(water="well", visits_made="0")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    west.corrects(home, people="5")
    west.syncs()
    east.syncs()
    visit = east.visits(home, water="tap", visits_made="1")
    east.syncs()
    amended = east.amends(visit, home, water="tap", visits_made="2")
    east.syncs()
    west.phone.outbox.entries.clear()
    world.restores(backup)
    east.syncs()
    assert (visit.status, amended.status) == ("held", "held")

    feed = world.county.who().feed_id
    reprocess._decide_together(world.server.ctx, feed, [amended.id, visit.id], forced=True)
    east.syncs()

    assert (visit.status, amended.status) == ("refused", "merged")
    assert (world.record(home).water, world.record(home).visits_made) == ("tap", "2")
    world.assert_laws_hold()


def test_what_an_amendment_repeats_of_a_visit_that_never_comes_is_put_before_a_person(world: World) -> None:
    home = world.household(phone="09990000001", water="well", visits_made="3")
    east = world.cadre("East", visits=[home])
    second = east.takes_a_second_phone()
    backup = world.backs_up()
    visit = east.visits(home, phone="09990000002", water="tap", visits_made="4")
    east.syncs()
    second.syncs()
    amended = second.amends(visit, home, phone="09990000003", water="tap", visits_made="4")
    world.restores(backup)  # and the first phone lies in the river
    second.syncs()
    assert amended.status == "held"

    world.days_pass(6)
    second.syncs()

    [conflict] = [each for each in world.supervisor.open_conflicts() if "water" in each.names]
    assert (conflict.current["water"], conflict.candidate["water"]) == ("well", "tap")
    assert world.record(home).visits_made == "3", "what only adds up is not counted from nothing"
