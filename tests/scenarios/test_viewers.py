"""A masked value that was shown on a phone, with or without a signal, is on the record of who looked."""

import pytest

from fieldsvc.services import views
from fieldsvc.services.access import Actor
from fieldsvc.store import audit
from fieldsvc.store.audit import Line
from tests.scenarios.support import actions_in_audit
from tests.world import World
from tests.world.places import Household


def lines(world: World, home: Household, by: Actor | None = None) -> list[Line]:
    return list(views.of_household(world.server.ctx, home.id, by=by or world.supervisor.who()).lines)


def test_a_value_shown_in_the_valley_is_on_record_after_the_next_sync(world: World) -> None:
    home = world.household(members=["Wang"], phone="09990000001")
    [wang] = world.members_of(home)
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    shown_at = east.clock()
    first, second = east.looks_at(home, "bank", "account_no"), east.looks_at(wang, "health")
    world.clock.passes(days=2)
    east.finds_signal_and_syncs()

    assert (first.status, second.status) == ("applied", "applied")
    told = lines(world, home)
    assert [(line.who, line.device, line.detail["entity"], line.detail["properties"]) for line in told] == [
        ("East", "East's phone", wang.id, ["health"]),
        ("East", "East's phone", home.id, ["bank", "account_no"]),
    ]
    assert told[1].detail["shown_at"] == shown_at
    assert told[1].at > shown_at + 86_400_000
    world.assert_laws_hold()


def test_a_view_sent_twice_is_one_line_in_the_log(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.looks_at(home, "account_no")
    east.loses_the_next_reply()
    east.syncs()
    east.syncs()
    assert len(lines(world, home)) == 1


def test_a_phone_that_still_shows_what_was_taken_away_is_on_record_too(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    world.takes_from(home, east)
    view = east.looks_at(home, "account_no")
    east.syncs()
    assert view.status == "applied"
    assert [line.who for line in lines(world, home)] == ["East"]


def test_a_view_of_what_does_not_exist_is_answered_like_any_other(world: World) -> None:
    home = world.household()
    east = world.cadre("East")
    forbidden = east.looks_at(home, "account_no")
    unknown = east.looks_at(Household(world.new_id(), "nobody", home.area_id), "account_no")
    east.syncs()
    without = {"id", "sha256", "position"}
    assert {k: v for k, v in (forbidden.receipt or {}).items() if k not in without} == {
        k: v for k, v in (unknown.receipt or {}).items() if k not in without
    }


def test_the_log_stays_whole_and_holds_no_values(world: World) -> None:
    home = world.household(phone="09990000001", bank="Rural Bank")
    east = world.cadre("East", visits=[home])
    for _ in range(5):
        east.looks_at(home, "phone", "bank")
    east.syncs()
    with world.server.ctx.db.read() as session:
        feed_id = world.supervisor.who().feed_id
        assert list(audit.broken(session, feed_id)) == []
    told = str(actions_in_audit(world, details=True))
    assert "09990000001" not in told
    assert "Rural" not in told


@pytest.mark.parametrize("names", [[], "phone", [7], ["no such name!"], ["x"] * 51])
def test_a_view_that_names_nothing_is_refused_alone(world: World, names: object) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    bad = east.phone.freeze("view", home.id, (), subject=home.id, entity=home.id, properties=names)
    visit = east.visits(home, water="tap")
    east.syncs()
    assert (bad.status, visit.status) == ("refused", "applied")
    assert lines(world, home) == []
