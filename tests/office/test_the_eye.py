"""The eye on every answer (`tests/support/eye.py`) sees what is told to the wrong person, at a desk and on a phone.

Each test breaks the rule that keeps something in, and takes from the eye what it saw, so that it does not fail for it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock
from urllib.request import Request, urlopen

import pytest
from flask import Flask, Response, g
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from fieldsvc.problems import Problem
from fieldsvc.services import access, enrol, wire
from fieldsvc.services.intake.receipts import Receipt
from fieldsvc.store.tables import EntityRow
from tests.office.desk import Desk
from tests.office.district import District
from tests.support import reach
from tests.support.eye import Eye
from tests.support.server import StartServer
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.places import Household


def test_a_household_of_another_town_on_an_office_page_is_seen(
    district: District, desk_of: Callable[[str], Desk], eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, home = desk_of("S02"), district.household("王家", district.upper)
    assert home not in desk.client.get("/office/households").text
    assert eye.forget() == []
    monkeypatch.setattr(access, "area_paths", lambda _by, _action: ("/",))
    assert home in desk.client.get("/office/households").text
    assert [line.split()[-1] for line in eye.forget()] == [home]


def test_a_record_that_left_a_phones_households_is_seen_unless_all_it_says_is_that(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = world.household(members=["Ming"]), world.household()
    east = world.cadre("East", visits=[home])
    [ming] = world.members_of(home)
    world.moves(ming, to=other)
    monkeypatch.setattr(wire, "gone", lambda item, subject: {**item, "subject": subject, "properties": {}})
    east.exchanges()
    assert [line.split()[-1] for line in eye.forget()] == [ming.id]


def test_an_identity_number_of_a_strangers_record_is_seen(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "99990119500101001X"
    world.household(phone=number)
    told = wire._entity
    monkeypatch.setattr(wire, "_entity", lambda *given: {**told(*given), "label": f"like {number}"})
    world.cadre("East", visits=[world.household()])
    assert [line.split()[-1] for line in eye.forget()] == [number]


def test_a_record_of_a_neighbour_in_what_a_phone_pulls_is_seen_although_it_named_it_long_ago(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = world.household(), world.household()
    east = world.cadre("East", visits=[home, other])
    east.visits(other, water="tap")
    east.syncs()
    world.takes_from(other, east)
    east.syncs()
    assert eye.forget() == []
    told = wire._entity
    monkeypatch.setattr(wire, "_entity", lambda *given: {**told(*given), "label": f"beside {other.id}"})
    world.imports({home: {"phone": "09990000002"}})
    east.exchanges()
    assert [line.split()[-1] for line in eye.forget()] == [other.id]


def test_a_receipt_that_tells_of_another_record_than_its_operation_is_seen(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = world.household(), world.household()
    east = world.cadre("East", visits=[home])
    answered = Receipt.as_json
    monkeypatch.setattr(Receipt, "as_json", lambda receipt: {**answered(receipt), "near": other.id})
    east.visits(home, water="tap")
    east.exchanges()
    assert [line.split()[-1] for line in eye.forget()] == [other.id]


def test_a_row_of_another_town_in_a_table_that_leaves_is_seen(
    district: District, desk_of: Callable[[str], Desk], eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of("S02")
    visit = district.visit(district.household("王家", district.upper, helper=district.li), district.li, {})
    desk.sends("/office/export", form="visit", format="csv", contents="codes")
    assert eye.forget() == []
    monkeypatch.setattr(access, "area_paths", lambda _by, _action: ("/",))
    desk.sends("/office/export", form="visit", format="csv", contents="codes")
    monkeypatch.undo()
    assert {line.split()[-1] for line in eye.forget()} >= {visit}
    monkeypatch.setattr(access, "area_paths", lambda _by, _action: ("/",))
    desk.sends("/office/export", form="visit", format="xlsx", contents="codes")
    assert visit in {line.split()[-1] for line in eye.forget()}


def test_a_problem_that_names_a_strangers_record_is_seen(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.household()
    east = world.cadre("East", visits=[world.household()])
    monkeypatch.setattr(
        Problem, "as_json", lambda _problem, *_given: {"code": "not-found", "detail": f"not {other.id}"}
    )
    east.link.send("GET", "/api/v1/photos/none", None, east.phone.token)
    assert [line.split()[-1] for line in eye.forget()] == [other.id]


def test_a_database_that_cannot_be_looked_at_is_said_unless_a_test_has_taken_it_away(
    district: District, desk_of: Callable[[str], Desk], eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of("S01")
    for said, heard in (("database is locked", ["database is locked"]), ("no such table: entities", [])):
        monkeypatch.setattr(reach, "county_at", Mock(side_effect=OperationalError("select", {}, Exception(said))))
        desk.client.get("/office/households")
        assert [line.split(": ")[-1] for line in eye.forget()] == heard


def test_a_strangers_record_on_the_first_page_that_comes_with_the_session_is_seen(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.household()
    told = wire._entity
    monkeypatch.setattr(wire, "_entity", lambda *given: {**told(*given), "label": f"beside {other.id}"})
    east = world.cadre("East", visits=[world.household()])
    assert {line.split()[-1] for line in eye.forget()} == {other.id}
    _begins_on_another(world, east)
    assert [line.split()[1:] for line in eye.forget()] == [["/api/v1/session", "tells", east.person_id, "of", other.id]]


def test_what_became_of_ones_own_visit_is_ones_own_although_the_household_went_to_another_and_no_more_is(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = world.household(), world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    visit = east.visits(home, water="tap")
    east.syncs()
    world.supervisor.approves(visit)
    world.hands_over(home, east, west)
    again = east.takes_a_second_phone()
    assert [notice["submission"] for notice in again.notices("approval")] == [visit.id]
    assert [notice["subject"] for notice in again.notices("handover")] == [home.id]
    _begins_on_another(world, east)
    assert eye.forget() == []
    told = wire.notice
    monkeypatch.setattr(wire, "notice", lambda row: {**told(row), "comment": f"as at {other.id}"})
    east.takes_a_second_phone()
    assert {line.split()[-1] for line in eye.forget()} == {other.id}
    _begins_on_another(world, east)
    assert {line.split()[-1] for line in eye.forget()} == {other.id}


def test_an_answer_of_another_thread_is_seen_before_whoever_asked_has_it(
    district: District, desk_of: Callable[[str], Desk], eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, home = desk_of("S02"), district.household("王家", district.upper)
    monkeypatch.setattr(access, "area_paths", lambda _by, _action: ("/",))
    with ThreadPoolExecutor(1) as other:
        assert home in other.submit(desk.client.get, "/office/households").result().text
    assert [line.split()[-1] for line in eye.forget()] == [home]


def test_an_answer_in_pieces_is_seen_before_its_last_piece_is_sent(app: Flask, district: District, eye: Eye) -> None:
    home = district.household("王家", district.upper)
    with app.test_request_context("/office/export"):
        g.actor = district.actor(district.other_supervisor)
        response = Response(iter([home[:9], home[9:], "end"]), mimetype="text/csv")
        eye.look(app, response)
    seen = [(piece, len(eye.forget())) for piece in response.response]
    assert seen == [(home[:9].encode(), 0), (home[9:].encode(), 0), (b"end", 1)]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_strangers_record_is_seen_on_either_database(request: pytest.FixtureRequest, database: str, eye: Eye) -> None:
    world: World = request.getfixturevalue("world" if database == "sqlite" else "world_on_postgres")
    number = "99990119500101001X"
    theirs = world.household(phone=number)
    east = world.cadre("East", visits=[mine := world.household()])
    _calls_it(world, mine, f"beside {theirs.id}, {number}")
    reply = world.server.send("GET", "/api/v1/feed", None, east.phone.token)
    assert theirs.id in str(reply.body)
    assert {line.split()[-1] for line in eye.forget()} == {theirs.id, number}


def test_an_answer_of_another_process_is_seen(world: World, eye: Eye, start_server: StartServer) -> None:
    theirs = world.household()
    east = world.cadre("East", visits=[mine := world.household()])
    _calls_it(world, mine, f"beside {theirs.id}")
    world.server.stop()
    server = start_server(world.server.folder)
    asked = Request(f"{server.url}/api/v1/feed", headers={"Authorization": f"Bearer {east.phone.token}"})
    with urlopen(asked) as reply:
        assert theirs.id in reply.read().decode()
    assert {line.split()[-1] for line in eye.forget()} == {theirs.id}


def _begins_on_another(world: World, cadre: Cadre) -> None:
    """Sign in and be told the first page with it."""
    code = enrol.new_code(world.server.ctx, world.county.who(), cadre.person_id)
    asked = {"code": code, "install_id": world.new_id(), "device_name": "another", "begin": True}
    assert world.server.send("POST", "/api/v1/session", asked, None).status == 201


def _calls_it(world: World, home: Household, label: str) -> None:
    """A label is told to whoever has the record, whatever it says."""
    with world.server.ctx.db.write() as session:
        session.execute(update(EntityRow).where(EntityRow.id == home.id).values(label=label))
