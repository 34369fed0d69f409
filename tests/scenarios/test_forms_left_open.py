"""A form is left open while its record moves on under it: what it changes is measured by what its screen showed."""

import pytest

from tests.world import World


def test_a_form_opened_before_a_pull_still_starts_from_what_the_cadre_had_before_her(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    draft = east.opens_form(home)
    west.corrects(home, phone="09990000002")
    west.syncs()
    east.syncs()

    visit = east.finishes(draft, phone="09990000003")
    east.syncs()

    assert visit.status == "conflict"
    assert world.record(home).phone == "09990000002"


def test_a_visit_that_restates_what_was_pulled_while_its_branch_was_open_changes_nothing_of_it(world: World) -> None:
    home = world.household(phone="09990000001", water="well", people="4", visits_made="1")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, water="tap")
    held = east.corrects(home, phone="09990000002")
    east.sends_only(held)
    west.corrects(home, people="5", visits_made="2")
    west.syncs()
    east.checks_for_news()
    assert (east.sees(home).people, east.sees(home).visits_made) == ("5", "2")

    visit = east.visits(home, people="5", visits_made="2", tags="elderly")
    west.corrects(home, people="6", visits_made="3")
    west.syncs()
    east.syncs()

    assert visit.status in ("applied", "merged")
    record = world.record(home)
    assert (record.people, record.visits_made) == ("6", "3"), "neither reverted nor counted twice"
    assert (record.water, record.phone, record.tags) == ("tap", "09990000002", "elderly")
    assert world.supervisor.open_conflicts() == []


def test_one_more_counted_on_an_open_branch_is_one_more_than_what_the_screen_showed(world: World) -> None:
    home = world.household(phone="09990000001", water="well", visits_made="1")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, water="tap")
    east.sends_only(east.corrects(home, phone="09990000002"))
    west.corrects(home, visits_made="2")
    west.syncs()
    east.checks_for_news()

    east.visits(home, visits_made="3")
    east.syncs()

    assert world.record(home).visits_made == "3"


@pytest.mark.parametrize("takes_its_turn", [True, False], ids=["the app", "an older app"])
def test_a_form_left_open_while_the_record_was_corrected_counts_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, takes_its_turn: bool
) -> None:
    home = world.household(visits_made="2", water="well")
    east = world.cadre("East", visits=[home])
    if not takes_its_turn:
        monkeypatch.setattr(east.phone, "behind", lambda touch: touch)
    east.corrects(home, water="tap")
    form = east.opens_form(home)
    east.corrects(home, water="spring")
    east.corrects(home, visits_made="4")
    east.corrects(home, water="tank")

    visit = east.finishes(form, visits_made="5")
    east.syncs()

    assert visit.status == "merged"
    assert (world.record(home).visits_made, world.record(home).water) == ("7", "tank")
    assert world.supervisor.open_conflicts() == []


def test_what_follows_a_form_that_was_left_open_is_judged_by_all_that_was_shown(world: World) -> None:
    home = world.household(visits_made="2", water="well")
    east = world.cadre("East", visits=[home])
    east.corrects(home, water="tap")
    form = east.opens_form(home)
    east.corrects(home, visits_made="4")
    east.corrects(home, water="tank")
    east.finishes(form, people="3")
    east.corrects(home, visits_made="5", water="pond")

    east.syncs()

    assert (world.record(home).visits_made, world.record(home).water) == ("5", "pond")
    assert world.supervisor.open_conflicts() == []
