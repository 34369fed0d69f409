"""A household that was registered on a phone is taken back: alone, merged into another, with what others did there."""

from __future__ import annotations

import pytest

from fieldsvc.problems import ChangedSince
from fieldsvc.services import waiting
from tests.world import World
from tests.world.cadre import Cadre
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


def _withdraws(east: Cadre, registered: Entry) -> tuple[str, str]:
    taken = east.withdraws(registered)
    east.syncs()
    return taken.status, str(((taken.receipt or {}).get("problem") or {}).get("code"))


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
