"""A checker verifies other people's households: what differs from the record waits, nothing of the helper's is lost."""

from copy import deepcopy
from dataclasses import replace

from fieldsvc.services import assignments, people
from tests.world import World
from tests.world.places import Member


def test_what_a_checker_found_waits_with_both_values_and_the_helper_keeps_the_record(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village, phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    east.visits(home, water="tap")
    east.syncs()
    checker = world.checker("Checker", village)

    check = checker.visits(home, phone="09990000001", water="spring", remark="roof leaks")
    checker.syncs()

    assert check.status == "conflict"
    record = world.record(home)
    assert record.water == "tap", "the helper's word stands until a person decides"
    assert record.remark == "Checker: roof leaks", "a line more takes nothing from anybody"
    [conflict] = world.supervisor.open_conflicts()
    assert (conflict.current, conflict.candidate) == ({"water": "tap"}, {"water": "spring"})

    world.supervisor.resolves(conflict, water="spring", reason="the checkers brought a photo")
    east.syncs()
    checker.syncs()
    assert east.sees(home).water == "spring"
    assert [notice["reason"] for notice in east.notices("decision")] == ["the checkers brought a photo"]
    world.assert_laws_hold()


def test_a_checker_who_agrees_asks_nobody_anything(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village, phone="09990000001", water="well")
    checker = world.checker("Checker", village)
    check = checker.visits(home, phone="09990000001", water="well")
    checker.syncs()
    assert check.status == "applied"
    assert world.supervisor.open_conflicts() == []


def test_a_checker_fills_what_nobody_knew_and_may_amend_it(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village)
    checker = world.checker("Checker", village)
    check = checker.visits(home, water="spring")
    checker.syncs()
    assert (check.status, world.record(home).water) == ("applied", "spring")

    amended = checker.amends(check, home, water="tap")
    checker.syncs()
    assert (amended.status, world.record(home).water) == ("applied", "tap")

    east = world.cadre("East", visits=[home])
    east.corrects(home, water="well")
    east.syncs()
    checker.syncs()
    again = checker.corrects(home, water="tap")
    checker.syncs()
    assert (again.status, world.record(home).water) == ("conflict", "well")


def test_a_chain_a_checker_made_without_a_signal_never_overwrites_either(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village, water="well", remark="quiet")
    checker = world.checker("Checker", village)
    checker.loses_signal()
    checker.corrects(home, water="spring")
    checker.corrects(home, water="tap", phone="09990000002")
    checker.corrects(home, phone="09990000003")
    checker.finds_signal_and_syncs()

    record = world.record(home)
    assert (record.water, record.phone) == ("well", "09990000003")
    assert [conflict.candidate for conflict in world.supervisor.open_conflicts()] == [{"water": "tap"}]
    world.assert_laws_hold()


def test_whoever_is_also_the_helper_writes_as_the_helper(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village, water="well", phone="09990000001")
    other = world.household(in_village=village, water="well")
    checker = world.checker("Checker", village)
    world.gives(home, checker)
    checker.syncs()
    mine, theirs = checker.corrects(home, water="tap"), checker.corrects(other, water="tap")
    checker.syncs()
    assert (mine.status, theirs.status) == ("applied", "conflict")

    world.takes_from(home, checker)
    checker.syncs()
    assert checker.holds(home), "the village is still checked"
    later = checker.corrects(home, water="spring")
    checker.syncs()
    assert later.status == "applied", "her own value is hers to correct"
    other_value = checker.corrects(home, phone="09990000002")
    checker.syncs()
    assert other_value.status == "conflict"


def test_a_role_in_the_area_makes_a_checker_as_an_assignment_does_and_a_reviewer_none(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village, water="well")
    by, ctx = world.county.who(), world.server.ctx
    checker, reviewer = world.cadre("Checker"), world.cadre("Reviewer")
    people.grant_role(ctx, by, checker.person_id, "checker", village)
    people.grant_role(ctx, by, reviewer.person_id, "supervisor", village)
    shown = world.cadre("East", visits=[home]).phone.replica
    reviewer.phone.replica, checker.phone.replica = shown, deepcopy(shown)
    found = checker.corrects(home, water="tap")
    checker.syncs()
    corrected = reviewer.corrects(home, water="spring")
    reviewer.syncs()
    assert (found.status, corrected.status) == ("conflict", "applied")
    assert world.record(home).water == "spring"


def test_a_problem_is_the_checkers_to_follow_up(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village)
    checker, east = world.checker("Checker", village), world.cadre("East", visits=[home])
    leak = replace(world.somebody_of(home, "leak"), dataset="problems")
    checker.meets_newcomer(leak, status="open")
    checker.syncs()
    east.syncs()
    east.corrects(leak, status="put right")
    east.syncs()
    checker.syncs()
    looked_again = checker.corrects(leak, status="still leaks")
    checker.syncs()
    assert looked_again.status == "applied"
    assert world.record(leak).properties["status"] == "still leaks"


def test_a_person_found_by_a_checker_is_in_the_record(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village)
    checker = world.checker("Checker", village)
    found: Member = world.somebody_of(home, "Newborn")
    met = checker.meets_newcomer(found, health="well")
    checker.syncs()
    assert met.status == "applied"
    assert [member.name for member in world.members_of(home)] == ["Newborn"]


def test_what_a_supervisor_accepts_of_a_checker_takes_effect(world: World) -> None:
    home = world.household(water="well")
    checker = world.cadre("Checker")
    assignments.assign(world.server.ctx, world.county.who(), checker.person_id, subject_id=home.id, role="checker")
    checker.syncs()
    draft = checker.opens_form(home)
    world.takes_from(home, checker)
    checker.syncs()
    check = checker.finishes(draft, water="tap")
    checker.syncs()
    assert (check.status, world.record(home).water) == ("review", "well")

    world.supervisor.accepts(check)

    assert world.record(home).water == "tap"
