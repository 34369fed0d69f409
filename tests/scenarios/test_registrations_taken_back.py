"""A household that was registered on a phone is taken back: alone, merged into another, with what others did there."""

from __future__ import annotations

import pytest

from fieldsvc.problems import ChangedSince, RegistrationDeclined, RegistrationWaits
from fieldsvc.services import published, waiting
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.forms import DATASETS
from tests.world.newcomers import family, registers
from tests.world.outbox import Entry


def test_taken_back_it_is_gone_from_the_register_and_from_the_phone(world: World, upper: str, east: Cadre) -> None:
    home = family(world, upper)
    registered = registers(east, home)
    east.syncs()
    taken = east.withdraws(registered)
    east.syncs()
    assert (taken.status, world.record(home).deleted, east.holds(home)) == ("applied", True, False)


@pytest.mark.parametrize("alike", [False, True])
def test_taking_back_what_was_merged_leaves_the_household_that_was_there(
    world: World, upper: str, east: Cadre, alike: bool
) -> None:
    old = world.household(in_village=upper, kind="poor", phone="09990000001")
    owner = world.cadre("Owner", visits=[old])
    home = family(world, upper)
    registered = registers(east, home, kind="poor" if alike else "general", phone="09990000001")
    east.syncs()
    corrected = registers(east, home, kind="poor", phone="09990000002", replaces=registered)
    east.syncs()
    world.supervisor.merges(home, into=old)
    before = world.record(old)
    taken = owner.withdraws(corrected)
    owner.syncs()
    world.supervisor.accepts(taken)
    owner.syncs()

    assert (world.is_withdrawn(registered), world.is_withdrawn(corrected)) == (True, True)
    assert (taken.status, world.record(old)) == ("applied", before)
    assert owner.holds(old)
    world.assert_laws_hold()


def test_a_helper_of_the_village_takes_back_what_was_merged_and_nothing_else_goes(world: World, upper: str) -> None:
    west = world.cadre("West", of_area=upper)
    old = world.household(in_village=upper, kind="poor", phone="09990000001")
    home = family(world, upper)
    registered = registers(west, home, kind="poor", phone="09990000001")
    west.syncs()
    world.supervisor.merges(home, into=old)
    taken = west.withdraws(registered)
    west.syncs()
    assert (taken.status, world.is_withdrawn(registered), world.record(old).deleted) == ("applied", True, False)


def _code_of(entry: Entry) -> str:
    return str(((entry.receipt or {}).get("problem") or {}).get("code"))


def _withdraws(east: Cadre, registered: Entry) -> tuple[str, str]:
    taken = east.withdraws(registered)
    east.syncs()
    return taken.status, _code_of(taken)


@pytest.mark.parametrize("work", ["visit", "visit without a word", "person"])
def test_what_others_did_there_is_not_taken_back_unasked(world: World, upper: str, east: Cadre, work: str) -> None:
    west = world.cadre("West", of_area=upper)
    home = family(world, upper)
    registered = registers(east, home, phone="09990000001")
    east.syncs()
    west.syncs()
    if work == "person":
        done = west.meets_newcomer(world.somebody_of(home, "Li"))
    else:
        done = west.visits(home, **({"water": "tap"} if work == "visit" else {}))
    west.syncs()

    assert done.status == "applied"
    assert _withdraws(east, registered) == ("review", ChangedSince.code)
    assert (world.record(home).deleted, world.is_withdrawn(registered), west.holds(home)) == (False, False, True)
    world.assert_laws_hold()


def test_a_person_may_end_it_with_what_others_did_there(world: World, upper: str, east: Cadre) -> None:
    west = world.cadre("West", of_area=upper)
    home = family(world, upper)
    registered = registers(east, home)
    east.syncs()
    west.syncs()
    west.visits(home)
    west.visits(home)
    west.meets_newcomer(world.somebody_of(home, "Li"))
    west.syncs()
    taken = east.withdraws(registered)
    east.syncs()
    before = waiting.operation(world.server.ctx, taken.id, by=world.supervisor.who()).leaves
    assert before is not None, "who decides it is told what would be left on a deleted household"
    assert (before.visits, before.records) == ({"West": 2}, 1)
    world.supervisor.accepts(taken)
    assert (world.record(home).deleted, world.is_withdrawn(registered)) == (True, True)


