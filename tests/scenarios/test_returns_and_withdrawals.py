"""The office sends a visit back; the cadre corrects it, or takes it back altogether."""

import pytest
from sqlalchemy import select

from fieldsvc.store.tables import SubmissionRow
from tests.world import World


def test_a_returned_visit_comes_back_with_its_comments_and_answers(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()

    world.supervisor.returns(visit, "The number has ten digits", {"/data/phone": "count again"})
    east.syncs()

    [notice] = east.notices("return")
    assert notice["submission"] == visit.id
    assert notice["comment"] == "The number has ten digits"
    assert notice["comments"] == {"/data/phone": "count again"}
    assert notice["answers"]["phone"] == "09990000002"
    [entity] = notice["entities"]
    assert (entity["dataset"], entity["id"], entity["version"]) == ("households", home.id, 2)


def test_a_returned_visit_brings_back_how_its_position_was_come_by(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()
    fixes = {"29.87 118.33 0 8": {"age": 4, "source": "device", "taken_at": 1_793_500_000_000}}
    with world.server.ctx.db.write() as session:
        row = session.scalars(select(SubmissionRow).where(SubmissionRow.id == visit.id)).one()
        row.context = {**row.context, "fixes": fixes}

    world.supervisor.returns(visit, "The number has ten digits", {})
    east.syncs()

    [notice] = east.notices("return")
    assert notice["fixes"] == fixes


def test_an_amendment_after_a_return_replaces_the_visit_and_its_values(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()
    world.supervisor.returns(visit, "Count again", {})
    east.syncs()

    amended = east.amends(visit, home, phone="09990000003")
    east.syncs()

    assert amended.status == "applied"
    assert world.record(home).phone == "09990000003"
    assert world.replaced_by(visit) == amended.id
    assert world.review_state(amended) == "waiting"


def test_an_amendment_meets_what_others_wrote_after_the_visit(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()
    west.syncs()
    west.corrects(home, phone="09990000009")
    west.syncs()
    world.supervisor.returns(visit, "Count again", {})
    east.syncs()

    amended = east.amends(visit, home, phone="09990000003")
    east.syncs()

    assert amended.status == "conflict"
    assert world.record(home).phone == "09990000009"


def test_an_amendment_that_says_the_same_again_changes_nothing(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()
    west.syncs()
    west.corrects(home, phone="09990000009")
    west.syncs()

    amended = east.amends(visit, home, phone="09990000002")
    east.syncs()

    assert amended.status in ("applied", "merged")
    assert world.record(home).phone == "09990000009"


def test_an_amendment_keeps_the_newcomer_of_the_visit(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    child = world.somebody_of(home, "Ming")
    visit = east.visits(home, born=[child])
    east.syncs()

    amended = east.amends(visit, home, born=[child.called("Ming Ming")])
    east.syncs()

    assert amended.status == "applied"
    assert world.record(child).name == "Ming Ming"
    assert len(world.members_of(home)) == 1


def test_a_return_goes_to_the_current_helper_after_a_handover(world: World) -> None:
    home = world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    visit = east.visits(home, water="tap")
    east.syncs()
    world.hands_over(home, east, west)

    world.supervisor.returns(visit, "Which tap?", {})
    east.syncs()
    west.syncs()

    assert [notice["submission"] for notice in west.notices("return")] == [visit.id]
    assert east.notices("return") == []


def test_a_withdrawn_visit_leaves_the_record_as_it_was(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002", water="tap")
    east.syncs()

    withdrawal = east.withdraws(visit, reason="wrong household")
    east.syncs()

    assert withdrawal.status == "applied"
    assert (world.record(home).phone, world.record(home).water) == ("09990000001", "well")
    assert world.is_withdrawn(visit)


def test_what_others_built_on_a_withdrawn_visit_is_put_before_a_person(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002", water="tap")
    east.syncs()
    west.syncs()
    west.corrects(home, phone="09990000003")
    west.syncs()

    withdrawal = east.withdraws(visit)
    east.syncs()

    assert withdrawal.status == "conflict"
    assert world.record(home).phone == "09990000003"
    assert world.record(home).water == "well"


def test_a_withdrawal_sent_with_the_visit_it_takes_back_takes_it_back(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    withdrawal = east.withdraws(visit)

    east.syncs()

    assert (visit.status, withdrawal.status) == ("applied", "applied")
    assert world.record(home).phone == "09990000001"


def test_a_withdrawal_that_arrives_before_its_visit_waits_for_it(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    withdrawal = east.withdraws(visit)

    east.sends_only(withdrawal)
    assert withdrawal.status in ("held", "review")
    east.syncs()
    east.checks_for_news()

    assert world.record(home).phone == "09990000001"
    assert world.is_withdrawn(visit)


def test_nobody_withdraws_another_persons_visit(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()

    withdrawal = west.withdraws(visit)
    west.syncs()

    assert withdrawal.status in ("review", "refused")
    assert world.record(home).phone == "09990000002"


def test_an_approved_visit_is_approved_on_the_phone_too(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, water="tap")
    east.syncs()

    world.supervisor.approves(visit)
    east.syncs()

    assert east.phone.replica.submissions[visit.id]["state"] == "approved"


@pytest.mark.parametrize("together", [True, False], ids=["in-one-push", "one-by-one"])
def test_a_visit_withdrawn_while_it_was_held_never_takes_effect(world: World, together: bool) -> None:
    home = world.household(phone="09990000001", water="well", people="4")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, water="tap")
    visit = east.visits(home, phone="09990000002")
    last = east.corrects(home, people="5")
    withdrawal = east.withdraws(visit)

    if together:
        east.sends_only(visit, last, withdrawal)
    else:
        for entry in (last, visit):
            east.sends_only(entry)
    east.syncs()
    east.checks_for_news()

    assert withdrawal.status == "applied"
    assert visit.status == "refused"
    assert {first.status, last.status} <= {"applied", "merged"}, "what came after it need not wait for it"
    assert world.record(home).water == "tap"
    assert (world.record(home).phone, world.record(home).people) == ("09990000001", "5")
    world.assert_laws_hold()
