"""A chain of offline work of which one link waits, is refused, or comes behind the next one in the same request."""

from contextlib import suppress
from dataclasses import replace

import pytest

from fieldsvc.services import published
from tests.support.statements import statements
from tests.world import World
from tests.world.forms import DATASETS
from tests.world.newcomers import family, registers
from tests.world.signal import NoSignal


def test_a_visit_that_waits_for_what_comes_behind_it_in_the_same_request_is_written_once(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    corrected = east.corrects(home, phone="09990000002")
    visit = east.visits(home, water="tap")

    with statements(world.server.ctx) as seen:
        east.sends_only(visit, corrected)

    assert [corrected.status, visit.status] == ["applied", "applied"]
    assert sum(line.startswith("INSERT INTO submissions") for line in seen) == 1
    assert world.has_visit(visit)


def test_a_visit_that_still_waits_after_what_comes_behind_it_is_written_once(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, phone="09990000002")
    second = east.corrects(home, phone="09990000003")
    visit = east.visits(home, water="tap")
    other = east.corrects(home, water="spring")

    with statements(world.server.ctx) as seen:
        east.sends_only(visit, other, first)
    assert [first.status, visit.status, other.status] == ["applied", "held", "held"]
    assert sum(line.startswith("INSERT INTO submissions") for line in seen) == 1

    east.syncs()
    assert [second.status, visit.status, other.status] == ["applied"] * 3


def test_what_was_refused_and_typed_anew_is_written_although_the_branch_went_on_meanwhile(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    east.corrects(home, water="tap")
    unfinished = east.visits(home, met=..., phone="09990000002")
    east.corrects(home, water="spring")
    east.sends_only(unfinished)
    assert unfinished.status == "review"
    assert east.sees(home).phone == "09990000001"

    again = east.corrects(home, phone="09990000002")
    world.supervisor.answers(unfinished.id, accepted=False)
    east.syncs()

    assert again.status in ("applied", "merged")
    assert (world.record(home).phone, world.record(home).water) == ("09990000002", "spring")


def test_what_waited_too_long_takes_along_what_waits_before_it_in_its_branch(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="4")
    east = world.cadre("East", visits=[home])
    lost = east.corrects(home, phone="09990000002")
    earlier = east.visits(home, visits_made="6")
    later = east.visits(home, visits_made="9")
    east.sends_only(later)
    world.days_pass(4)
    east.sends_only(earlier)
    assert [earlier.status, later.status] == ["held", "held"]

    world.days_pass(4)
    east.checks_for_news()

    assert "held" not in (earlier.status, later.status)
    assert world.record(home).visits_made == "9", "each visit is counted, and none twice"
    assert lost.status != "applied"


def test_what_says_its_screen_in_words_waits_for_what_is_held_before_one_in_review(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = world.household(phone="09990000001", visits_made="4")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, water="tap")
    held = east.corrects(home, visits_made="6")
    unfinished = east.visits(home, met=..., remark="nobody there")
    # As over links of several branches: what lay on the screen is said as what stood there.
    saying = east.phone.saying
    monkeypatch.setattr(
        east.phone,
        "saying",
        lambda touch, stated, shown, _: replace(saying(touch, stated, shown, shown), seen_base=touch.base_version),
    )
    later = east.corrects(home, visits_made="9")
    east.sends_only(held, unfinished, later)
    assert (held.status, unfinished.status) == ("held", "review")

    east.syncs()

    assert first.status == "applied"
    assert world.record(home).visits_made == "9", "each visit is counted"


def test_what_comes_after_one_in_review_and_what_counted_on_from_both_is_counted(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="4")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, visits_made="5")
    unfinished = east.visits(home, met=..., visits_made="7")
    later = east.corrects(home, visits_made="10")
    east.sends_only(unfinished)
    east.sends_only(later)
    assert (unfinished.status, later.status) == ("review", "merged")

    east.syncs()
    assert first.status == "merged"
    assert world.record(home).visits_made == "8", "each visit that is in effect is counted"
    world.supervisor.accepts(unfinished)
    assert world.record(home).visits_made == "10"
    world.assert_laws_hold()


def test_a_link_that_a_person_declines_while_it_is_held_delays_nothing_behind_it(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="4")
    east = world.cadre("East", visits=[home])
    lost = east.corrects(home, water="tap")
    held = east.corrects(home, phone="09990000002")
    later = east.corrects(home, visits_made="5")
    last = east.visits(home, visits_made="6")
    east.sends_only(held, later, last)
    assert [held.status, later.status, last.status] == ["held"] * 3

    world.supervisor.answers(held.id, accepted=False)
    east.checks_for_news()
    assert [held.status, later.status, last.status] == ["refused", "merged", "merged"]
    assert (world.record(home).phone, world.record(home).visits_made) == ("09990000001", "6")

    east.syncs()
    assert lost.status in ("applied", "merged")
    assert (world.record(home).water, world.record(home).visits_made) == ("tap", "6")
    world.assert_laws_hold()


def test_an_amendment_waits_no_more_for_a_visit_that_a_person_declines_while_both_are_held(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="4", water="well")
    east = world.cadre("East", visits=[home])
    east.corrects(home, water="tap")
    visit = east.visits(home, phone="09990000002", visits_made="5")
    amended = east.amends(visit, home, phone="09990000003", visits_made="5")
    east.sends_only(visit, amended)
    assert [visit.status, amended.status] == ["held"] * 2

    world.supervisor.answers(visit.id, accepted=False)
    east.checks_for_news()

    assert visit.status == "refused"
    assert amended.status in ("applied", "merged")
    assert (world.record(home).phone, world.record(home).visits_made) == ("09990000003", "5")
    world.assert_laws_hold()


def test_what_a_night_let_go_and_said_its_screen_in_words_leaves_room_for_the_count_that_was_missing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = world.household(phone="09990000001", visits_made="4", water="well")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, phone="09990000002", visits_made="5")
    missing = east.corrects(home, visits_made="7", water="spring")
    # As over links of several branches: what lay on the screen is said as what stood there.
    saying = east.phone.saying
    monkeypatch.setattr(
        east.phone,
        "saying",
        lambda touch, stated, shown, _: replace(saying(touch, stated, shown, shown), seen_base=touch.base_version),
    )
    later = east.corrects(home, visits_made="10", water="tap")
    east.sends_only(first, later)
    world.days_pass(6)
    east.checks_for_news()
    assert (first.status, later.status) == ("applied", "conflict")
    assert world.record(home).visits_made == "8", "the one between is in a phone that lies in a drawer"

    east.syncs()

    assert missing.status in ("applied", "merged")
    assert world.record(home).visits_made == "10", "each visit is counted"
    assert world.record(home).water == "well", "a person is asked about the later word, and not about the older"
    world.assert_laws_hold()


