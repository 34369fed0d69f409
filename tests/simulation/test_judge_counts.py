"""What the judge of the simulator takes for a double count, on a few visits of one record that are written by hand."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from fieldsvc.store.tables import EntityRow, EntityVersionRow, OperationRow
from tests.simulation.judge import Evidence, once
from tests.simulation.verdict import Verdict
from tests.world import World
from tests.world.outbox import Entry
from tests.world.places import Household

GONE = "01a21ab1-0000-7000-8000-000000000001"


def _line(home: Household, id_: str, shown: int, typed: int, **more: Any) -> dict[str, Any]:
    said = {"id": id_, "kind": "visit", "entity": home.id, "births": [], "phone": "east"}
    return {**said, "shown": {"visits_made": str(shown)}, "typed": {"visits_made": str(typed)}, **more}


def _findings(world: World, found: int, *lines: dict[str, Any], **words: Any) -> list[str]:
    """What is found where the counter is so high: in a record that the last of these began, if that was let through."""
    [home] = {line["entity"] for line in lines}
    with world.server.ctx.db.write() as session:
        session.execute(update(EntityRow).where(EntityRow.id == home).values(properties={"visits_made": str(found)}))
        if words.get("accepted"):
            first = update(EntityVersionRow).where(EntityVersionRow.entity_id == home, EntityVersionRow.version == 1)
            session.execute(first.values(operation_id=lines[-1]["id"]))
        if words.get("unread"):
            turned_down = update(OperationRow).where(OperationRow.id.in_(words["unread"]))
            session.execute(turned_down.values(status="refused"))
    names = ("east", "west")
    reports = [{"phone": name, "promised": [line for line in lines if line["phone"] == name]} for name in names]
    verdict = Verdict()
    with world.server.ctx.db.read() as session:
        evidence = Evidence(session, reports, {}, words.pop("accepted", set()), set(), **words)
        once.look(evidence, verdict)
    return [finding.split(":")[0] for finding in verdict.findings]


@pytest.fixture
def home(world: World) -> Household:
    return world.household()


@pytest.fixture
def visits(world: World, home: Household) -> tuple[Entry, Entry]:
    """Two that took effect, of which a test may say what they counted."""
    east = world.cadre("East", visits=[home])
    made = east.visits(home, visits_made="2"), east.visits(home, visits_made="5")
    east.syncs()
    assert {each.status for each in made} <= {"applied", "merged"}
    return made


@pytest.mark.parametrize(("found", "kinds"), [(4, ["lost"]), (5, []), (6, ["duplicated"])])
def test_what_took_effect_counts_once(
    world: World, home: Household, visits: tuple[Entry, Entry], found: int, kinds: list[str]
) -> None:
    first, second = visits
    assert _findings(world, found, _line(home, first.id, 0, 2), _line(home, second.id, 2, 5)) == kinds


@pytest.mark.parametrize(("found", "kinds"), [(2, ["lost"]), (3, []), (5, []), (6, ["duplicated"])])
def test_what_was_turned_down_unread_may_count_with_a_later_one_that_showed_it(
    world: World, home: Household, visits: tuple[Entry, Entry], found: int, kinds: list[str]
) -> None:
    first, second = visits
    said = _line(home, first.id, 0, 2), _line(home, second.id, 2, 5)
    assert _findings(world, found, *said, unread={first.id}) == kinds


def test_what_was_turned_down_unread_may_count_with_each_of_two_that_lay_right_over_it(
    world: World, home: Household, visits: tuple[Entry, Entry]
) -> None:
    """As a form that was left open while its record was corrected: both showed the same number."""
    first, second = visits
    unread = _line(home, first.id, 0, 2)
    third = world.cadre("West", visits=[home]).visits(home, visits_made="7")
    over, beside = _line(home, second.id, 2, 5), _line(home, third.id, 2, 3)
    with world.server.ctx.db.write() as session:
        row = session.get_one(OperationRow, (world.supervisor.who().feed_id, second.id))
        values = {c.name: getattr(row, c.name) for c in OperationRow.__table__.columns}
        session.add(OperationRow(**{**values, "id": third.id}))
    assert _findings(world, 8, unread, over, beside, unread={first.id}) == []
    assert _findings(world, 9, unread, over, beside, unread={first.id}) == ["duplicated"]
    behind = _line(home, third.id, 5, 6)
    assert _findings(world, 6, unread, over, behind, unread={first.id}) == []
    assert _findings(world, 7, unread, over, behind, unread={first.id}) == ["duplicated"], "it lay over the other"


@pytest.mark.parametrize("other", [{"phone": "west"}, {"shown": {"visits_made": "1"}, "typed": {"visits_made": "4"}}])
def test_what_was_turned_down_unread_counts_with_none_that_did_not_show_it(
    world: World, home: Household, visits: tuple[Entry, Entry], other: dict[str, Any]
) -> None:
    first, second = visits
    said = _line(home, first.id, 0, 2), {**_line(home, second.id, 2, 5), **other}
    assert _findings(world, 3, *said, unread={first.id}) == []
    assert _findings(world, 5, *said, unread={first.id}) == ["duplicated"]


@pytest.mark.parametrize(("lost", "kinds"), [({"lost": "sent"}, []), ({}, ["duplicated"])])
def test_what_went_with_a_phone_may_count_with_what_was_carried_from_it_and_not_with_what_its_owner_sends_anew(
    world: World, home: Household, visits: tuple[Entry, Entry], lost: dict[str, Any], kinds: list[str]
) -> None:
    first, second = visits
    gone = _line(home, GONE, 0, 3, lost="unsent")
    said = gone, _line(home, first.id, 3, 4, **lost), _line(home, second.id, 4, 6, **lost)
    assert _findings(world, 3, *said) == []
    assert _findings(world, 6, *said) == kinds
    assert _findings(world, 7, *said) == ["duplicated"]


def test_what_was_let_through_and_began_its_record_brings_its_whole_screen(
    world: World, home: Household, visits: tuple[Entry, Entry]
) -> None:
    first, second = visits
    gone = _line(home, GONE, 0, 3, lost="sent", phone="west")
    said = gone, _line(home, first.id, 6, 7), _line(home, second.id, 3, 6)
    forgotten = {GONE: 1}
    assert _findings(world, 7, *said, accepted={second.id}, forgotten=forgotten) == []
    assert _findings(world, 8, *said, accepted={second.id}, forgotten=forgotten) == ["duplicated"]
    over = gone, _line(home, first.id, 6, 7), _line(home, second.id, 2, 5)
    assert _findings(world, 7, *over, accepted={second.id}, forgotten=forgotten) == ["duplicated"], (
        "it did not show that"
    )


def test_an_amendment_that_went_with_its_phone_may_have_counted_all_that_it_said(
    world: World, home: Household, visits: tuple[Entry, Entry]
) -> None:
    """It was shown over the number of a visit that counted nothing: the record had 3, and 8 after it."""
    gone = _line(home, GONE, 3, 5, lost="sent", replaces="01a21ab1-0000-7000-8000-000000000002", form="world_found")
    said = _line(home, GONE.replace("1ab1", "1ab2"), 0, 3, lost="sent"), gone, _line(home, visits[0].id, 8, 9)
    forgotten = {line["id"]: 1 for line in said[:2]}
    assert _findings(world, 9, *said, accepted={visits[0].id}, forgotten=forgotten) == []
    assert _findings(world, 10, *said, accepted={visits[0].id}, forgotten=forgotten) == ["duplicated"]


def test_nothing_is_let_go_because_something_else_was_let_through(
    world: World, home: Household, visits: tuple[Entry, Entry]
) -> None:
    first, second = visits
    gone = _line(home, GONE, 0, 3, lost="sent")
    said = gone, _line(home, first.id, 3, 4), _line(home, second.id, 4, 6)
    assert _findings(world, 6, *said, accepted=set(), forgotten={GONE: 1}) == ["duplicated"]
    registered = *said[:2], {**said[2], "form": "world_found"}
    assert _findings(world, 6, *registered, accepted={second.id}, forgotten={GONE: 1}) == ["duplicated"]
