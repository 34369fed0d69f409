"""A visit and its amendments count as one, whatever became of the earlier ones and whichever came first."""

import pytest

from fieldsvc.problems import FromLostPhone
from fieldsvc.services import enrol
from fieldsvc.services.intake import keep_for_a_person
from fieldsvc.store import coverage, exports, visit_log
from fieldsvc.store.ledger import forms
from fieldsvc.store.ledger.where import Where
from fieldsvc.store.visit_order import VisitFilter
from tests.scenarios.test_kept_for_a_person import _fails as visit_that_fails
from tests.scenarios.test_lost_form_versions import _sent_to_a_server_that_lost_its_form as sent_without_its_form
from tests.world import Household, World
from tests.world.forms import VISIT
from tests.world.outbox import Entry


def _counts(world: World, home: Household, visit: Entry) -> tuple[bool, int]:
    """Whether the household is visited in the visit's month, and how many visits to it every list of visits holds."""
    feed, month = world.county.who().feed_id, world.month_of(visit)
    with world.server.ctx.db.read() as session:
        visited = session.scalars(coverage.visited_subjects(feed, month)).all()
        [number] = {
            exports.number(session, feed, VISIT.form, None, ("/",), 10),
            len(list(exports.visits(session, feed, month, ("/",)))),
            visit_log.count(session, feed, VisitFilter(None)),
            forms.number(session, feed, VISIT.form, month, Where(), ()),
        }
        return home.id in visited, number


def test_a_household_is_visited_though_its_visit_made_the_server_fail_and_was_amended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = visit_that_fails(world, east, home, monkeypatch)
    amended = east.amends(visit, home, phone="09990000003")
    east.syncs()
    assert (visit.status, amended.status, _counts(world, home, amended)) == ("refused", "applied", (True, 1))
    assert world.replaced_by(visit) == amended.id
    world.assert_laws_hold()


def test_what_was_amended_twice_while_it_waited_is_one_visit(world: World) -> None:
    home, east, [visit] = sent_without_its_form(world, {"visits_made": "1"})
    first = east.amends(visit, home, of_version="2", visits_made="1")
    east.syncs()
    last = east.amends(first, home, visits_made="1")
    east.syncs()
    assert [one.status for one in (visit, first, last)] == ["refused", "refused", "applied"]
    assert (world.replaced_by(visit), world.replaced_by(first)) == (first.id, last.id)
    assert _counts(world, home, last) == (True, 1)


def test_a_visit_amended_before_it_was_sent_is_one_visit(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    amended = east.amends(visit, home, phone="09990000003")
    east.syncs()
    assert world.replaced_by(visit) == amended.id
    assert _counts(world, home, amended) == (True, 1)


def test_a_visit_that_is_carried_to_the_office_after_its_amendment_took_effect_ends(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000001")
    second = east.takes_a_second_phone()
    amended = second.amends(visit, home, phone="09990000003")
    second.syncs()
    assert amended.status == "held", "what it amends may still be on its way"
    world.days_pass(6)
    second.syncs()
    assert amended.status == "applied"
    author = enrol.actor_of(world.server.ctx, east.person_id)
    assert author is not None
    [receipt] = keep_for_a_person(world.server.ctx, author, [(visit.id, visit.body)], FromLostPhone())
    assert (receipt.status, (receipt.problem or {})["code"]) == ("refused", "replaced")
    assert world.supervisor.operations_in_review() == set()
    assert _counts(world, home, amended) == (True, 1)
