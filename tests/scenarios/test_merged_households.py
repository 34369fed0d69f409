"""Two records turn out to be one household, or one becomes two, while phones still write to the old ones."""

from fieldsvc.services import assignments, merging
from tests.world import World
from tests.world.clock import DAY_MS


def test_corrections_of_a_merged_record_go_to_the_one_that_stays(world: World) -> None:
    twin, home = world.household(phone="09990000001"), world.household(phone="09990000009", water="well")
    east = world.cadre("East", visits=[twin, home])
    east.loses_signal()
    entry = east.corrects(twin, water="tap")

    world.supervisor.merges(twin, into=home)
    east.finds_signal_and_syncs()

    assert entry.status == "conflict"
    assert world.record(twin).merged_into == home.id
    assert world.record(home).water == "well"
    [conflict] = world.supervisor.open_conflicts()
    assert conflict.candidate == {"water": "tap"}


def test_a_visit_to_a_merged_record_is_a_visit_to_the_one_that_stays(world: World) -> None:
    twin, home = world.household(), world.household()
    east = world.cadre("East", visits=[twin, home])
    visit = east.visits(twin, water="tap")
    world.supervisor.merges(twin, into=home)

    east.syncs()

    assert visit.status in ("applied", "merged")
    assert world.has_visit(visit)
    assert world.record(home).water == "tap"


def test_whoever_visited_a_merged_record_visits_the_one_that_stays_for_longer_than_a_day(world: World) -> None:
    twin, home = world.household(), world.household(water="well")
    east = world.cadre("East", visits=[twin])

    world.supervisor.merges(twin, into=home)
    world.days_pass(1)
    east.syncs()

    assert east.holds(home)
    assert not east.holds(twin)
    visit = east.visits(home, water="tap")
    east.syncs()
    assert visit.status == "applied"


def test_whoever_visited_a_merged_record_until_a_day_visits_the_one_that_stays_until_then(world: World) -> None:
    twin, home = world.household(), world.household()
    east = world.cadre("East")
    until = world.server.ctx.now_ms() + 3 * DAY_MS
    assignments.assign(world.server.ctx, world.county.who(), east.person_id, subject_id=twin.id, until=until)

    world.supervisor.merges(twin, into=home)
    world.days_pass(2)
    east.syncs()
    assert east.holds(home)

    world.days_pass(2)
    east.syncs()
    assert not east.holds(home)


def test_after_a_merge_the_phone_shows_one_household_with_all_members(world: World) -> None:
    twin, home = world.household(members=["Ming"]), world.household(members=["Hua"])
    east = world.cadre("East", visits=[twin, home])

    world.supervisor.merges(twin, into=home)
    east.syncs()

    assert east.sees(home).merged_into is None
    assert not east.holds(twin) or east.sees(twin).merged_into == home.id
    names = {east.sees(member).name for member in world.members_of(home)}
    assert names == {"Ming", "Hua"}


def test_a_household_deleted_in_the_office_takes_no_correction_with_it(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    entry = east.corrects(home, phone="09990000002")

    world.supervisor.deletes(home)
    east.syncs()

    assert entry.status == "review"
    assert world.has_operation(entry)
    assert entry.id in world.supervisor.operations_in_review()


def test_a_deletion_of_a_merged_person_leaves_the_one_that_stays(world: World) -> None:
    home = world.household(members=["Ming", "Ming"])
    east = world.cadre("East", visits=[home])
    twin, stays = world.members_of(home)
    touch = east.phone.touch("members", twin.id, {}, create=False)
    declared = {**touch.declared, "entity": twin.id, "subject": home.id, "changes": {}, "delete": True}
    del declared["id"]
    entry = east.phone.freeze("edit", home.id, (touch,), **declared)
    merging.merge(world.server.ctx, world.supervisor.who(), twin.id, stays.id)
    east.syncs()

    assert (entry.status, world.record(stays).deleted) == ("applied", False)
    assert world.record(twin).merged_into == stays.id


def test_what_became_of_late_work_names_no_household_that_its_own_was_merged_into_meanwhile(world: World) -> None:
    """East never had that one: the eye on every answer would see it."""
    twin, home = world.household(), world.household(water="well")
    east, west = world.cadre("East", visits=[twin]), world.cadre("West", visits=[home])
    world.hands_over(twin, east, west)
    east.syncs()
    late = east.visits(twin, water="tap")
    world.supervisor.merges(twin, into=home)
    east.syncs()
    assert late.status == "review"

    world.supervisor.accepts(late)
    east.syncs()

    assert late.status != "review"
    assert home.id not in str(east.notices("verdict"))
    world.supervisor.approves(late)
    east.syncs()
    assert home.id not in str(east.notices("approval"))


def test_a_late_visit_that_is_sent_back_is_one_of_the_household_its_author_knows(world: World) -> None:
    twin, home = world.household(), world.household(water="well")
    east, west = world.cadre("East", visits=[]), world.cadre("West", visits=[home])
    late = east.visits(twin, water="tap")
    world.supervisor.merges(twin, into=home)
    east.syncs()
    world.supervisor.accepts(late)

    world.supervisor.returns(late, "look again", {})
    east.syncs()

    assert [notice["subject"] for notice in east.notices("return")] == [twin.id]
    assert not west.notices("return")
