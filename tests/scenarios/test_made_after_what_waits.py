"""What waits for a person, and what its author made after its receipt: neither lay on the other's screen.

That says so, as it names the other as `unseen`. Their places tell nothing: what is made behind what is still shown has
the place of the first that is shown no more.
"""

import pytest

from tests.world import World
from tests.world.cadre import Cadre
from tests.world.outbox import Entry
from tests.world.places import Household


def a_day_of_three(world: World) -> tuple[Cadre, Household, Entry, Entry, Entry]:
    """A correction, and two visits over it that a person will have to look at; each counts on from the one before."""
    home = world.household(visits_made="0", water="well")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, visits_made="1")
    one = east.visits(home, met=..., visits_made="11")
    return east, home, first, one, east.visits(home, met=..., visits_made="111")


def test_what_is_accepted_is_not_judged_by_what_its_author_made_after_it(world: World) -> None:
    east, home, first, one, other = a_day_of_three(world)
    east.sends_only(one, other)
    assert (one.status, other.status, east.sees(home).visits_made) == ("review", "review", "1")
    last = east.corrects(home, visits_made="1001")

    world.clock.passes(seconds=10)
    east.syncs()
    assert (first.status, last.status, world.record(home).visits_made) == ("applied", "applied", "1001")
    world.clock.passes(seconds=10)
    world.supervisor.accepts(other)

    assert world.record(home).visits_made == "1101", "a hundred more"


def test_what_is_accepted_is_not_judged_by_what_its_author_made_after_it_had_the_first_page_of_two(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    east, home, first, one, other = a_day_of_three(world)
    # The answer's receipts are here, its page of the feed has not come as far as the record yet.
    with monkeypatch.context() as cut:
        cut.setattr(east.phone.replica, "take", lambda *_page, **_busy: None)
        before = east.phone.cursor
        east.exchanges()
        east.phone.cursor = before
    assert (first.status, one.status, other.status) == ("applied", "review", "review")
    assert east.sees(home).visits_made == "1"
    last = east.corrects(home, visits_made="1001", water="tap")

    world.clock.passes(seconds=10)
    east.syncs()
    assert (last.status, world.record(home).visits_made) == ("applied", "1001")
    world.clock.passes(seconds=10)
    world.supervisor.accepts(other)

    assert world.record(home).visits_made == "1101", "a hundred more"


def test_a_later_word_stays_when_an_older_one_is_accepted(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    east.corrects(home, water="tap")
    one = east.visits(home, met=..., water="spring")
    other = east.visits(home, met=..., phone="09990000002")
    east.sends_only(one, other)
    east.corrects(home, phone="09990000003")
    world.clock.passes(seconds=10)
    east.syncs()
    world.clock.passes(seconds=10)
    world.supervisor.accepts(other)
    assert (world.record(home).phone, world.supervisor.open_conflicts()) == ("09990000003", [])


def test_what_was_made_after_the_receipt_of_one_in_review_is_counted_once_that_is_accepted(world: World) -> None:
    home = world.household(visits_made="0", water="well")
    east = world.cadre("East", visits=[home])
    east.corrects(home, visits_made="1")
    one = east.visits(home, met=..., visits_made="11")
    east.sends_only(one)
    other = east.visits(home, met=..., visits_made="101")
    east.sends_only(other)
    assert (one.status, other.status, east.sees(home).visits_made) == ("review", "review", "1")
    last = east.corrects(home, visits_made="1001")

    world.clock.passes(seconds=10)
    world.supervisor.accepts(other)
    world.clock.passes(seconds=10)
    east.syncs()

    assert last.status in ("applied", "merged")
    assert world.record(home).visits_made == "1101", "one, a hundred and a thousand"
