"""A backup from before a household was registered is put back, and a later visit begins its record anew."""

from pathlib import Path
from typing import Any

from tests.world import World
from tests.world.cadre import Cadre
from tests.world.newcomers import family, registers
from tests.world.outbox import Entry
from tests.world.places import Household


def test_what_was_on_the_screen_of_the_visit_that_began_a_record_is_not_counted_again(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registration = registers(east, home, water="well")
    earlier = [east.visits(home, visits_made="3"), east.corrects(home, people="4")]
    east.syncs()
    earlier.append(east.visits(home, visits_made="5", people="5"))
    east.syncs()
    later = east.visits(home, visits_made="6", people="7")
    east.syncs()

    begins_anew(world, copy, east, later)
    assert world.record(home).visits_made == "6", "all that was on her screen"
    east.syncs()
    world.supervisor.accepts(registration)

    assert {each.status for each in earlier} <= {"applied", "merged"}
    assert world.record(home).visits_made == "6"
    assert world.record(home).people == "7", "her last word"
    assert world.record(home).water == "well", "what the registration alone says"
    world.assert_laws_hold()


def test_what_a_night_let_begin_a_record_speaks_for_all_that_its_author_had_made_before(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home)
    east.visits(home, visits_made="3")
    east.syncs()
    missing = east.corrects(home, water="tap")
    east.syncs()
    earlier = [east.corrects(home, visits_made="5"), east.visits(home, visits_made="6")]
    east.syncs()
    later = east.visits(home, visits_made="7")
    east.syncs()

    begins_anew(world, copy, east, later)
    east.sends_only(*earlier)
    world.days_pass(6)
    east.syncs()
    east.syncs()

    assert {each.status for each in (missing, *earlier)} <= {"applied", "merged"}
    assert (world.record(home).visits_made, world.record(home).water) == ("7", "tap")
    world.assert_laws_hold()


def test_what_the_same_phone_counts_afterwards_is_counted(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home)
    east.visits(home, visits_made="3")
    east.syncs()
    left_open = east.opens_form(home)
    east.corrects(home, visits_made="5")
    east.syncs()
    later = east.visits(home, visits_made="6")
    east.syncs()
    world.clock.passes(seconds=300)
    finished = east.finishes(left_open, visits_made="4")

    begins_anew(world, copy, east, later)
    world.clock.passes(seconds=300)
    east.syncs()
    world.days_pass(6)
    east.syncs()
    assert world.record(home).visits_made == "7", "one more than was on the screen of what began the record"
    last = east.visits(home, visits_made="9")
    east.syncs()

    assert {finished.status, last.status} <= {"applied", "merged"}
    assert world.record(home).visits_made == "9"
    world.assert_laws_hold()


def test_what_was_said_of_another_household_is_counted_although_that_was_merged_into_this_one(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    other = world.household(in_village=upper, visits_made="0")
    east.syncs()
    home = family(world, upper)
    copy = world.backs_up()
    registers(east, home)
    for number in ("3", "5"):
        east.visits(home, visits_made=number)
        east.corrects(other, visits_made=number)
        east.syncs()
    later = east.visits(home, visits_made="6")
    east.syncs()

    begins_anew(world, copy, east, later)
    world.county.merges(other, home)
    before = int(world.record(home).visits_made or 0)
    east.syncs()
    world.days_pass(6)
    east.syncs()

    assert int(world.record(home).visits_made or 0) == before + 5
    world.assert_laws_hold()


def test_an_older_word_is_not_written_over_the_one_that_began_the_record_although_it_was_typed_over_the_same(
    world: World,
) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home, water="tap")
    east.syncs()
    older = [_corrected(world, east, home, water=water) for water in ("well", "tap")]
    later = east.visits(home, visits_made="1", water="tap")
    east.syncs()

    begins_anew(world, copy, east, later)
    for each in reversed(older):
        east.sends_only(each)
    east.syncs()

    assert world.record(home).water == "tap"
    world.assert_laws_hold()


def test_an_amendment_of_the_registration_that_was_made_afterwards_is_not_taken_for_said(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registration = registers(east, home, water="well")
    east.syncs()
    later = visited(world, east, home, visits_made="1", water="spring")
    amendment = registers(east, home, replaces=registration, water="tap")
    east.syncs()

    begins_anew(world, copy, east, later)
    east.syncs()
    if amendment.id in world.supervisor.operations_in_review():
        world.supervisor.accepts(amendment)

    assert world.record(home).water == "tap" or world.supervisor.open_conflicts(), "nobody's word is lost in silence"
    world.assert_laws_hold()


def test_what_follows_in_the_branch_of_what_began_the_record_waits_for_nothing(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home)
    east.syncs()
    for number in ("1", "3", "5"):
        _corrected(world, east, home, visits_made=number)
    first, *following = [east.corrects(home, visits_made=number) for number in ("6", "7", "9")]

    begins_anew(world, copy, east, first)
    east.syncs()

    assert {each.status for each in following} <= {"applied", "merged"}
    assert world.record(home).visits_made == "9"
    world.assert_laws_hold()


def test_what_waited_for_a_person_then_and_was_on_no_screen_is_counted_once_that_is_accepted(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home)
    _corrected(world, east, home, visits_made="1")
    waiting = visited(world, east, home, met=..., visits_made="3")
    _corrected(world, east, home, people="4")
    later = visited(world, east, home, visits_made="2")
    assert (waiting.status, world.record(home).visits_made) == ("review", "2")

    begins_anew(world, copy, east, later)
    east.syncs()
    assert waiting.status == "review"
    world.supervisor.accepts(waiting)

    assert world.record(home).visits_made == "4", "one, one more, and the two that nobody had seen"
    world.assert_laws_hold()


def test_what_was_amended_while_it_waited_was_on_the_screen_in_its_amendment(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home)
    _corrected(world, east, home, visits_made="1")
    waiting = visited(world, east, home, met=..., visits_made="3")
    _corrected(world, east, home, people="4")
    amendment = east.amends(waiting, home, visits_made="3")
    east.syncs()
    later = visited(world, east, home, visits_made="4")
    assert (waiting.status, amendment.status) == ("refused", "applied")

    begins_anew(world, copy, east, later)
    for _ in range(2):
        east.syncs()
        for each in {waiting.id, amendment.id} & set(world.supervisor.operations_in_review()):
            world.supervisor.accepts(waiting if each == waiting.id else amendment)

    assert world.record(home).visits_made == "4"
    world.assert_laws_hold()


def test_whoever_takes_back_the_visit_that_began_the_record_ends_nothing_that_it_spoke_for(world: World) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home)
    east.syncs()
    earlier = _corrected(world, east, home, visits_made="5", water="well")
    later = visited(world, east, home, visits_made="6", water="tap")
    withdrawal = east.withdraws(later)
    east.syncs()

    begins_anew(world, copy, east, later)
    for each in (earlier, withdrawal):
        east.sends_only(each)

    assert withdrawal.status == "review", "a person looks first"
    assert not world.record(home).deleted
    world.assert_laws_hold()


def test_what_it_spoke_for_is_not_counted_into_the_household_that_the_record_was_merged_into(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    other = world.household(in_village=upper, visits_made="0")
    east.syncs()
    home = family(world, upper)
    copy = world.backs_up()
    registers(east, home)
    east.syncs()
    for number in ("3", "5"):
        _corrected(world, east, home, visits_made=number)
    later = visited(world, east, home, visits_made="6")

    begins_anew(world, copy, east, later)
    world.county.merges(home, other)
    before = world.record(other).visits_made
    east.syncs()
    world.days_pass(6)
    east.syncs()

    assert world.record(other).visits_made == before
    world.assert_laws_hold()


def a_family_of_today(world: World) -> tuple[Cadre, Household, Path]:
    """East, a family in her village that nobody has registered, and the backup of that morning."""
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    return east, home, world.backs_up()


def begins_anew(world: World, copy: Path, east: Cadre, entry: Entry) -> None:
    """The backup is put back, and before anything else of hers a supervisor lets this through."""
    world.restores(copy)
    east.sends_only(entry)
    world.supervisor.accepts(entry)


def _corrected(world: World, east: Cadre, home: Household, **changes: str) -> Entry:
    world.clock.passes(seconds=10)
    entry = east.corrects(home, **changes)
    east.syncs()
    return entry


def visited(world: World, east: Cadre, home: Household, **answers: Any) -> Entry:
    """A visit that is sent at once, some seconds after whatever was before."""
    world.clock.passes(seconds=10)
    entry = east.visits(home, **answers)
    east.syncs()
    world.clock.passes(seconds=10)
    return entry


def test_what_waited_and_was_on_no_screen_is_counted_although_a_night_let_the_next_one_go_before_it(
    world: World,
) -> None:
    east, home, copy = a_family_of_today(world)
    registers(east, home)
    waiting = east.visits(home, met=..., visits_made="3")
    next_one = east.visits(home, visits_made="6")
    east.syncs()
    later = visited(world, east, home, visits_made="4")
    world.supervisor.accepts(waiting)
    east.syncs()
    assert world.record(home).visits_made == "7", "three, three and one"

    begins_anew(world, copy, east, later)
    assert world.record(home).visits_made == "4", "without what waited then"
    east.sends_only(next_one)
    assert next_one.status == "held"
    world.days_pass(6)
    world.clock.passes(seconds=10)
    east.syncs()
    east.syncs()
    for each in sorted(world.supervisor.operations_in_review()):
        world.supervisor.answers(each, accepted=True)
    east.syncs()

    assert (waiting.status, next_one.status) == ("merged", "applied")
    assert world.record(home).visits_made == "7", "what waited is in no sum"
