"""Households that are gone are closed in the office, several at once: each by itself, none with work about it."""

from __future__ import annotations

import pytest

from fieldsvc.problems import HouseholdClosed, NotFound, NotUnique
from fieldsvc.services import assignments, closing, people, published, register, waiting
from fieldsvc.services.closing import Outcome
from fieldsvc.store import coverage, report_figures, scope
from tests.scenarios.support import actions_in_audit
from tests.world import World
from tests.world.cases import day, new, prepare
from tests.world.forms import DATASETS
from tests.world.office import Desk
from tests.world.outbox import Entry
from tests.world.places import Household


def closes(world: World, *homes: Household, by: Desk | None = None, seen: int | None = None) -> Outcome:
    """Close these as they stand, or as a page showed them at the version `seen`."""
    ctx, who = world.server.ctx, (by or world.supervisor).who()
    wanted = [(home.id, world.record(home).version if seen is None else seen) for home in homes]
    return closing.close(ctx, wanted, by=who, reason="moved to the city", words="Upper")


def test_a_closed_household_leaves_the_register_with_its_people_and_the_phones(world: World) -> None:
    home, other = world.household(members=["Ming"]), world.household(members=["Hua"])
    east = world.cadre("East", visits=[home, other])
    done = closes(world, home)
    east.syncs()
    assert [one.id for one in done.done] == [home.id]
    assert world.record(home).deleted
    assert world.members_of(home) == []
    assert (east.holds(home), east.holds(other)) == (False, True)
    assert [one.name for one in map(world.record, world.members_of(other))] == ["Hua"]
    world.assert_replica_is_whole(east)


def test_each_closing_is_on_record_with_its_reason_and_under_which_filter(world: World) -> None:
    homes = [world.household(members=["Ming"]), world.household()]
    closes(world, *homes)
    written = [row for row in actions_in_audit(world, details=True) if row[0] == "close"]
    said = {"reason": "moved to the city", "filter": "Upper", "number": "2"}
    assert written == [
        ["close", f"entity:{homes[0].id}", {**said, "people": "1"}],
        ["close", f"entity:{homes[1].id}", {**said, "people": "0"}],
    ]


def test_closing_again_changes_nothing(world: World) -> None:
    home = world.household()
    seen = world.record(home).version
    closes(world, home)
    before = (world.record(home).version, actions_in_audit(world))
    again = closes(world, home, seen=seen)
    assert ([one.id for one in again.done], [one.id for one in again.before]) == ([], [home.id])
    assert (world.record(home).version, actions_in_audit(world)) == before


def test_what_somebody_has_changed_since_is_not_closed_and_the_others_are(world: World) -> None:
    changed, home = world.household(phone="09990000001"), world.household()
    east = world.cadre("East", visits=[changed])
    ctx, who = world.server.ctx, world.supervisor.who()
    wanted = [(one.id, world.record(one).version) for one in (changed, home)]
    east.corrects(changed, phone="09990000002")
    east.syncs()
    found = closing.close(ctx, wanted, by=who, reason="moved")
    assert [(one.id, dict(one.why)) for one in found.left] == [(changed.id, {"changed": 1})]
    assert (world.record(changed).deleted, world.record(home).deleted) == (False, True)


def test_what_waits_for_a_person_keeps_a_household_open(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="09990000002")
    west.corrects(home, phone="09990000003")
    visit = west.visits(home, water="tap")
    east.syncs()
    west.syncs()
    found = closes(world, home)
    assert [dict(one.why) for one in found.left] == [{"conflicts": 1, "reviews": 1}]
    [conflict] = world.supervisor.open_conflicts()
    world.supervisor.keeps_current(conflict)
    world.supervisor.approves(visit)
    assert [one.id for one in closes(world, home).done] == [home.id]


def test_a_visit_made_meanwhile_is_kept_for_a_person(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, water="tap")
    closes(world, home)
    east.finds_signal_and_syncs()
    assert (visit.status, visit.id in world.supervisor.operations_in_review()) == ("review", True)
    assert world.record(home).deleted


@pytest.mark.parametrize("kind", ["somebody new", "a case", "a case that had ended"])
def test_what_a_phone_adds_to_a_household_that_was_closed_meanwhile_waits_for_a_person(world: World, kind: str) -> None:
    prepare(world)
    home = world.household()
    east, case = world.cadre("East", visits=[home]), new(world, home)
    if kind == "a case that had ended":
        register.create(
            world.server.ctx,
            world.supervisor.who(),
            case.dataset,
            {"stage": "accepted", "accepted_on": day(world), "grade": "good", "subsidy": "30000"},
            subject_id=home.id,
            entity_id=case.id,
            override=True,
        )
        east.syncs()
    east.loses_signal()
    if kind == "somebody new":
        sent = east.meets_newcomer(world.somebody_of(home, "Ming"))
    elif kind == "a case":
        sent = east.adds(case, stage="applied", applied_on=day(world, -3), subsidy="30000")
    else:
        sent = east.corrects(case, subsidy="40000")
    assert [one.id for one in closes(world, home).done] == [home.id]
    east.finds_signal_and_syncs()
    assert (sent.status, sent.id in world.supervisor.operations_in_review()) == ("review", True)
    assert world.members_of(home) == []
    assert world.record(home).deleted