def test_what_waits_for_a_person_is_counted_once_accepted_although_its_author_has_counted_on(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="4", tags="road")
    east = world.cadre("East", visits=[home])
    first = east.visits(home, met=..., visits_made="6", phone="09990000002", tags="power road")
    second = east.visits(home, met=..., visits_made="7")
    later = east.corrects(home, visits_made="10", phone="09990000003")
    east.syncs()
    assert [first.status, second.status, later.status] == ["review", "review", "conflict"]
    assert world.record(home).visits_made == "7"

    for each in (second, first):
        world.supervisor.accepts(each)
    east.checks_for_news()

    assert world.record(home).visits_made == "10", "each visit is counted"
    assert world.record(home).tags == "power road"
    assert world.record(home).phone == "09990000001", "her later word is the one that a person is asked about"
    world.assert_laws_hold()


def test_what_waits_for_a_second_reason_once_it_was_accepted_is_counted_all_the_same(world: World) -> None:
    households = next(each for each in DATASETS if each["name"] == "households")
    once = {**households, "unique": [["phone"]]}
    published.publish_dataset(world.server.ctx, world.county.who(), once, digest="phones once")
    home, _ = world.household(phone="09990000001", visits_made="4"), world.household(phone="09990000007")
    east = world.cadre("East", visits=[home])
    first = east.visits(home, met=..., visits_made="6", phone="09990000007")
    later = east.corrects(home, visits_made="9")
    east.syncs()
    assert (first.status, later.status) == ("review", "merged")

    for status in ("review", "merged"):
        world.clock.passes(hours=1)
        world.supervisor.accepts(first)
        east.checks_for_news()
        assert first.status == status

    assert world.record(home).visits_made == "9", "each visit is counted"
    world.assert_laws_hold()


def test_what_waited_for_a_person_and_was_on_no_screen_any_more_is_counted_beside_what_came_after(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="4", tags="road")
    east = world.cadre("East", visits=[home])
    east.corrects(home, water="tap")
    unfinished = east.visits(home, met=..., visits_made="6", phone="09990000002", tags="power road")
    east.corrects(home, water="spring")
    east.sends_only(unfinished)
    assert (unfinished.status, east.sees(home).visits_made) == ("review", "4")
    east.visits(home, visits_made="5", phone="09990000003", tags="road school")
    east.syncs()

    world.supervisor.accepts(unfinished)

    assert world.record(home).visits_made == "7", "as if nothing else had been on its way"
    assert (world.record(home).phone, world.record(home).tags) == ("09990000003", "power road school")
    world.assert_laws_hold()


