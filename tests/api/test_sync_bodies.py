"""Whatever arrives at /sync: what cannot be read is refused in bounded memory, changes nothing, and says why."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from typing import Any

import pytest

from fieldsvc.services import telling
from tests.world import World
from tests.world.cadre import Cadre

DEEP = "[" * 100_000 + "]" * 100_000


def send(world: World, cadre: Cadre, body: bytes, **headers: str) -> Any:
    """One raw request to /sync."""
    wanted = {"Content-Type": "application/json", "Authorization": f"Bearer {cadre.phone.token}"}
    return world.server.app.test_client().post(
        "/api/v1/sync", data=body, headers={**wanted, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


@pytest.fixture
def east(world: World) -> Cadre:
    """A cadre with one household."""
    return world.cadre("East", visits=[world.household(phone="09990000001")])


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"{}", {"Content_Type": "text/plain"}, "wrong-content-type"),
        (b"{}", {"Content_Encoding": "br"}, "wrong-content-type"),
        (b"", {}, "malformed-body"),
        (b"{", {}, "malformed-body"),
        (b"[]", {}, "malformed-body"),
        (b"\xff\xfe", {}, "malformed-body"),
        (b'{"operations": {}}', {}, "malformed-body"),
        (b'{"operations": [1]}', {}, "malformed-body"),
        (b'{"operations": [{"id": 1, "body": ""}]}', {}, "malformed-body"),
        (b'{"operations": [{"id": "a"}]}', {}, "malformed-body"),
        (b'{"cursor": 7}', {}, "malformed-body"),
        (b'{"protocol": "one"}', {}, "malformed-body"),
        (DEEP.encode(), {}, "malformed-body"),
        (b'{"operations": ' + json.dumps([{"id": "a", "body": ""}] * 51).encode() + b"}", {}, "malformed-body"),
        (b"not gzip", {"Content_Encoding": "gzip"}, "malformed-body"),
        (gzip.compress(b"{}", mtime=0)[:-4], {"Content_Encoding": "gzip"}, "malformed-body"),
        (gzip.compress(b"{}", mtime=0) + b"more", {"Content_Encoding": "gzip"}, "malformed-body"),
        (b" " * 1_500_001, {}, "body-too-large"),
        (gzip.compress(b" " * 4_000_001, mtime=0), {"Content_Encoding": "gzip"}, "body-too-large"),
    ],
)
def test_an_unreadable_request_is_refused_and_changes_nothing(
    world: World, east: Cadre, body: bytes, headers: dict[str, str], code: str
) -> None:
    versions = world.versions_written()
    answer = send(world, east, body, **headers)
    assert answer.json["code"] == code
    assert answer.json["status"] == answer.status_code
    assert set(answer.json["title"]) == set(answer.json["remedy"]) == {"zh", "en"}
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Fieldsvc-Protocol"] == "1"
    assert world.versions_written() == versions


def test_a_body_that_inflates_to_a_gigabyte_is_refused_in_a_few_megabytes(world: World, east: Cadre) -> None:
    deflate = zlib.compressobj(9, wbits=31)
    bomb = b"".join(deflate.compress(bytes(1_000_000)) for _ in range(1000)) + deflate.flush()
    tracemalloc.start()
    try:
        answer = send(world, east, bomb, Content_Encoding="gzip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (answer.status_code, answer.json["code"]) == (413, "body-too-large")
    assert peak < 40_000_000


def test_a_gzip_request_is_inflated(world: World, east: Cadre) -> None:
    body = json.dumps({"protocol": 1, "cursor": east.phone.cursor, "operations": []}).encode()
    assert send(world, east, gzip.compress(body), Content_Encoding="gzip").json["pull"] == "ok"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        DEEP,
        '{"id": "%s", "kind": "edit", "author": "%s", "remark": "\\ud800"}',
        '{"id": "%s", "kind": "edit", "author": "%s", "entity": "a\\u0000b"}',
        '{"id": "%s", "kind": "edit", "author": "%s"}',
        '{"id": "%s", "kind": "submission", "author": "%s", "form": "f"}',
        '{"id": "%s", "kind": "withdrawal", "author": "%s"}',
        '{"id": "%s", "kind": "edit", "author": "%s", "x": NaN}',
    ],
)
def test_an_unreadable_operation_is_kept_refused_and_harms_no_other(world: World, east: Cadre, text: str) -> None:
    home = world.household(phone="09990000001")
    world.gives(home, east)
    east.syncs()
    broken = east.phone.freeze("edit", home.id, ())
    broken.body = text % (broken.id, east.person_id) if "%s" in text else text
    visit = east.visits(home, phone="09990000002")

    east.syncs()

    assert broken.status == "refused"
    assert (broken.receipt or {})["problem"]["code"] == "operation-malformed"
    assert world.has_operation(broken)
    assert visit.status == "applied"


def test_half_a_character_in_the_request_spoils_one_operation_only(world: World, east: Cadre) -> None:
    visit = east.phone.freeze("edit", "nowhere", ())
    good = {"id": visit.id, "body": visit.body}
    raw = json.dumps({"operations": [{"id": "0198b2f0-0000-7000-8000-00000000000a", "body": "X"}, good]})
    answer = send(world, east, raw.replace('"X"', '"\\ud800"').encode())
    assert answer.json["receipts"][0]["status"] == "refused"
    assert answer.json["receipts"][1]["id"] == visit.id


def test_an_operation_larger_than_any_form_is_refused(world: World, east: Cadre) -> None:
    entry = east.phone.freeze("edit", "nowhere", (), filling="x" * 1_000_001)
    answer = send(world, east, json.dumps({"operations": [entry.wire]}).encode())
    assert answer.json["receipts"][0]["problem"]["code"] == "operation-too-large"


def test_a_sync_with_nothing_new_is_small_both_ways(world: World, east: Cadre) -> None:
    said = {**east.phone.request(), "told": telling.mark(world.server.ctx.settings)}
    request = json.dumps(said, separators=(",", ":")).encode()
    answer = send(world, east, request)
    assert len(request) <= 300
    assert len(answer.data) <= 300
