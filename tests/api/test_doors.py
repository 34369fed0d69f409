"""One address may knock only so often; whoever stands elsewhere is not disturbed."""

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsvc.app import create_app
from fieldsvc.services.context import Context
from tests.world import World

PER_MINUTE = 5
WRONG = {"password": "wrong", "install_id": "phone-1"}


@pytest.fixture
def app(world: World) -> Flask:
    ctx: Context = world.server.ctx
    few = dataclasses.replace(ctx.settings, sign_ins_per_minute=PER_MINUTE)
    return create_app(ctx=dataclasses.replace(ctx, settings=few))


@pytest.fixture
def knock(app: Flask) -> Callable[..., Any]:
    """One sign-in of a phone from an address, perhaps through a proxy."""
    client: FlaskClient = app.test_client()
    accounts = itertools.count()

    def knock(address: str = "10.0.0.1", forwarded: str | None = None) -> Any:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return client.post(
            "/api/v1/session",
            json={**WRONG, "login": f"nobody-{next(accounts)}"},
            headers=headers,
            environ_base={"REMOTE_ADDR": address},
        )

    return knock


def test_the_sixth_knock_in_a_minute_is_turned_away_and_says_when_to_come_again(knock: Callable[..., Any]) -> None:
    assert [knock().status_code for _ in range(PER_MINUTE)] == [401] * PER_MINUTE
    refused = knock()
    assert (refused.status_code, refused.json["code"]) == (429, "too-many-requests")
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["Fieldsvc-Protocol"] == "1"


def test_the_next_village_is_not_disturbed(knock: Callable[..., Any]) -> None:
    for _ in range(PER_MINUTE + 1):
        knock()
    assert knock("10.0.0.2").status_code == 401


def test_behind_our_proxy_the_phones_own_address_counts_and_what_it_claims_itself_does_not(
    knock: Callable[..., Any],
) -> None:
    for number in range(PER_MINUTE):
        knock("127.0.0.1", f"9.9.9.{number}, 203.0.113.7")
    assert knock("127.0.0.1", "9.9.9.99, 203.0.113.7").status_code == 429
    assert knock("127.0.0.1", "203.0.113.8").status_code == 401


def test_a_strangers_header_is_not_believed(knock: Callable[..., Any]) -> None:
    for number in range(PER_MINUTE):
        knock("10.0.0.9", f"203.0.113.{number}")
    assert knock("10.0.0.9", "203.0.113.99").status_code == 429


def test_all_addresses_of_one_house_count_as_one(knock: Callable[..., Any]) -> None:
    for number in range(PER_MINUTE):
        knock(f"2001:db8:1:2::{number}")
    assert knock("2001:db8:1:2:ffff::1").status_code == 429
    assert knock("2001:db8:1:3::1").status_code == 401


def test_the_door_of_the_office_is_the_same_door(app: Flask, knock: Callable[..., Any]) -> None:
    for _ in range(PER_MINUTE):
        knock()
    desk = app.test_client()
    here = {"REMOTE_ADDR": "10.0.0.1"}
    page = desk.get("/office/sign-in", environ_base=here)
    assert page.status_code == 200, "looking at the door is free"
    token = page.get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    form = {"login": "S01", "password": "wrong", "csrf_token": token}
    refused = desk.post("/office/sign-in", data=form, environ_base=here)
    assert refused.status_code == 429
    assert "等一分钟再试" in refused.get_data(as_text=True)


def test_a_phone_that_is_signed_in_knocks_at_no_door(app: Flask, world: World, knock: Callable[..., Any]) -> None:
    east = world.cadre("East")
    for _ in range(PER_MINUTE + 1):
        knock()
    headers = {"Authorization": f"Bearer {east.phone.token}"}
    reply = app.test_client().get("/api/v1/feed", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert reply.status_code == 200
