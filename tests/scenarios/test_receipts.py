"""What the server says of a visit, and that it says it once, truthfully, and again when asked again."""

from dataclasses import replace

import pytest

from tests.world import World


def test_a_visit_nobody_else_touched_is_applied(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])

    visit = east.visits(home, phone="09990000002")
    east.syncs()

    assert visit.status == "applied"
    assert world.record(home).phone == "09990000002"
    assert world.has_visit(visit)


def test_two_cadres_who_saw_different_things_are_merged(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.visits(home, phone="09990000002")
    later = west.visits(home, water="tap")

    east.syncs()
    west.syncs()

    assert later.status == "merged"
    assert world.record(home).phone == "09990000002"
    assert world.record(home).water == "tap"


def test_two_cadres_who_saw_the_same_thing_differently_are_in_conflict_and_the_first_value_stays(
    world: World,
) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    later = west.corrects(home, phone="09990000003", water="tap")

    east.syncs()
    west.syncs()

    assert later.status == "conflict"
    assert world.record(home).phone == "09990000002"
    assert world.record(home).water == "tap", "what nobody disputes is applied at once"
    [conflict] = world.supervisor.open_conflicts()
    assert conflict.names == ["phone"]
    assert conflict.candidate == {"phone": "09990000003"}


def test_a_correction_whose_predecessor_has_not_arrived_is_held_and_then_applied(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, phone="09990000002")
    second = east.corrects(home, phone="09990000003")

    east.sends_only(second)
    assert second.status == "held"
    assert world.record(home).phone == "09990000001"

    east.syncs()
    assert first.status == "applied"
    assert second.status == "applied", "the phone was told without asking"
    assert world.record(home).phone == "09990000003"


def test_a_visit_to_a_household_never_assigned_is_kept_for_review_and_not_refused(world: World) -> None:
    mine, other = world.household(), world.household(phone="09990000001")
    east = world.cadre("East", visits=[mine])

    visit = east.visits(other, phone="09990000002")
    east.syncs()

    assert visit.status == "review"
    assert world.record(other).phone == "09990000001"
    assert visit.id in world.supervisor.operations_in_review()


def test_a_visit_that_breaks_a_rule_of_its_form_is_kept_for_review(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])

    visit = east.visits(home, met=..., phone="09990000002")
    east.syncs()

    assert visit.status == "review"
    assert world.record(home).phone == "09990000001"
    assert world.has_operation(visit)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"a"', "null", '{"id":1}', '{"kind":"dance"}'], ids=lambda body: body or "empty"
)
def test_what_cannot_be_read_is_refused_and_harms_no_neighbour(world: World, body: str) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    broken = east.phone.freeze("edit", home.id, ())
    broken.body = body
    visit = east.visits(home, phone="09990000002")

    east.syncs()

    assert broken.status == "refused"
    assert (broken.receipt or {})["problem"]["code"]
    assert visit.status == "applied"


def test_a_visit_whose_reply_was_lost_is_kept_once(world: World) -> None:
    home = world.household(visits_made="1")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, visits_made="2")

    east.loses_the_next_reply()
    east.syncs()
    assert visit.status is None, "the phone cannot know"
    east.syncs()

    assert visit.status == "applied"
    assert (visit.receipt or {})["duplicate"] is True
    assert world.record(home).visits_made == "2"
    assert world.record(home).version == 2


def test_a_request_delivered_twice_takes_effect_once(world: World) -> None:
    home = world.household(tags="elderly")
    east = world.cadre("East", visits=[home])
    east.visits(home, tags="elderly alone", remark="roof leaks")

    east.link.repeat = 3
    east.syncs()

    assert world.record(home).version == 2
    assert world.record(home).remark.count("roof leaks") == 1


def test_the_same_id_with_other_bytes_is_refused_and_the_first_bytes_stay(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()

    first = visit.body
    visit.body = first.replace("09990000002", "09990000003")
    visit.settled = False
    east.syncs()

    assert visit.status == "refused"
    assert (visit.receipt or {})["problem"]["code"] == "operation-id-reused"
    visit.body = first
    assert world.record(home).phone == "09990000002"
    assert world.has_operation(visit)


def test_of_one_id_that_comes_twice_in_a_push_the_first_bytes_take_effect(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, phone="09990000002")
    second = replace(first, body=first.body.replace("09990000002", "09990000003"))

    east.sends_only(first, second)

    assert [receipt["status"] for receipt in east.last_receipts] == ["applied", "refused"]
    assert world.record(home).phone == "09990000002"
    assert world.has_operation(first)


def test_a_day_of_work_arrives_in_batches_whatever_the_signal_does(world: World) -> None:
    homes = [world.household() for _ in range(12)]
    east = world.cadre("East", visits=homes)
    visits = [east.visits(home, phone=f"0999000{number:04}") for number, home in enumerate(homes * 2)]

    for _ in range(30):
        east.loses_the_next_reply()
        east.syncs(limit=5)
        east.exchanges(limit=5)
    east.syncs()

    assert {visit.status for visit in visits} == {"applied"}
    assert east.waiting() == 0


def test_one_bad_operation_in_a_batch_delays_no_other(world: World) -> None:
    homes = [world.household() for _ in range(5)]
    east = world.cadre("East", visits=homes)
    entries = [east.visits(home, phone="09990000002") for home in homes]
    entries[2].body = entries[2].body.replace('"submission"', '"nonsense"')

    east.syncs()

    assert [entry.status for entry in entries] == ["applied", "applied", "refused", "applied", "applied"]


def test_a_sync_with_nothing_new_brings_nothing(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.syncs()

    page = east.exchanges()

    assert page is not None
    assert not page.get("receipts")
    assert not page.get("changes")
    assert not page.get("notices")
    assert not page.get("more")


def test_a_full_disk_gives_no_receipt_and_the_phone_keeps_everything(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")

    with world.server.full_disk():
        east.is_answered_with_trouble()
    assert visit.status is None
    assert east.waiting() == 1
    assert world.record(home).phone == "09990000001"

    east.syncs()
    assert visit.status == "applied"
    assert not (visit.receipt or {}).get("duplicate")