def test_what_was_typed_anew_and_comes_after_what_counted_on_from_it_is_counted_once(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="4")
    east = world.cadre("East", visits=[home])
    first = east.corrects(home, address="No. 3")
    unfinished = east.visits(home, met=..., visits_made="6")
    east.link.lose_replies = 1
    with suppress(NoSignal):
        east.sends_only(first)
    east.sends_only(unfinished)
    again = east.corrects(home, visits_made="5", phone="09990000002", water="well")
    later = east.corrects(home, visits_made="8", water="tap")
    east.sends_only(later)
    assert (unfinished.status, world.record(home).visits_made) == ("review", "8")

    east.sends_only(again)

    assert again.status in ("applied", "merged")
    assert world.record(home).visits_made == "8", "and not once more what the later one has in its count"
    assert (world.record(home).phone, world.record(home).water) == ("09990000002", "tap")
    world.supervisor.accepts(unfinished)
    assert world.record(home).visits_made == "10"
    world.assert_laws_hold()


def test_what_waits_under_one_that_was_accepted_and_is_on_no_screen_is_waited_for(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    first = east.visits(home, met=..., visits_made="1")
    second = east.visits(home, met=..., visits_made="2")
    east.sends_only(second)
    again = east.corrects(home, visits_made="2")
    world.supervisor.accepts(second)
    assert world.record(home).visits_made == "2", "all that was on her screen"
    later = east.corrects(home, visits_made="5")
    east.sends_only(later)
    assert later.status == "held"

    for each in (first, again):
        world.clock.passes(seconds=1)
        east.sends_only(each)
    world.supervisor.accepts(first)
    east.checks_for_news()

    assert "held" not in (again.status, later.status)
    assert world.record(home).visits_made == "6"
    world.assert_laws_hold()


def test_what_a_person_accepts_without_the_registration_counts_for_all_that_was_on_its_screen(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    registers(east, home)
    visits = [
        east.visits(home, visits_made=number, **met) for number, met in (("3", {"met": ...}), ("5", {}), ("8", {}))
    ]
    east.link.lose_replies = 1
    with suppress(NoSignal):
        east.sends_only(*visits)
    world.supervisor.accepts(visits[2])
    assert world.record(home).visits_made == "8", "and not what the others say once more"

    world.supervisor.accepts(visits[0])

    assert world.record(home).visits_made == "8"
    world.assert_laws_hold()


def test_what_was_held_when_a_later_visit_was_accepted_hides_nothing_of_what_that_counted(world: World) -> None:
    home = world.household(phone="09990000001", visits_made="0")
    east = world.cadre("East", visits=[home])
    unfinished = east.visits(home, met=..., visits_made="1")
    missing = east.corrects(home, visits_made="3")
    held = east.corrects(home, visits_made="6")
    accepted = east.visits(home, met=..., visits_made="8")
    east.sends_only(held, accepted)
    assert (held.status, accepted.status) == ("held", "review")
    world.clock.passes(hours=1)
    world.supervisor.accepts(accepted)
    assert world.record(home).visits_made == "8", "all that was on her screen"
    world.clock.passes(hours=1)
    east.syncs()
    assert (unfinished.status, missing.status) == ("review", "applied")

    world.supervisor.accepts(unfinished)

    assert world.record(home).visits_made == "8"
    world.assert_laws_hold()


def test_what_a_later_link_has_in_its_count_since_it_was_missing_is_not_counted_again_when_accepted(
    world: World,
) -> None:
    home = world.household(phone="09990000001", visits_made="4")
    east = world.cadre("East", visits=[home])
    missing = east.visits(home, met=..., visits_made="6")
    later = east.corrects(home, visits_made="9")
    east.sends_only(later)
    world.days_pass(6)
    assert world.record(home).visits_made == "9"
    world.days_pass(1)
    east.syncs()
    assert missing.status == "review"

    world.supervisor.accepts(missing)

    assert world.record(home).visits_made == "9"
    world.assert_laws_hold()


def test_links_that_come_before_the_registration_of_their_household_in_any_order_are_the_chain(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    registers(east, home)
    first = east.visits(home, visits_made="3", water="well")
    second = east.visits(home, visits_made="5", water="tap")
    third = east.corrects(home, visits_made="9")
    for each in (second, third, first):
        east.sends_only(each)
    assert [each.status for each in (first, second, third)] == ["review"] * 3

    east.syncs()

    assert [each.status for each in (first, second, third)] == ["applied"] * 3
    assert (world.record(home).visits_made, world.record(home).water) == ("9", "tap")
    assert world.supervisor.open_conflicts() == []
    world.assert_laws_hold()


def test_a_registration_that_comes_last_in_its_request_lets_the_visits_before_it_go_on(world: World) -> None:
    upper = world.village("Upper")
    east = world.cadre("East", of_area=upper)
    home = family(world, upper)
    registered = registers(east, home)
    first = east.visits(home, visits_made="3", water="well")
    second = east.visits(home, visits_made="5", water="tap")

    east.sends_only(second, first, registered)

    assert [each.status for each in (registered, first, second)] == ["applied"] * 3
    assert (world.record(home).visits_made, world.record(home).water) == ("5", "tap")
    world.assert_laws_hold()
