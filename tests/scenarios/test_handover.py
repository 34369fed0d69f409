"""A household changes hands while work on it is still on a phone in the valley."""

from tests.world import World
from tests.world.cadre import Cadre
from tests.world.places import Household


def test_the_new_helper_gets_the_whole_record_and_the_old_one_gives_it_up(world: World) -> None:
    home = world.household(phone="09990000001", members=["Ming", "Hua"])
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    east.visits(home, phone="09990000002")
    east.syncs()

    world.hands_over(home, east, west)
    east.syncs()
    west.syncs()

    assert west.sees(home).phone == "09990000002"
    assert all(west.holds(member) for member in world.members_of(home))
    assert not east.holds(home)
    assert not any(east.holds(member) for member in world.members_of(home))


def test_work_done_before_the_phone_heard_of_the_handover_is_accepted(world: World) -> None:
    home = world.household(phone="09990000001", water="well", people="4")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    east.loses_signal()
    queued = [
        east.corrects(home, phone="09990000002"),
        east.visits(home, water="tap"),
        east.corrects(home, people="5"),
    ]

    world.hands_over(home, east, west)
    east.finds_signal_and_syncs()
    west.syncs()

    assert {entry.status for entry in queued} == {"applied"}
    assert not east.holds(home)
    assert (west.sees(home).phone, west.sees(home).water, west.sees(home).people) == ("09990000002", "tap", "5")


