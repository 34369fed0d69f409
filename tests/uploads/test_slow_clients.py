"""A valley full of phones on 2G, each sending for minutes, costs a phone with a signal nothing but its turn."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.config import Settings
from fieldsvc.ids import random_uuid7
from fieldsvc.store.tables import OperationRow
from tests.support.caddy import running_caddy
from tests.support.nginx import running_nginx
from tests.support.ports import free_port
from tests.support.server import Server
from tests.uploads.dripping import Dripping
from tests.uploads.line import Line, bytes_of
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.fixtures import Template, copy_of

SHIPPED = Settings(secret_key="x" * 32)
#: Each kind of slow request alone would hold every thread of a server as it is shipped.
PUSHES, PIECES = 200, SHIPPED.workers * SHIPPED.threads + 8
#: What a text and a photo come to; at 1 KB/s they take minutes.
PUSH_BYTES, PHOTO_BYTES = 64_000, 200_000
#: An answer takes a moment. Behind bodies that are still on their way it would never come.
STARVED_SECONDS = 20


@dataclass(frozen=True)
class Valley:
    """A county, its server as it is shipped, and the ports of what may stand before it."""

    world: World
    fronts: dict[str, int]

    def cadre(self, name: str) -> Cadre:
        """Somebody who has something to send."""
        home = self.world.household(phone="13900000001")
        cadre = self.world.cadre(name, visits=[home])
        cadre.phone.new_id = lambda: random_uuid7(self.world.clock.now_ms)
        cadre.corrects(home, phone="13900000009")
        return cadre


@pytest.fixture(scope="module")
def valley(county_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valley]:
    """Started once, with Caddy as the county copies it and with nginx as it is by default before it."""
    folder, uploads = tmp_path_factory.mktemp("valley"), free_port()
    world = copy_of(county_template, folder / "data")
    threads = {name: getattr(SHIPPED, name) for name in ("workers", "threads", "upload_threads")}
    server = Server(folder / "data", uploads_bind=f"127.0.0.1:{uploads}", **threads)
    with ExitStack() as at_end:
        at_end.callback(world.server.stop)
        at_end.callback(server.kill)
        server.start()
        caddy = at_end.enter_context(running_caddy(folder / "caddy", web=server.port, uploads=uploads))
        nginx = at_end.enter_context(running_nginx(folder / "nginx", server.port, buffering=True))
        yield Valley(world, {"caddy": caddy, "nginx": nginx})


@pytest.mark.parametrize("front", ["caddy", "nginx"])
def test_phones_that_send_a_few_bytes_now_and_then_hold_up_no_other(valley: Valley, front: str) -> None:
    port = valley.fronts[front]
    near, far = valley.cadre(f"Near {front}"), valley.cadre(f"Far {front}")
    line = Line(port, far.phone.token or "")
    slow = [push(line, far)] * PUSHES + [begun(line, number) for number in range(PIECES)]
    with Dripping(port, slow) as dripping:
        assert dripping.have_dripped(2)
        assert asks(port, "GET", "/healthz")["status"] == "ok"
        page = asks(port, "POST", "/api/v1/sync", body_of(near), said_by(near))
        near.phone.take(page)
        assert dripping.have_dripped(4), "they went on all the while"
        dripping.stops()
        answers = [body.ends() for body in (dripping.bodies[0], dripping.bodies[PUSHES])]
        assert [answer.status for answer in answers] == [200, 204], "waited for, and not cut"
    assert [receipt["status"] for receipt in page["receipts"]] == ["applied"]
    with valley.world.server.ctx.db.read() as session:
        kept = set(session.scalars(select(OperationRow.id)))
    assert {entry.id for cadre in (near, far) for entry in cadre.phone.outbox.entries} <= kept


def push(line: Line, cadre: Cadre) -> tuple[bytes, bytes]:
    """What this phone has to send; the blanks behind it stand for a long text."""
    return line.request("POST", "/api/v1/sync", body_of(cadre).ljust(PUSH_BYTES), Content_Type="application/json")


def begun(line: Line, number: int) -> tuple[bytes, bytes]:
    """A request that carries a whole photo, whose upload has begun."""
    photo = bytes_of(number, PHOTO_BYTES)
    return line.request("PATCH", line.begins(photo).location, photo, Upload_Offset="0")


def body_of(cadre: Cadre) -> bytes:
    """All that this phone has to send."""
    return json.dumps(cadre.phone.request()).encode()


def said_by(cadre: Cadre) -> dict[str, str]:
    """The headers of a push."""
    return {"Content-Type": "application/json", "Authorization": f"Bearer {cadre.phone.token}"}


def asks(
    port: int, method: str, path: str, body: bytes | None = None, said: dict[str, str] | None = None
) -> dict[str, Any]:
    """A request on a connection of its own, and the JSON that comes back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARVED_SECONDS)
    try:
        connection.request(method, path, body, said or {})
        reply = connection.getresponse()
        told = reply.read()
        assert reply.status == 200, told[:300]
        answer: dict[str, Any] = json.loads(told)
        return answer
    finally:
        connection.close()
