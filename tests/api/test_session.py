"""Signing in: by a code three times in a day, by a password five wrong times in a quarter of an hour."""

from __future__ import annotations

from typing import Any

import pytest

from fieldsvc.services import enrol, people
from tests.scenarios.support import actions_in_audit
from tests.world import World

PASSWORD = "a long enough password"


@pytest.fixture
def east(world: World) -> str:
    """A person who may sign in by staff number `e-1`."""
    person_id = people.add_person(world.server.ctx, world.county.who(), name="East", staff_no="e-1")
    enrol.set_password(world.server.ctx, world.county.who(), person_id, PASSWORD)
    return person_id


def sign_in(world: World, **credentials: str) -> Any:
    """One sign-in."""
    body = {"install_id": "phone-1", "device_name": "a phone", **credentials}
    return world.server.app.test_client().post("/api/v1/session", json=body)


def feed(world: World, token: str) -> Any:
    """One request with a token."""
    return world.server.app.test_client().get("/api/v1/feed", headers={"Authorization": f"Bearer {token}"})


def test_a_session_says_who_signed_in_and_where(world: World, east: str) -> None:
    answer = sign_in(world, login="e-1", password=PASSWORD)
    assert answer.status_code == 201
    assert answer.json["person"] == {"id": east, "name": "East", "unit": None, "roles": []}
    assert answer.json["feed"]["name"] == "Test county"
    assert feed(world, answer.json["token"]).status_code == 200


def test_every_page_tells_the_roles_of_now_and_not_those_of_the_sign_in(world: World, east: str) -> None:
    token = sign_in(world, login="e-1", password=PASSWORD).json["token"]
    assert feed(world, token).json["roles"] == []
    by = world.county.who()
    county = people.area_of_code(world.server.ctx, by, None)
    for role in ("supervisor", "checker"):
        people.grant_role(world.server.ctx, by, east, role, county.id)
    page = feed(world, token).json
    assert page["roles"] == ["checker", "supervisor"]
    headers = {"Authorization": f"Bearer {token}"}
    again = world.server.app.test_client().post("/api/v1/sync", json={"cursor": page["cursor"]}, headers=headers).json
    assert again["roles"] == page["roles"]


def test_a_phone_learns_whether_its_county_offers_a_pin(world: World, east: str) -> None:
    assert "pin" not in sign_in(world, login="e-1", password=PASSWORD).json["feed"]
    world.server.settings["phone_pin"] = 1
    world.server.restart()
    assert sign_in(world, login="e-1", password=PASSWORD).json["feed"]["pin"] is True


def test_an_unknown_account_and_a_wrong_password_are_told_the_same(world: World, east: str) -> None:
    answers = [sign_in(world, login=login, password="wrong") for login in ("e-1", "nobody")]
    bodies = [{**answer.json, "request_id": ""} for answer in answers]
    assert answers[0].status_code == answers[1].status_code == 401
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("account", ["e-1", "nobody"])
def test_after_five_failures_even_the_right_password_waits(world: World, east: str, account: str) -> None:
    codes = [sign_in(world, login=account, password="wrong").json["code"] for _ in range(6)]
    assert codes == ["sign-in-refused"] * 5 + ["too-many-attempts"]
    assert sign_in(world, login=account, password=PASSWORD).status_code == 429
    world.clock.passes(hours=0.26)
    assert sign_in(world, login="e-1", password=PASSWORD).status_code == 201


def test_a_code_works_three_times_and_for_a_day(world: World, east: str) -> None:
    code = enrol.new_code(world.server.ctx, world.county.who(), east)
    statuses = [sign_in(world, code=code, install_id=f"phone-{n}").status_code for n in range(4)]
    assert statuses == [201, 201, 201, 401]
    late = enrol.new_code(world.server.ctx, world.county.who(), east)
    world.clock.passes(hours=24.1)
    assert sign_in(world, code=late).json["code"] == "code-refused"
    assert sign_in(world, code="never given out").json["code"] == "code-refused"


def test_signing_in_again_on_a_phone_ends_its_earlier_session(world: World, east: str) -> None:
    tokens = [sign_in(world, login="e-1", password=PASSWORD).json["token"] for _ in range(2)]
    assert [feed(world, token).status_code for token in tokens] == [401, 200]
    assert feed(world, tokens[0]).json["code"] == "token-expired"


def test_a_token_ends_when_its_phone_signs_out(world: World, east: str) -> None:
    token = sign_in(world, login="e-1", password=PASSWORD).json["token"]
    client, headers = world.server.app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.delete("/api/v1/session", headers=headers).status_code == 204
    assert feed(world, token).json["code"] == "token-expired"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer unknown", "Bearer " + "x" * 5000])
def test_without_a_token_of_ours_nothing_is_answered(world: World, header: str) -> None:
    answer = world.server.app.test_client().get("/api/v1/feed", headers={"Authorization": header})
    assert (answer.status_code, answer.json["code"]) == (401, "token-unknown")


def test_the_database_keeps_neither_tokens_nor_codes_nor_passwords(world: World, east: str) -> None:
    code = enrol.new_code(world.server.ctx, world.county.who(), east)
    token = sign_in(world, login="e-1", password=PASSWORD).json["token"]
    world.server.stop()
    stored = b"".join(path.read_bytes() for path in world.server.folder.glob("fieldsvc.db*"))
    assert not [secret for secret in (code, token, PASSWORD) if secret.encode() in stored]
    world.server.start()


def test_a_phone_that_arrives_empty_is_told_what_its_owner_had_not_sent(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.visits(home, water="tap")
    east.exchanges(limit=0)

    evicted = world.server.app.test_client().post(
        "/api/v1/session", json={"code": east.get_code(), "install_id": "another", "device_name": "East's phone"}
    )

    [earlier] = evicted.json["earlier"]
    assert (earlier["name"], earlier["operations"], earlier["photos"]) == ("East's phone", 1, 0)
    assert "arrived-empty" in actions_in_audit(world)


def test_a_phone_that_signs_in_again_or_has_sent_everything_is_told_nothing(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.visits(home, water="tap")
    east.exchanges(limit=0)
    again = {"code": east.get_code(), "install_id": east.phone.install_id, "device_name": "East's phone"}
    answer = world.server.app.test_client().post("/api/v1/session", json=again)
    assert "earlier" not in answer.json
    east.phone.token = answer.json["token"]
    east.syncs()
    world.clock.passes(days=1)
    east.syncs()
    new = {"code": east.get_code(), "install_id": "another", "device_name": "a second phone"}
    assert "earlier" not in world.server.app.test_client().post("/api/v1/session", json=new).json