def test_late_work_may_arrive_days_later_and_in_pieces(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    first = east.corrects(home, phone="09990000002")
    second = east.corrects(home, water="tap")
    world.hands_over(home, east, west)
    world.days_pass(20)

    east.sends_only(second)
    east.syncs()

    assert {first.status, second.status} <= {"applied", "merged"}
    west.syncs()
    assert (west.sees(home).phone, west.sees(home).water) == ("09990000002", "tap")


def test_work_begun_after_the_phone_had_heard_goes_to_a_person(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    draft = east.opens_form(home)
    world.hands_over(home, east, west)
    east.syncs()

    visit = east.finishes(draft, phone="09990000002")
    east.syncs()

    assert visit.status == "review"
    assert world.record(home).phone == "09990000001"
    assert visit.id in world.supervisor.operations_in_review()


def test_a_visit_taken_back_before_the_phone_heard_of_the_handover_tells_of_no_record(world: World) -> None:
    """The eye on every answer would see the child, who is in West's household by now."""
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    child = world.somebody_of(home, "Ming")
    visit = east.visits(home, phone="09990000002", born=[child])
    east.syncs()
    world.hands_over(home, east, west)

    withdrawal = east.withdraws(visit)
    east.syncs()

    assert (withdrawal.status, "effects" in (withdrawal.receipt or {})) == ("applied", False)
    assert world.record(home).phone == "09990000001"
    assert world.record(child).deleted
    east.sends_only(withdrawal)
    [again] = east.last_receipts
    assert (again["status"], again["duplicate"], "effects" in again) == ("applied", True, False)


def test_who_handed_over_is_told_that_a_value_of_theirs_waits_and_not_what_it_waits_beside(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    west.syncs()
    world.hands_over(home, east, west)

    east.syncs()

    [waiting], [effect] = world.supervisor.open_conflicts(), (visit.receipt or {})["effects"]
    assert (effect["entity"], effect["status"], effect["conflict"]) == (home.id, "conflict", waiting.id)
    assert "09990000003" not in str(visit.receipt)


def test_how_a_dispute_ended_is_told_to_those_of_its_writers_who_have_the_household(world: World) -> None:
    """It tells both values, and the new helper wrote one of them when the household was theirs alone."""
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.loses_signal()
    east.corrects(home, phone="09990000002")
    world.takes_from(home, east)
    west.corrects(home, phone="09990000003")
    west.syncs()
    east.finds_signal_and_syncs()

    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.keeps_current(conflict)
    east.syncs()
    west.syncs()

    assert [notice["value"] for notice in west.notices("decision")] == [{"phone": "09990000003"}]
    assert east.notices("decision") == []
    assert east.takes_a_second_phone().notices("decision") == []


def test_what_a_person_accepts_from_review_takes_effect_and_the_phone_is_told(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    draft = east.opens_form(home)
    world.hands_over(home, east, west)
    east.syncs()
    visit = east.finishes(draft, phone="09990000002")
    east.syncs()

    world.supervisor.accepts(visit)
    east.syncs()
    west.syncs()

    assert visit.status in ("applied", "merged")
    assert west.sees(home).phone == "09990000002"


def test_a_household_that_comes_back_comes_back_whole(world: World) -> None:
    home = world.household(phone="09990000001", members=["Ming"])
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    world.hands_over(home, east, west)
    east.syncs()
    west.syncs()
    west.visits(home, phone="09990000002")
    west.syncs()

    world.hands_over(home, west, east)
    east.syncs()
    west.syncs()

    assert east.sees(home).phone == "09990000002"
    assert all(east.holds(member) for member in world.members_of(home))
    assert not west.holds(home)
    again = east.visits(home, phone="09990000003")
    east.syncs()
    assert again.status == "applied"


def test_there_and_back_with_work_queued_on_both_phones(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    of_east = east.corrects(home, phone="09990000002")
    world.hands_over(home, east, west)
    west.syncs()
    of_west = west.corrects(home, water="tap")
    world.hands_over(home, west, east)

    west.syncs()
    east.syncs()

    assert of_west.status in ("applied", "merged")
    assert of_east.status in ("applied", "merged")
    assert (east.sees(home).phone, east.sees(home).water) == ("09990000002", "tap")
    assert not west.holds(home)


def test_the_cadre_who_lost_a_household_is_told_which(world: World) -> None:
    home = world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West")

    world.hands_over(home, east, west)
    east.syncs()

    assert [notice["subject"] for notice in east.notices("handover")] == [home.id]


def test_another_cadres_visits_come_with_the_household(world: World) -> None:
    home = world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    visit = east.visits(home, water="tap")
    east.syncs()

    world.hands_over(home, east, west)
    west.syncs()

    assert visit.id in west.phone.replica.submissions


def test_two_cadres_may_share_a_household_and_both_hold_it(world: World) -> None:
    home = world.household(water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, water="tap")
    east.syncs()
    west.syncs()

    assert west.sees(home).water == "tap"
    world.takes_from(home, east)
    east.syncs()
    west.syncs()
    assert west.holds(home)
    assert not east.holds(home)


def test_a_member_who_marries_into_another_household_changes_phones(world: World) -> None:
    home, other = world.household(members=["Ming"]), world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    [ming] = world.members_of(home)

    world.moves(ming, to=other)
    east.syncs()
    west.syncs()

    assert west.holds(ming)
    assert not east.holds(ming)


def test_of_a_member_who_moved_away_the_old_phone_is_told_that_and_nothing_written_since(world: World) -> None:
    home, other = world.household(members=["Ming"]), world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    [ming] = world.members_of(home)
    world.moves(ming, to=other)
    west.syncs()
    west.corrects(*world.members_of(other), health="ill")
    west.syncs()

    page = east.exchanges()

    assert page is not None
    [told] = [change for change in page["changes"] if change.get("id") == ming.id]
    assert told.pop("version") > 1
    assert told.pop("at")
    gone = {"deleted": True, "properties": {}, "label": "", "by": ""}
    assert told == {"kind": "entity", "dataset": "members", "id": ming.id, "subject": home.id, **gone}


def test_nothing_more_of_a_household_reaches_the_phone_that_gave_it_up(world: World) -> None:
    home = world.household(water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    world.hands_over(home, east, west)
    east.syncs()
    west.syncs()
    west.visits(home, water="tap")
    west.syncs()

    page = east.exchanges()

    assert page is not None
    assert not page.get("changes")
    assert not page.get("notices")


def disputes(world: World, home: Household) -> Cadre:
    """One whose correction of a household's telephone waits for a decision, as another's was there first."""
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.loses_signal()
    entry = east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    west.syncs()
    east.finds_signal_and_syncs()
    assert entry.status == "conflict"
    return east


def test_how_a_dispute_ended_meanwhile_is_told_with_the_household_that_is_given_back(world: World) -> None:
    home = world.household(phone="09990000001")
    east = disputes(world, home)
    world.takes_from(home, east)
    east.syncs()
    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.keeps_current(conflict)
    east.syncs()
    assert not east.notices("decision")
    world.gives(home, east)
    east.syncs()
    assert east.holds(home)
    assert len(east.notices("decision")) == 1, "how her own dispute ended, in a household that she has"


def test_how_a_dispute_ended_is_told_although_its_household_was_merged_since(world: World) -> None:
    twin, home = world.household(phone="09990000001"), world.household(phone="09990000001")
    east = disputes(world, twin)
    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.keeps_current(conflict)
    world.supervisor.merges(twin, into=home)
    east.syncs()
    assert east.holds(home)
    assert [notice["subject"] for notice in east.notices("decision")] == [home.id], "the survivor is on her phone"
