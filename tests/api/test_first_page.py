"""A phone that holds nothing gets its first page and the visit form with its session: two round trips less on 2G."""

import json

import brotli
import pytest

from fieldsvc.problems import ServerBusy
from fieldsvc.services import assignments, catch_up, enrol, people, published, register
from fieldsvc.store.tables import DeviceRow
from tests.api.photo_world import PhotoWorld

HOUSEHOLDS = {"name": "households", "properties": [{"name": "head_name", "type": "text"}]}
FORM = {"form": "visit", "version": "1", "title": {"zh": "走访"}, "subject_dataset": "households", "nodes": []}


@pytest.fixture
def world(tmp_path):
    """East with a household, and two published forms."""
    world = PhotoWorld(tmp_path)
    for form in (FORM, {**FORM, "form": "check"}):
        published.publish_form(world.ctx, world.console, form, digest=form["form"])
    published.publish_dataset(world.ctx, world.console, HOUSEHOLDS, digest="d")
    county = people.area_of_code(world.ctx, world.console, None)
    home = register.create(world.ctx, world.console, "households", {"head_name": "程有福"}, area_id=county.id)
    assignments.assign(world.ctx, world.console, world.east_id, subject_id=home)
    return world


def signs_in(world, encoding="", **more):
    code = enrol.new_code(world.ctx, world.console, world.east_id)
    body = {"code": code, "install_id": "new", "device_name": "a phone", **more}
    return world.client.post("/api/v1/session", json=body, headers={"Accept-Encoding": encoding})


def lines(data):
    return [json.loads(line) for line in data.splitlines()]


def test_the_first_page_and_the_visit_come_with_the_session(world):
    answer = signs_in(world, begin=True, app="r1")
    assert (answer.status_code, answer.mimetype) == (201, "application/x-ndjson")
    session, first, *definitions = lines(answer.data)
    token = {"Authorization": f"Bearer {session['token']}"}
    synced = world.client.post("/api/v1/sync", json={"cursor": None}, headers=token).json
    same = {"server_time": 0}
    assert {**first["page"], **same} == {**synced, **same}
    [home] = [change for change in first["page"]["changes"] if change["kind"] == "entity"]
    assert home["properties"] == {"head_name": "程有福"}
    assert definitions == [{"form": "visit", "version": "1", "definition": FORM}]


def test_the_office_sees_which_release_a_new_phone_has(world):
    signs_in(world, begin=True, app="r1")
    with world.ctx.db.read() as session:
        assert session.query(DeviceRow).filter_by(install_id="new").one().app_release == "r1"


def test_lines_of_a_session_travel_compressed(world):
    answer = signs_in(world, "br", begin=True)
    assert answer.headers["Content-Encoding"] == "br"
    assert len(lines(brotli.decompress(answer.data))) == 3


def test_a_phone_that_does_not_ask_gets_its_session_alone(world):
    answer = signs_in(world)
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"token", "person", "feed", "server_time"}


def test_a_county_without_a_visit_form_gives_the_page_alone(tmp_path):
    assert len(lines(signs_in(PhotoWorld(tmp_path), begin=True).data)) == 2


def test_a_phone_is_signed_in_although_its_first_page_could_not_be_made(world, monkeypatch):
    def busy(*_args):
        raise ServerBusy

    monkeypatch.setattr(catch_up, "pull_page", busy)
    answer = signs_in(world, begin=True)
    assert answer.status_code == 201
    [session] = lines(answer.data)
    assert session["token"]
