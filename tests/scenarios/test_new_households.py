"""A family that is in no list is registered where it was found, visited at once, and kept by whoever found it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.problems import (
    Elsewhere,
    NotUnique,
    RegistrationDeclined,
    RegistrationWaits,
    Replaced,
    RuleBroken,
    VillageKept,
)
from fieldsvc.services import assignments, people, published, waiting
from fieldsvc.services.imports.lists.areas import Areas
from fieldsvc.services.imports.model import Row
from fieldsvc.store.tables import EntityRow
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.cases import Record
from tests.world.forms import DATASETS
from tests.world.newcomers import family, registers
from tests.world.outbox import Entry
from tests.world.places import Household


def test_a_family_found_without_a_signal_is_registered_visited_and_kept(world: World, upper: str, east: Cadre) -> None:
    west = world.cadre("West", of_area=upper)
    home = family(world, upper)
    registered = registers(east, home, kind="general")
    visit = east.visits(home, phone="09990000001")
    east.syncs()
    west.syncs()

    assert (registered.status, visit.status) == ("applied", "applied")
    assert east.holds(home)
    assert west.holds(home)
    assert east.sees(home).kind == "general", "what the office alone may change is asked where a record begins"
    assert (world.record(home).area_code, world.record(home).phone) == (upper[-12:], "09990000001")
    east.checks_for_news()
    assert east.holds(home)
    world.assert_replica_is_whole(east)


def test_what_comes_again_after_a_lost_answer_is_registered_once(world: World, upper: str, east: Cadre) -> None:
    home = family(world, upper)
    registered = registers(east, home)
    east.link.lose_replies = 1
    east.syncs()
    assert registered.status != "applied"
    visit = east.visits(home, phone="09990000001")
    east.syncs()
    assert (registered.status, visit.status, world.record(home).version) == ("applied", "applied", 2)


@pytest.mark.parametrize("code", ["lower", "nowhere"])
def test_a_family_in_a_village_one_does_not_work_in_waits_for_a_person_and_is_nobodys(
    world: World, upper: str, east: Cadre, code: str
) -> None:
    home = family(world, world.village("Lower") if code == "lower" else "no-such-area")
    registered = registers(east, home)
    visit = east.visits(home, phone="09990000001")
    east.syncs()
    assert registered.receipt is not None
    assert (registered.status, registered.receipt["problem"]["code"]) == ("review", Elsewhere.code)
    assert (visit.status, east.holds(home)) == ("review", False)

    world.supervisor.accepts(registered)
    east.syncs()
    assert (registered.status, visit.status) == ("applied", "applied")


def test_the_village_is_chosen_anew_and_what_waited_for_it_follows(world: World, upper: str, east: Cadre) -> None:
    home = family(world, world.village("Lower"))
    wrong = registers(east, home)
    visit = east.visits(home, phone="09990000001")
    east.syncs()
    assert (wrong.status, visit.status) == ("review", "review")

    right = registers(east, Household(home.id, home.label, upper), replaces=wrong)
    east.syncs()
    assert (right.status, visit.status) == ("applied", "merged")
    assert world.record(home).area_code == upper[-12:]


def test_work_from_before_a_village_was_given_up_is_taken_and_none_from_after(world: World, upper: str) -> None:
    ctx, by = world.server.ctx, world.county.who()
    west, north = world.cadre("West"), world.cadre("North")
    world.household(in_village=upper)
    given = [assignments.assign(ctx, by, each.person_id, area_id=upper) for each in (west, north)]
    west.syncs()
    north.syncs()
    late = registers(west, family(world, upper))
    for each in given:
        assignments.end(ctx, by, each)
    north.syncs()
    after = registers(north, family(world, upper))
    west.syncs()
    north.syncs()
    assert (late.status, after.status) == ("applied", "review")


def test_a_village_with_no_household_is_told_when_it_is_given_and_when_it_is_taken_away(
    world: World, upper: str
) -> None:
    ctx, by = world.server.ctx, world.county.who()
    west = world.cadre("West", synced=False)

    def asks(cursor: str) -> dict[str, Any]:
        return dict(west.link.ask("GET", f"/api/v1/feed?cursor={cursor}", None, west.phone.token).body)

    first = west.link.ask("GET", "/api/v1/feed", None, west.phone.token).body
    given = assignments.assign(ctx, by, west.person_id, area_id=upper)
    told = asks(first["cursor"])
    assert told["villages"] == [[upper[-12:], "Upper"]]
    assert "villages" not in asks(told["cursor"])

    with ctx.db.write() as session:
        Areas(ctx, session, by, writes=True).run([Row(upper[-12:], {"name": "Upper Dam"})])
    renamed = asks(told["cursor"])
    assert renamed["villages"] == [[upper[-12:], "Upper Dam"]]
    assert "villages" not in asks(renamed["cursor"])

    west.syncs()
    late = registers(west, family(world, upper))
    assignments.end(ctx, by, given)
    assert asks(told["cursor"])["villages"] == []
    west.syncs()
    assert late.status == "applied", "it was theirs as far as the phone knew"


@pytest.mark.parametrize("role", ["checker", "supervisor", "administrator"])
def test_a_role_alone_registers_nobody(world: World, upper: str, role: str) -> None:
    person = world.cadre("Desk")
    ctx, by = world.server.ctx, world.county.who()
    people.grant_role(ctx, by, person.person_id, role, people.area_of_code(ctx, by, None).id)
    person.syncs()
    tried = registers(person, family(world, upper))
    person.syncs()
    assert tried.receipt is not None
    assert (tried.status, tried.receipt["problem"]["code"]) == ("review", Elsewhere.code)


def test_whoever_checks_a_village_registers_nobody_there(world: World, upper: str) -> None:
    checker = world.checker("Checker", upper)
    tried = registers(checker, family(world, upper))
    checker.syncs()
    assert tried.status == "review"


def test_a_correction_begins_no_household_elsewhere_either(world: World, upper: str, east: Cadre) -> None:
    lower = world.village("Lower")
    tried = east.adds(family(world, lower), area_code=lower[-12:])
    hidden = east.adds(Record("households", world.new_id(), world.household(in_village=upper).id))
    east.syncs()
    assert (tried.status, hidden.status) == ("review", "review")


def test_the_form_writes_no_household_that_is_in_the_register(world: World, upper: str) -> None:
    known = world.household(in_village=upper, kind="poor")
    east = world.cadre("East", visits=[known])
    family(world, upper)
    tried = registers(east, known, kind="general")
    east.syncs()
    assert (tried.status, world.record(known).kind) == ("review", "poor")


def test_what_comes_back_from_the_office_is_put_right_in_the_same_record(world: World, upper: str, east: Cadre) -> None:
    home = family(world, upper)
    first = registers(east, home, kind="poor")
    east.syncs()
    world.supervisor.returns(first, "not poor", {})
    east.syncs()
    again = registers(east, home, kind="general", replaces=first)
    east.syncs()
    assert (again.status, world.record(home).kind) == ("applied", "general")
    assert east.sees(home).kind == "general"


def test_a_phone_knows_the_villages_in_which_it_may_register(world: World, upper: str, east: Cadre) -> None:
    west = world.cadre("West", synced=False)
    first = west.link.ask("GET", "/api/v1/feed", None, west.phone.token).body
    assert first["villages"] == []
    assignments.assign(world.server.ctx, world.county.who(), west.person_id, area_id=upper)
    given = west.link.ask("GET", f"/api/v1/feed?cursor={first['cursor']}", None, west.phone.token).body
    assert given["villages"] == [[upper[-12:], "Upper"]]
    again = west.link.ask("GET", f"/api/v1/feed?cursor={given['cursor']}", None, west.phone.token).body
    assert "villages" not in again


def test_what_is_in_the_register_already_is_kept_and_put_before_a_person(world: World, upper: str, east: Cadre) -> None:
    households = next(each for each in DATASETS if each["name"] == "households")
    once = {**households, "unique": [["phone"]]}
    published.publish_dataset(world.server.ctx, world.county.who(), once, digest="phones once")
    there = world.household(in_village=upper, phone="09990000007")
    doubled = registers(east, family(world, upper), phone="09990000007")
    east.syncs()
    assert doubled.receipt is not None
    assert (doubled.status, doubled.receipt["problem"]["code"]) == ("review", NotUnique.code)
    assert not {"record", "record_label"} & set(doubled.receipt["problem"]), (
        "whose it is, is not for who stumbled on it"
    )
    assert world.supervisor.operations_in_review() == {doubled.id}
    page = waiting.operation(world.server.ctx, doubled.id, by=world.supervisor.who())
    assert page.standing is not None
    assert page.standing.subject_id == there.id
    world.supervisor.accepts(doubled)
    east.syncs()
    assert doubled.status == "applied"


def test_what_ended_for_an_amendment_tells_nobody_whose_record_stood_already(
    world: World, upper: str, east: Cadre
) -> None:
    households = next(each for each in DATASETS if each["name"] == "households")
    once = {**households, "unique": [["phone"]]}
    published.publish_dataset(world.server.ctx, world.county.who(), once, digest="phones once")
    there, home = world.household(in_village=upper, phone="09990000007"), family(world, upper)
    doubled = registers(east, home, phone="09990000007")
    east.syncs()
    assert code_of(doubled) == NotUnique.code

    registers(east, home, replaces=doubled, phone="09990000008")
    east.syncs()

    assert code_of(doubled) == Replaced.code
    assert there.id not in json.dumps(doubled.receipt)


def code_of(entry: Entry) -> str:
    """Why this waits, or was refused."""
    assert entry.receipt is not None
    return str(entry.receipt["problem"]["code"])


def test_a_visit_waits_with_the_registration_of_its_household_and_is_not_let_through_without_it(
    world: World, upper: str, east: Cadre
) -> None:
    home = family(world, world.village("Lower"))
    registered = registers(east, home)
    visit = east.visits(home, phone="09990000001")
    east.syncs()
    late = east.visits(home, water="tap")
    east.syncs()
    assert (code_of(visit), code_of(late)) == (RegistrationWaits.code, RegistrationWaits.code)
    with pytest.raises(RegistrationWaits):
        world.supervisor.accepts(visit)

    world.supervisor.accepts(registered)
    east.syncs()
    assert "review" not in (visit.status, late.status)
    assert (world.record(home).phone, world.record(home).water) == ("09990000001", "tap")


def test_what_hangs_on_a_registration_is_declined_with_it_and_makes_no_household_of_its_own(
    world: World, upper: str, east: Cadre
) -> None:
    home = family(world, world.village("Lower"))
    registered = registers(east, home)
    visit = east.visits(home, phone="09990000001")
    east.syncs()
    world.supervisor.answers(registered.id, accepted=False)
    east.syncs()
    assert (visit.status, code_of(visit)) == ("refused", RegistrationDeclined.code)
    assert not world.supervisor.operations_in_review()

    late = east.visits(home, phone="09990000002")
    east.syncs()
    assert (late.status, code_of(late)) == ("review", RegistrationDeclined.code)
    with pytest.raises(RegistrationDeclined):
        world.supervisor.accepts(late)


def test_while_another_registration_of_a_household_waits_its_visits_do(world: World, upper: str, east: Cadre) -> None:
    lower = world.village("Lower")
    home = family(world, lower)
    first = registers(east, home)
    visit = east.visits(home, phone="09990000001")
    east.syncs()
    second = registers(east, home, replaces=first)
    east.syncs()
    world.supervisor.answers(first.id, accepted=False)
    assert world.supervisor.operations_in_review() == {second.id, visit.id}
    world.supervisor.accepts(second)
    east.syncs()
    assert "review" not in (second.status, visit.status)


def test_another_village_for_a_household_in_the_register_is_not_taken_in_silence(
    world: World, upper: str, east: Cadre
) -> None:
    home = family(world, upper)
    first = registers(east, home, kind="poor")
    east.syncs()
    moved = registers(east, Household(home.id, home.label, world.village("Lower")), kind="general", replaces=first)
    east.syncs()
    assert (moved.status, code_of(moved)) == ("review", VillageKept.code)
    with pytest.raises(VillageKept):
        world.supervisor.accepts(moved)
    assert (world.record(home).kind, world.record(home).area_code) == ("poor", upper[-12:])

    world.supervisor.answers(moved.id, accepted=False)
    right = registers(east, home, kind="general", replaces=first)
    east.syncs()
    assert (right.status, world.record(home).kind) == ("applied", "general")


def test_who_visits_twice_while_the_registration_waits_is_in_no_dispute_with_herself(
    world: World, upper: str, east: Cadre
) -> None:
    home = family(world, world.village("Lower"))
    registered = registers(east, home)
    first = east.visits(home, phone="09990000001")
    east.syncs()
    second = east.visits(home, phone="09990000002")
    east.syncs()
    assert (code_of(first), code_of(second)) == (RegistrationWaits.code, RegistrationWaits.code)
    world.supervisor.accepts(registered)
    east.syncs()
    assert "conflict" not in (first.status, second.status)
    assert world.record(home).phone == "09990000002"


def _lies_in(world: World, home: Household) -> str | None:
    with world.server.ctx.db.read() as session:
        return session.scalars(select(EntityRow.area_id).where(EntityRow.id == home.id)).one()


def test_a_registration_that_comes_after_an_accepted_visit_can_be_accepted_and_moves_nothing(
    world: World, upper: str, east: Cadre
) -> None:
    home = family(world, world.village("Lower"))
    registered = registers(east, home, kind="poor")
    visit = east.visits(home, phone="09990000001")
    east.sends_only(visit)
    assert visit.status == "review"
    world.supervisor.accepts(visit)
    east.syncs()
    lies_in = _lies_in(world, home)
    assert (registered.status, code_of(registered)) == ("review", RuleBroken.code)

    world.supervisor.accepts(registered)
    east.syncs()
    assert (registered.status, visit.status) == ("merged", "applied")
    assert (world.record(home).kind, world.record(home).phone) == ("poor", "09990000001")
    assert _lies_in(world, home) == lies_in
    amended = registers(east, home, kind="general", replaces=registered)
    east.syncs()
    world.supervisor.accepts(amended)
    assert world.record(home).kind == "general"
