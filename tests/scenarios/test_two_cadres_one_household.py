"""Two people saw the same household: what is merged, what is asked, and that nobody's word disappears."""

import pytest

from tests.world import World

POLICIES = [
    # property, before, East (first) says, West says, what everybody means
    ("people", "4", "5", "6", "6"),
    ("tags", "elderly", "elderly alone", "elderly ill", "alone elderly ill"),
    ("income_max", "100", "300", "200", "300"),
    ("visits_made", "3", "4", "4", "5"),
    ("place", None, "23.5 108.3 0 50", "23.6 108.4 0 5", "23.6 108.4 0 5"),
    ("stage", "planned", "finished", "started", "finished"),
]


@pytest.mark.parametrize(("name", "before", "east_says", "west_says", "result"), POLICIES)
def test_properties_that_a_rule_can_settle_are_settled_without_asking_anybody(
    world: World, name: str, before: str | None, east_says: str, west_says: str, result: str
) -> None:
    home = world.household(**{name: before})
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, **{name: east_says})
    later = west.corrects(home, **{name: west_says})

    east.syncs()
    west.syncs()

    assert later.status == "merged"
    value = world.record(home).properties[name]
    assert value is not None
    assert sorted(value.split()) == sorted(result.split())
    assert world.supervisor.open_conflicts() == []


def test_remarks_of_both_are_kept_under_their_names(world: World) -> None:
    home = world.household(remark="gate is blue")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, remark="gate is blue\nroof leaks")
    west.corrects(home, remark="gate is blue\ndog bites")

    east.syncs()
    west.syncs()

    remark = world.record(home).remark
    assert remark.startswith("gate is blue")
    assert "roof leaks" in remark
    assert "West: dog bites" in remark


def test_saying_the_same_is_agreement_and_not_conflict(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    later = west.corrects(home, phone="09990000002")

    east.syncs()
    west.syncs()

    assert later.status == "merged"
    assert world.supervisor.open_conflicts() == []


def test_a_bank_and_its_account_number_always_come_from_one_person(world: World) -> None:
    home = world.household(bank="farmers", account_no="1")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, bank="post")
    west.corrects(home, account_no="2")

    east.syncs()
    west.syncs()

    assert (world.record(home).bank, world.record(home).account_no) == ("post", "1")
    [conflict] = world.supervisor.open_conflicts()
    assert conflict.candidate == {"bank": "farmers", "account_no": "2"}


def test_a_phone_cannot_change_what_only_the_office_writes(world: World) -> None:
    home = world.household(kind="registered", hh_no="45-001")
    east = world.cadre("East", visits=[home])
    east.corrects(home, kind="none", hh_no="45-002", phone="09990000002")

    east.syncs()

    assert world.record(home).kind == "registered"
    assert world.record(home).hh_no == "45-001"
    assert world.record(home).phone == "09990000002"


def test_a_supervisor_settles_what_two_cadres_saw_differently_and_both_are_told(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    for cadre in (east, west):
        cadre.loses_signal()
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.finds_signal_and_syncs()
    west.finds_signal_and_syncs()

    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.resolves(conflict, phone="09990000004", reason="asked the head of the household")
    east.syncs()
    west.syncs()

    for cadre in (east, west):
        assert cadre.sees(home).phone == "09990000004"
        [decision] = cadre.notices("decision")
        assert decision["value"] == {"phone": "09990000004"}
        assert decision["reason"] == "asked the head of the household"
    assert world.supervisor.open_conflicts() == []


def test_the_value_that_lost_is_still_in_the_record_of_the_decision(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.syncs()
    west.syncs()

    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.keeps_current(conflict)
    west.syncs()

    [decision] = west.notices("decision")
    assert decision["current"] == {"phone": "09990000002"}
    assert decision["candidate"] == {"phone": "09990000003"}
    assert west.sees(home).phone == "09990000002"


def test_a_decision_on_a_value_that_has_moved_on_is_asked_again(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.syncs()
    west.syncs()
    [shown] = world.supervisor.open_conflicts()

    east.corrects(home, phone="09990000005")
    east.syncs()

    assert world.supervisor.tries_to_resolve(shown, phone="09990000003") is False
    assert world.record(home).phone == "09990000005"
    assert len(world.supervisor.open_conflicts()) == 1


def test_the_second_of_two_supervisors_is_told_that_it_is_decided(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.syncs()
    west.syncs()
    [shown] = world.supervisor.open_conflicts()

    world.supervisor.resolves(shown, phone="09990000003")

    assert world.county.tries_to_resolve(shown, phone="09990000002") is False
    assert world.record(home).phone == "09990000003"


def test_a_phone_that_had_not_seen_the_decision_does_not_undo_it(world: World) -> None:
    home = world.household(phone="09990000001", people="4")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    south = world.cadre("South", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    late = south.corrects(home, phone="09990000006")
    east.syncs()
    west.syncs()
    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.resolves(conflict, phone="09990000003")

    south.syncs()

    assert late.status == "conflict"
    assert world.record(home).phone == "09990000003"


def test_a_clean_edit_by_somebody_else_never_closes_a_hard_conflict(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.syncs()
    west.syncs()

    south = world.cadre("South", visits=[home])
    south.corrects(home, phone="09990000007")
    south.syncs()

    [conflict] = world.supervisor.open_conflicts()
    assert conflict.candidate == {"phone": "09990000003"}


def test_coming_round_to_the_other_value_closes_the_conflict_without_anybody(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.syncs()
    west.syncs()

    east.corrects(home, phone="09990000003")
    east.syncs()

    assert world.supervisor.open_conflicts() == []


def test_three_people_with_three_values_leave_two_waiting(world: World) -> None:
    home = world.household(phone="09990000001")
    cadres = [world.cadre(name, visits=[home]) for name in ("East", "West", "South")]
    for number, cadre in enumerate(cadres, start=2):
        cadre.corrects(home, phone=f"0999000000{number}")
    for cadre in cadres:
        cadre.syncs()

    waiting = world.supervisor.open_conflicts()
    assert sorted(c.candidate["phone"] for c in waiting) == ["09990000003", "09990000004"]


def test_a_phone_in_conflict_is_shown_which_property_is_disputed(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    east.syncs()
    west.syncs()
    east.syncs()

    assert east.sees(home).in_conflict == {"phone"}
    assert west.sees(home).in_conflict == {"phone"}
