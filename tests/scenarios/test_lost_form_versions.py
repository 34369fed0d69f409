"""A backup from before a form was published is put back: the visits of that form wait for it, and for nobody's yes."""

from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.problems import FormVersionUnknown
from fieldsvc.services import published
from fieldsvc.store.tables import FormVersionRow, SubmissionRow
from tests.world import Cadre, Household, World
from tests.world.forms import VISIT, VISIT_DEFINITION
from tests.world.newcomers import DEFINITION, family, registers
from tests.world.outbox import Entry


def _sent_to_a_server_that_lost_its_form(
    world: World, *answers: dict[str, Any]
) -> tuple[Household, Cadre, list[Entry]]:
    home = world.household(phone="09990000001", water="well", visits_made="0")
    east = world.cadre("East", visits=[home])
    backup = world.backs_up()
    world.publishes("2")
    visits = [east.visits(home, of_version="2", **each) for each in answers]
    east.syncs()
    world.restores(backup)
    east.syncs()
    assert {visit.status for visit in visits} == {"review"}
    return home, east, visits


def test_nobody_lets_a_visit_through_that_the_server_cannot_read(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"phone": "09990000002"})
    with pytest.raises(FormVersionUnknown):
        world.supervisor.accepts(visit)
    east.syncs()
    assert visit.status == "review"
    assert world.supervisor.operations_in_review() == {visit.id}
    assert world.record(home).phone == "09990000001"


def test_visits_take_effect_in_their_order_once_their_form_is_published_again(world: World) -> None:
    said = {"phone": "09990000002", "visits_made": "1"}, {"phone": "09990000003", "visits_made": "2"}
    home, east, visits = _sent_to_a_server_that_lost_its_form(world, *said)

    world.publishes("2")
    world.days_pass(1)
    east.syncs()

    assert [visit.status for visit in visits] == ["applied", "applied"]
    assert (world.record(home).phone, world.record(home).properties["visits_made"]) == ("09990000003", "2")
    assert world.supervisor.operations_in_review() == set()
    assert east.sees(home).properties == world.record(home).properties


def test_a_visit_that_waited_for_its_form_replaces_nothing_its_author_had_not_seen(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"phone": "09990000002", "water": "tap"})
    world.supervisor.corrects(home, phone="09990000009")

    world.publishes("2")
    world.days_pass(1)
    east.syncs()

    [conflict] = world.supervisor.open_conflicts()
    assert (conflict.current, conflict.candidate) == ({"phone": "09990000009"}, {"phone": "09990000002"})
    assert (visit.status, world.record(home).phone, world.record(home).water) == ("conflict", "09990000009", "tap")


def test_a_visit_of_a_form_that_is_still_missing_waits_on(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"phone": "09990000002"})
    world.publishes("3")
    world.days_pass(1)
    east.syncs()
    assert (visit.status, world.record(home).phone) == ("review", "09990000001")


def test_a_visit_that_can_be_read_again_and_breaks_a_rule_waits_for_that_alone(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"phone": "09990000002", "met": ""})
    world.publishes("2")
    world.days_pass(1)
    east.syncs()
    assert (visit.status, (visit.receipt or {})["problem"]["code"]) == ("review", "rule-broken")
    world.supervisor.accepts(visit)
    east.syncs()
    assert (visit.status, world.record(home).phone) == ("applied", "09990000002")


def test_a_visit_that_its_author_amended_while_it_waited_for_its_form_counts_once(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"phone": "09990000002", "visits_made": "1"})
    amended = east.amends(visit, home, phone="09990000003", visits_made="1")
    east.syncs()
    assert (visit.status, (visit.receipt or {})["problem"]["code"]) == ("refused", "replaced")
    assert world.supervisor.operations_in_review() == set()

    world.publishes("2")
    world.days_pass(1)
    east.syncs()

    assert (visit.status, amended.status) == ("refused", "applied")
    assert (world.record(home).phone, world.record(home).properties["visits_made"]) == ("09990000003", "1")
    assert world.supervisor.open_conflicts() == []


def test_a_visit_that_comes_together_with_its_amendment_and_without_its_form_counts_once(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"visits_made": "1"})
    backup = world.backs_up()
    east.amends(visit, home, visits_made="1")
    east.syncs()
    world.restores(backup)
    east.syncs()
    world.publishes("2")
    world.days_pass(1)
    east.syncs()
    assert (visit.status, world.record(home).properties["visits_made"]) == ("refused", "1")


