"""A visit that was sent back is work for whoever helps the household now: it goes with it, and nobody else is told."""

import pytest

from fieldsvc.services import notices
from fieldsvc.store import reviews
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.outbox import Entry
from tests.world.places import Household


def visited(world: World, home: Household) -> tuple[Cadre, Entry]:
    """A cadre whose visit has arrived."""
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()
    return east, visit


def sent_back(cadre: Cadre) -> list[str]:
    """The visits that a phone says were sent back."""
    return [notice["submission"] for notice in cadre.notices("return")]


def test_what_was_sent_back_before_the_handover_goes_with_the_household(world: World) -> None:
    home = world.household(phone="09990000001")
    east, visit = visited(world, home)
    world.supervisor.returns(visit, "look again", {"/data/phone": "one digit too many"})
    east.syncs()

    west = world.cadre("West")
    world.hands_over(home, east, west)
    west.syncs()

    [told] = west.notices("return")
    assert (told["submission"], told["subject"], told["comment"]) == (visit.id, home.id, "look again")
    assert told["comments"] == {"/data/phone": "one digit too many"}
    assert told["answers"]["phone"] == "09990000002"
    assert [touched["id"] for touched in told["entities"]] == [home.id]
    assert sent_back(west.takes_a_second_phone()) == [visit.id]
    assert sent_back(east.takes_a_second_phone()) == []


def test_what_was_sent_back_is_told_again_with_a_household_that_is_given_back(world: World) -> None:
    home = world.household()
    east, visit = visited(world, home)
    world.supervisor.returns(visit, "look again", {})
    east.syncs()
    [before] = east.notices("return")
    world.takes_from(home, east)
    east.syncs()
    east.phone.replica.notices.clear()

    world.gives(home, east)
    east.syncs()

    assert east.notices("return") == [before]


def test_what_was_sent_back_to_somebody_who_gave_the_household_on_is_not_told(world: World) -> None:
    """The eye on every answer would see East's visit, and on the card stand the answers of a family that left."""
    home = world.household()
    east, visit = visited(world, home)
    west, third = world.cadre("West"), world.cadre("Third")
    world.hands_over(home, east, west)
    world.supervisor.returns(visit, "look again", {})
    world.hands_over(home, west, third)

    for cadre in (east, west, third):
        cadre.syncs()

    assert [sent_back(cadre) for cadre in (east, west, third)] == [[], [], [visit.id]]
    assert sent_back(west.takes_a_second_phone()) == []


def test_what_was_amended_taken_back_or_approved_since_is_not_told_with_the_household(world: World) -> None:
    home = world.household()
    east, first = visited(world, home)
    second, third = east.visits(home, water="tap"), east.visits(home, people="4")
    east.syncs()
    for visit in (first, second, third):
        world.supervisor.returns(visit, "look again", {})
    east.syncs()
    east.amends(first, home, phone="09990000003")
    east.withdraws(second)
    east.syncs()
    world.supervisor.approves(third)

    west = world.cadre("West")
    world.hands_over(home, east, west)
    west.syncs()

    assert sent_back(west) == []


def test_a_household_that_two_share_brings_nothing_that_the_other_is_to_amend(world: World) -> None:
    home = world.household()
    east, visit = visited(world, home)
    world.supervisor.returns(visit, "look again", {})

    west = world.cadre("West", visits=[home])
    west.syncs()
    east.syncs()

    assert (sent_back(east), sent_back(west)) == ([visit.id], [])


def test_a_new_phone_is_told_what_was_sent_back_however_much_it_was_told_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MOST", 2)
    home = world.household()
    east, visit = visited(world, home)
    world.supervisor.returns(visit, "look again", {})
    for _ in range(3):
        later = east.visits(home)
        east.syncs()
        world.supervisor.approves(later)

    assert sent_back(east.takes_a_second_phone()) == [visit.id]


def test_what_became_of_a_visit_leaves_the_phone_with_the_household(world: World) -> None:
    """A phone knows what to remove by the household that is named."""
    home = world.household()
    east, visit = visited(world, home)
    world.supervisor.approves(visit)
    east.syncs()
    assert [notice["subject"] for notice in east.notices("approval")] == [home.id]

    world.hands_over(home, east, world.cadre("West"))

    again = east.takes_a_second_phone()
    assert ["subject" in notice for notice in again.notices("approval")] == [False]


def test_a_visit_that_nobody_is_on_record_for_sending_back_keeps_no_phone_from_its_household(world: World) -> None:
    home = world.household()
    east, visit = visited(world, home)
    ctx = world.server.ctx
    with ctx.db.write() as session:
        reviews.set_state(session, world.county.who().feed_id, visit.id, state="returned")

    west = world.cadre("West")
    world.hands_over(home, east, west)
    west.syncs()

    assert west.holds(home)
    assert sent_back(west) == []


def test_what_was_sent_back_once_more_meanwhile_comes_back_with_the_last_word(world: World) -> None:
    home = world.household()
    east, visit = visited(world, home)
    world.supervisor.returns(visit, "look again", {})
    east.syncs()
    west = world.cadre("West")
    world.hands_over(home, east, west)
    east.syncs()
    east.phone.replica.notices.clear()
    world.days_pass(1)
    world.supervisor.returns(visit, "the roof too", {})

    world.hands_over(home, west, east)
    east.syncs()

    assert [notice["comment"] for notice in east.notices("return")] == ["the roof too"]