@pytest.mark.parametrize("kind", ["visit", "withdrawal"])
def test_a_household_that_comes_back_is_again_with_whoever_is_given_its_village(world: World, kind: str) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village)
    east, west = world.cadre("East", of_area=village), world.cadre("West", of_area=village)
    earlier = east.visits(home, water="well")
    east.syncs()
    world.supervisor.approves(earlier)
    east.syncs()
    east.loses_signal()
    sent = east.visits(home, water="tap") if kind == "visit" else east.withdraws(earlier)
    closes(world, home)
    east.finds_signal_and_syncs()
    west.syncs()
    assert (east.holds(home), west.holds(home)) == (False, False)
    world.supervisor.accepts(sent)
    east.syncs()
    west.syncs()
    assert not world.record(home).deleted
    assert (east.holds(home), west.holds(home)) == (True, True)
    world.assert_replica_is_whole(east)
    world.assert_replica_is_whole(west)


def test_nobody_helps_a_household_that_is_closed(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    assert helped(world, home) == [east.person_id]
    closes(world, home)
    assert helped(world, home) == []


def helped(world: World, home: Household) -> list[str]:
    """Who has been given this household and has it still."""
    with world.server.ctx.db.read() as session:
        rows = scope.open_assignments(session, world.county.who().feed_id, subject_id=home.id)
        return [row.person_id for row in rows]


def test_out_of_reach_and_unknown_are_the_same_and_close_nothing(world: World) -> None:
    home = world.household()
    elsewhere = reviewer_of(world, world.village("Elsewhere"))
    found = closes(world, home, by=elsewhere)
    assert (found.done, found.before, found.left, found.unknown) == ([], [], [], 1)
    assert not world.record(home).deleted
    with pytest.raises(NotFound):
        closing.look(world.server.ctx, [home.id], by=elsewhere.who())


def reviewer_of(world: World, area: str) -> Desk:
    """A supervisor of just this area."""
    cadre, ctx = world.cadre("Reviewer"), world.server.ctx
    people.grant_role(ctx, world.county.who(), cadre.person_id, "supervisor", area)
    return world.desk_of(cadre)


def test_no_report_has_more_households_visited_than_there_are(world: World) -> None:
    homes = [world.household(), world.household()]
    east = world.cadre("East", visits=homes)
    for visit in [east.visits(home, water="tap") for home in homes]:
        east.syncs()
        world.supervisor.approves(visit)
    closes(world, homes[0])
    feed, area, month = world.county.who().feed_id, homes[0].area_id, world.month_of(visit)
    with world.server.ctx.db.read() as session:
        assert coverage.households(session, feed, "households", None) == {area: 1}
        assert report_figures.visits(session, feed, [month], (0, 0), None) == {area: (2, 1)}


def test_what_comes_back_doubles_nothing_that_was_registered_meanwhile_until_a_person_has_seen_both(
    world: World,
) -> None:
    households = next(each for each in DATASETS if each["name"] == "households")
    once = {**households, "unique": [["phone"]]}
    published.publish_dataset(world.server.ctx, world.county.who(), once, digest="phones once")
    home = world.household(phone="09990000007", water="well")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    sent = east.corrects(home, water="tap")
    closes(world, home)
    there = world.household(phone="09990000007")
    east.finds_signal_and_syncs()
    world.supervisor.accepts(sent)
    assert world.record(home).deleted, "nobody has seen the other"
    page = waiting.operation(world.server.ctx, sent.id, by=world.supervisor.who())
    assert (page.problem["code"], page.standing and page.standing.subject_id) == (NotUnique.code, there.id)
    world.supervisor.accepts(sent)
    assert not world.record(home).deleted


@pytest.mark.parametrize("kind", ["correction", "somebody new"])
def test_what_is_in_a_closed_household_is_accepted_once_that_came_back(world: World, kind: str) -> None:
    home = world.household(members=["Ming"], water="well")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    [ming] = world.members_of(home)
    if kind == "correction":
        sent = east.corrects(ming, relation="head")
    else:
        sent = east.meets_newcomer(world.somebody_of(home, "Hua"))
    back = east.corrects(home, water="tap")
    closes(world, home)
    east.finds_signal_and_syncs()
    assert [closed_of(world, one) for one in (sent, back)] == ["first", "returns"]
    with pytest.raises(HouseholdClosed):
        world.supervisor.accepts(sent)
    assert (world.members_of(home), sent.id in world.supervisor.operations_in_review()) == ([], True)
    world.supervisor.accepts(back)
    assert closed_of(world, sent) == ""
    world.supervisor.accepts(sent)
    assert len(world.members_of(home)) == 1


def closed_of(world: World, entry: Entry) -> str:
    """What the page of a change that waits says of its closed household."""
    return waiting.operation(world.server.ctx, entry.id, by=world.supervisor.who()).closed


def test_nobody_is_given_a_closed_household_and_no_visit_of_it_is_sent_back(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, water="tap")
    east.syncs()
    world.supervisor.approves(visit)
    closes(world, home)
    with pytest.raises(HouseholdClosed):
        assignments.assign(world.server.ctx, world.county.who(), east.person_id, subject_id=home.id)
    with pytest.raises(HouseholdClosed):
        world.supervisor.returns(visit, "which well?", {})
    assert helped(world, home) == []