def test_of_a_visit_and_its_amendment_that_wait_for_the_same_form_the_amendment_counts(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"phone": "09990000002", "visits_made": "1"})
    amended = east.amends(visit, home, of_version="2", phone="09990000003", visits_made="1")
    east.syncs()
    assert (visit.status, amended.status) == ("review", "review")
    world.publishes("2")
    world.days_pass(1)
    east.syncs()
    assert (visit.status, amended.status) == ("refused", "applied")
    assert (world.record(home).phone, world.record(home).properties["visits_made"]) == ("09990000003", "1")
    assert world.supervisor.open_conflicts() == []


def test_a_visit_is_taken_up_once_its_amendment_has_been_declined(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"visits_made": "1"})
    amended = east.amends(visit, home, visits_made="1", met="")
    east.syncs()
    world.publishes("2")
    world.days_pass(1)
    east.syncs()
    assert (visit.status, amended.status) == ("review", "review")
    world.supervisor.answers(amended.id, accepted=False)
    world.days_pass(1)
    east.syncs()
    assert (visit.status, world.record(home).properties["visits_made"]) == ("applied", "1")


def test_an_amendment_of_what_a_lost_visit_had_written_follows_it_when_their_form_is_back(world: World) -> None:
    home = world.household(visits_made="0")
    east = world.cadre("East", visits=[home])
    backup = world.backs_up()
    world.publishes("2")
    visit = east.visits(home, of_version="2", visits_made="1")
    east.syncs()
    amended = east.amends(visit, home, of_version="2", visits_made="1")
    east.syncs()
    world.restores(backup)
    east.syncs()
    world.publishes("2")
    world.days_pass(1)
    world.days_pass(1)
    east.syncs()
    assert (visit.status, amended.status, world.record(home).properties["visits_made"]) == ("applied", "applied", "1")


def test_what_was_amended_twice_while_all_of_it_waited_ends_with_the_last_amendment(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"visits_made": "1"})
    first = east.amends(visit, home, of_version="2", visits_made="1")
    east.syncs()
    last = east.amends(first, home, visits_made="1")
    east.syncs()
    world.publishes("2")
    world.days_pass(1)
    east.syncs()
    assert [one.status for one in (visit, first, last)] == ["refused", "refused", "applied"]
    assert world.record(home).properties["visits_made"] == "1"
    assert world.supervisor.operations_in_review() == set()


def test_what_was_filled_in_with_a_lost_form_on_trial_is_a_trial_again_once_that_is_back(world: World) -> None:
    home, east, [visit] = _sent_to_a_server_that_lost_its_form(world, {"phone": "09990000002"})
    tried = {**VISIT_DEFINITION, "version": "2", "trial": True}
    with world.server.ctx.db.write() as session:
        row = FormVersionRow(form_id=VISIT.form, version="2", definition=tried, digest="trial", state="draft")
        session.add(row)
    world.days_pass(1)
    east.syncs()
    assert (visit.status, world.record(home).phone) == ("applied", "09990000001")
    assert world.supervisor.operations_in_review() == set()
    with world.server.ctx.db.read() as session:
        assert session.scalars(select(SubmissionRow.review_state).where(SubmissionRow.id == visit.id)).one() == "trial"


def test_counts_go_on_over_a_first_one_that_waits_for_its_form(world: World) -> None:
    home = world.household(water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    backup = world.backs_up()
    world.publishes("2")
    east.visits(home, of_version="2", visits_made="3")
    east.syncs()
    later = [east.corrects(home, visits_made="5")]
    east.syncs()
    later.append(east.visits(home, visits_made="9"))
    east.syncs()
    world.restores(backup)
    for water in ("tap", "tank", "spring"):
        west.corrects(home, water=water)
        west.syncs()

    east.syncs()
    assert [each.status for each in later] == ["merged", "merged"], "nobody has to choose between two of her counts"
    assert world.record(home).visits_made == "6"

    world.publishes("2")
    world.days_pass(1)
    assert world.record(home).visits_made == "9", "each visit is counted"
    assert world.supervisor.open_conflicts() == []


def test_a_family_that_waited_for_its_form_with_its_visits_is_counted_once(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    backup = world.backs_up()
    world.publishes("2")
    home = family(world, upper)
    registers(east, home, water="well")
    visits = [east.visits(home, of_version="2", visits_made=number) for number in ("3", "5")]
    east.syncs()
    assert world.record(home).visits_made == "5"
    world.restores(backup)
    east.syncs()
    assert {visit.status for visit in visits} == {"review"}

    world.publishes("2")
    published.publish_form(world.server.ctx, world.county.who(), DEFINITION, digest="world_household")
    world.days_pass(1)
    east.syncs()

    assert {visit.status for visit in visits} == {"applied"}
    assert world.record(home).visits_made == "5"
    world.assert_laws_hold()
