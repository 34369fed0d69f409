"""What was made before a record was begun anew is told from what came after whatever the phone's clock believes."""

import pytest

from fieldsvc.services.backup import new_epochs
from tests.scenarios.test_begun_anew import a_family_of_today, begins_anew, visited
from tests.support.statements import statements
from tests.world import World
from tests.world.newcomers import registers

_HOUR = 3_600_000
_YEAR = 365 * 24 * _HOUR


@pytest.mark.parametrize("off", [-49 * _YEAR, -8 * _HOUR, 0], ids=["1970", "put back", "right"])
def test_what_is_counted_after_all_came_back_counts(world: World, off: int) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home, water="well")
    for number in ("1", "2", "3", "4"):
        visited(world, east, home, visits_made=number)
    later = visited(world, east, home, visits_made="5")
    begins_anew(world, copy, east, later)
    east.syncs()
    east.syncs()
    assert (east.waiting(), world.record(home).visits_made) == (0, "5")

    east.clock.off_by_ms = off
    new = visited(world, east, home, visits_made="9", water="tap")

    assert new.status in ("applied", "merged")
    assert (world.record(home).visits_made, world.record(home).water) == ("9", "tap")
    world.assert_laws_hold()


@pytest.mark.parametrize("off", [_YEAR, 8 * _HOUR, 0], ids=["next year", "ahead", "right"])
def test_what_was_made_before_is_not_counted_again(world: World, off: int) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home, water="well")
    for number in ("1", "2"):
        visited(world, east, home, visits_made=number)
    east.clock.off_by_ms = off
    visited(world, east, home, visits_made="4")
    east.clock.off_by_ms = 0
    later = visited(world, east, home, visits_made="5")

    begins_anew(world, copy, east, later)
    east.syncs()
    east.syncs()
    world.days_pass(6)
    east.syncs()

    assert world.record(home).visits_made == "5"
    world.assert_laws_hold()


def test_how_it_began_is_looked_up_once_in_a_push_however_many_visits_that_holds(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home, water="well")
    for number in range(1, 30):
        # More versions than the new history will have: only below those is there anything to look up.
        east.corrects(home, visits_made=str(number))
    east.syncs()
    later = visited(world, east, home, visits_made="30")
    begins_anew(world, copy, east, later)
    east.syncs()
    east.syncs()
    numbers = iter(range(31, 60))

    def asked_for(visits: int) -> int:
        for _ in range(visits):
            east.visits(home, visits_made=str(next(numbers)))
        with statements(world.server.ctx) as sent:
            east.syncs()
        return sum(each.startswith("SELECT") for each in sent)

    few, many = asked_for(2), asked_for(8)

    assert many == few
    assert world.record(home).visits_made == "40"


# Where nobody says that it is another history, its numbers are no measure, and the clock has to be right.
@pytest.mark.parametrize(("told", "off"), [(True, -49 * _YEAR), (True, 0), (False, 0)], ids=["1970", "right", "untold"])
def test_a_form_that_is_finished_after_the_phone_has_heard_of_it_counts(world: World, told: bool, off: int) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home, water="well")
    visited(world, east, home, visits_made="1")
    left_open = east.opens_form(home)
    for number in ("2", "3", "4"):
        visited(world, east, home, visits_made=number)
    later = visited(world, east, home, visits_made="5")

    world.restores(copy)
    if told:
        new_epochs(world.server.ctx)
    east.sends_only(later)
    east.checks_for_news()
    world.clock.passes(seconds=60)
    east.clock.off_by_ms = off
    finished = east.finishes(left_open, visits_made="2")
    east.clock.off_by_ms = 0
    world.supervisor.accepts(later)
    for _ in range(2):
        east.syncs()
    world.days_pass(6)
    east.syncs()

    assert finished.status in ("applied", "merged")
    assert world.record(home).visits_made == "6", "one more than was on its screen, beside the five"
    world.assert_laws_hold()
