"""An amendment that waits, or was declined, stands for no visit: what it was to replace is ended by what is in effect.

A visit that a phone promised is in a record, before a person, or was taken back. After a restore its amendments may
come before it, wait, and come to nothing.
"""

import pytest

from fieldsvc.services.intake import reprocess
from tests.scenarios.chains import kept, record, visited
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def _ahead_of_a_lost_visit(world: World, *, deleted: bool) -> tuple[Household, Cadre, list[Entry]]:
    """Two amendments come before their visit, which was lost with a history, to a server that may lack its record."""
    home, other = world.household(phone="09990000001", visits_made="0"), world.household()
    east = world.cadre("East", visits=[home, other])
    backup = world.backs_up()
    visit = east.visits(home, phone="09990000002", visits_made="1")
    east.syncs()
    first = east.amends(visit, home, phone="09990000003", visits_made="1")
    east.syncs()
    last = east.amends(first, home, phone="09990000004", visits_made="1")
    world.restores(backup)
    if deleted:
        world.supervisor.deletes(home)
    east.sends_only(first)
    east.sends_only(last)
    assert (first.status, last.status) == ("held", "held")
    return home, east, [visit, first, last]


def _code(entry: Entry) -> str:
    return str(((entry.receipt or {}).get("problem") or {}).get("code"))


@pytest.mark.parametrize("undecided", [False, True])
def test_a_visit_waits_for_a_person_when_amendments_that_wait_came_before_it(world: World, undecided: bool) -> None:
    home, east, [visit, first, last] = _ahead_of_a_lost_visit(world, deleted=True)

    if undecided:
        kept(world, east, visit)
    east.syncs()
    for days in (6, 1):  # of two that wait for the same gap each night lets one go
        world.days_pass(days)
    east.checks_for_news()

    assert [each.status for each in (visit, first, last)] == ["review"] * 3
    assert [_code(first), _code(last)] == ["entity-deleted"] * 2
    for each in (last, first):
        world.supervisor.answers(each.id, accepted=False)
    world.supervisor.accepts(visit)
    east.checks_for_news()
    assert (visit.status in ("applied", "merged"), record(world, home)) == (True, ("09990000002", "1"))
    assert visited(world, home, visit)[1].count(visit.id) == 1
    world.assert_laws_hold()


def test_the_last_of_them_answers_for_the_visit_once_a_person_lets_it_through(world: World) -> None:
    home, east, [visit, first, last] = _ahead_of_a_lost_visit(world, deleted=True)
    east.syncs()
    world.days_pass(6)
    world.supervisor.answers(first.id, accepted=False)
    world.supervisor.accepts(last)
    east.checks_for_news()

    assert [each.status for each in (visit, first, last)] == ["refused", "refused", "merged"]
    assert (_code(visit), record(world, home)) == ("replaced", ("09990000004", "1"))
    assert visited(world, home, visit) == (True, [last.id])
    world.assert_laws_hold()


def test_a_visit_that_comes_after_its_amendments_takes_effect_with_them(world: World) -> None:
    home, east, [visit, first, last] = _ahead_of_a_lost_visit(world, deleted=False)
    east.syncs()
    world.days_pass(6)
    east.syncs()

    assert "review" not in [each.status for each in (visit, first, last)]
    assert record(world, home) == ("09990000004", "1")
    assert visited(world, home, visit) == (True, [last.id])
    world.assert_laws_hold()


def _all_held(world: World) -> tuple[Household, Cadre, list[Entry]]:
    """A visit and its amendments wait for a correction that has not arrived."""
    home, other = world.household(phone="09990000001", visits_made="0", water="well"), world.household()
    east = world.cadre("East", visits=[home, other])
    east.corrects(home, water="tap")
    visit = east.visits(home, phone="09990000002", visits_made="1")
    amended = east.amends(visit, home, phone="09990000003", visits_made="1")
    east.sends_only(visit)
    east.sends_only(amended)
    assert (visit.status, amended.status) == ("held", "held")
    return home, east, [visit, amended]


def test_a_visit_whose_amendment_was_declined_while_both_were_held_is_among_the_visits(world: World) -> None:
    home, east, [visit, amended] = _all_held(world)

    world.supervisor.answers(amended.id, accepted=False)
    east.syncs()

    assert (visit.status, world.replaced_by(visit)) == ("applied", None)
    assert visit.id in visited(world, home, visit)[1]
    world.assert_laws_hold()


def test_a_visit_that_was_let_through_without_its_amendment_is_among_the_visits(world: World) -> None:
    home, east, [visit, amended] = _all_held(world)
    world.supervisor.deletes(home)
    east.syncs()
    assert (visit.status, amended.status) == ("review", "review")
    world.assert_laws_hold()

    world.supervisor.answers(amended.id, accepted=False)
    world.supervisor.accepts(visit)

    assert (record(world, home), world.replaced_by(visit)) == (("09990000002", "1"), None)
    assert visit.id in visited(world, home, visit)[1]
    world.assert_laws_hold()


def test_a_visit_is_listed_beside_its_amendment_that_made_the_server_fail_when_its_waiting_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, east, [visit, amended] = _all_held(world)

    def fails(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(reprocess, "decide_batch", fails)
    feed = world.county.who().feed_id
    reprocess._decide_again(world.server.ctx, feed, [amended.id], forced=True)
    monkeypatch.undo()
    east.syncs()

    assert (visit.status, amended.status) == ("applied", "review")
    assert (world.replaced_by(visit), visit.id in visited(world, home, visit)[1]) == (None, True)
    world.assert_laws_hold()


def test_an_amendment_is_not_put_before_a_person_because_it_was_amended_itself(world: World) -> None:
    home, east, [visit, amended] = _all_held(world)
    last = east.amends(amended, home, phone="09990000004", visits_made="1")
    east.sends_only(last)
    assert last.status == "held"

    east.syncs()

    assert [each.status for each in (visit, amended, last)] == ["applied"] * 3
    assert (record(world, home), visited(world, home, visit)) == (("09990000004", "1"), (True, [last.id]))
    world.assert_laws_hold()
