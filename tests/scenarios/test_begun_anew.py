"""A backup from before a household was registered is put back, and a later visit begins its record anew."""

from tests.world import World
from tests.world.newcomers import family, registers


def test_what_was_on_the_screen_of_the_visit_that_began_a_record_is_not_counted_again(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    copy = world.backs_up()
    registration = registers(east, home, water="well")
    earlier = [east.visits(home, visits_made="3"), east.corrects(home, people="4")]
    east.syncs()
    earlier.append(east.visits(home, visits_made="5", people="5"))
    east.syncs()
    later = east.visits(home, visits_made="6", people="7")
    east.syncs()

    world.restores(copy)
    east.sends_only(later)
    world.supervisor.accepts(later)
    assert world.record(home).visits_made == "6", "all that was on her screen"
    east.syncs()
    world.supervisor.accepts(registration)

    assert {each.status for each in earlier} <= {"applied", "merged"}
    assert world.record(home).visits_made == "6"
    assert world.record(home).people == "7", "her last word"
    assert world.record(home).water == "well", "what the registration alone says"
    world.assert_laws_hold()


def test_what_a_night_let_begin_a_record_speaks_for_all_that_its_author_had_made_before(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    copy = world.backs_up()
    registers(east, home)
    east.visits(home, visits_made="3")
    east.syncs()
    missing = east.corrects(home, water="tap")
    east.syncs()
    earlier = [east.corrects(home, visits_made="5"), east.visits(home, visits_made="6")]
    east.syncs()
    later = east.visits(home, visits_made="7")
    east.syncs()

    world.restores(copy)
    east.sends_only(later)
    world.supervisor.accepts(later)
    east.sends_only(*earlier)
    world.days_pass(6)
    east.syncs()
    east.syncs()

    assert {each.status for each in (missing, *earlier)} <= {"applied", "merged"}
    assert (world.record(home).visits_made, world.record(home).water) == ("7", "tap")
    world.assert_laws_hold()


def test_what_the_same_phone_counts_afterwards_is_counted(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    copy = world.backs_up()
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

    world.restores(copy)
    east.sends_only(later)
    world.supervisor.accepts(later)
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

    world.restores(copy)
    east.sends_only(later)
    world.supervisor.accepts(later)
    world.county.merges(other, home)
    before = int(world.record(home).visits_made or 0)
    east.syncs()
    world.days_pass(6)
    east.syncs()

    assert int(world.record(home).visits_made or 0) == before + 5