@pytest.mark.parametrize("apart", [False, True])
def test_ones_own_visits_of_it_are_taken_back_first(world: World, upper: str, east: Cadre, apart: bool) -> None:
    home = family(world, upper)
    registered = registers(east, home)
    east.visits(home)
    east.syncs()
    assert _withdraws(east, registered) == ("review", ChangedSince.code)

    other = family(world, upper)
    registered = registers(east, other)
    visit = east.visits(other, phone="09990000001")
    east.syncs()
    east.withdraws(visit)
    if apart:
        east.syncs()
    assert _withdraws(east, registered) == ("applied", "None")
    assert (world.is_withdrawn(visit), world.record(other).deleted) == (True, True)
    world.assert_laws_hold()


def test_what_the_office_made_of_it_is_not_taken_back_unasked(world: World, upper: str, east: Cadre) -> None:
    old = world.household(in_village=upper, phone="09990000001")
    home = family(world, upper)
    registered = registers(east, home, phone="09990000001")
    east.syncs()
    world.supervisor.merges(old, into=home)
    assert _withdraws(east, registered) == ("review", ChangedSince.code)
    assert not world.record(home).deleted


def _once_by_phone(world: World) -> None:
    households = next(each for each in DATASETS if each["name"] == "households")
    told = {**households, "unique": [["phone"]]}
    published.publish_dataset(world.server.ctx, world.county.who(), told, digest="once")


def test_a_registration_that_waits_is_taken_back_with_what_waits_for_it(world: World, upper: str, east: Cadre) -> None:
    west = world.cadre("West", of_area=upper)
    _once_by_phone(world)
    world.household(in_village=upper, phone="09990000007")
    home = family(world, upper)
    doubled = registers(east, home, phone="09990000007")
    visit = east.visits(home, water="tap")
    east.syncs()
    theirs = west.visits(home, water="well")
    west.syncs()
    assert (doubled.status, _code_of(visit)) == ("review", RegistrationWaits.code)
    assert _code_of(theirs) == RegistrationWaits.code

    taken = east.withdraws(doubled)
    east.syncs()
    east.checks_for_news()
    west.checks_for_news()
    assert (taken.status, doubled.status) == ("applied", "refused")
    assert (visit.status, _code_of(visit)) == ("refused", RegistrationDeclined.code)
    assert (theirs.status, _code_of(theirs)) == ("refused", RegistrationDeclined.code), "its author is told as well"
    world.assert_laws_hold()


def test_what_comes_with_or_after_that_does_not_wait_for_it(world: World, upper: str, east: Cadre) -> None:
    _once_by_phone(world)
    world.household(in_village=upper, phone="09990000007")
    home = family(world, upper)
    doubled = registers(east, home, phone="09990000007")
    visit = east.visits(home, water="tap")
    taken = east.withdraws(doubled)
    late = east.visits(home, water="well")
    east.syncs()
    assert (taken.status, doubled.status) == ("applied", "refused")
    assert (visit.status, _code_of(visit)) == ("refused", RegistrationDeclined.code)
    assert _code_of(late) == RegistrationDeclined.code
    world.assert_laws_hold()


def test_what_waits_for_a_household_waits_on_while_another_registration_of_it_does(
    world: World, upper: str, east: Cadre
) -> None:
    _once_by_phone(world)
    world.household(in_village=upper, phone="09990000007")
    home = family(world, upper)
    doubled, again = (registers(east, home, phone="09990000007", water=water) for water in ("tap", "well"))
    visit = east.visits(home, water="well")
    east.syncs()
    taken = east.withdraws(again)
    east.syncs()
    assert (taken.status, again.status, doubled.status) == ("applied", "refused", "review")
    assert _code_of(visit) == RegistrationWaits.code
