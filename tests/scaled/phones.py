"""The county of the stories on many machines: its office acts in this process, its phones speak HTTP to the proxy."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fieldsvc.config import Settings
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.migrate import upgrade
from tests.scaled.nodes import Nodes
from tests.world import World
from tests.world.clock import Clock, Ids
from tests.world.county import County, begin
from tests.world.signal import Reply, Row


@dataclass
class Door:
    """What a `World` needs of a server: a context for what the office does, and a way for what a phone sends."""

    ctx: Context
    port: int

    def send(self, method: str, path: str, body: Row | None, token: str | None) -> Reply:
        """Send one request to the proxy, on a connection of its own."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            reply = connection.getresponse()
            return Reply(reply.status, json.loads(reply.read() or b"{}"), dict(reply.headers))
        finally:
            connection.close()


@contextmanager
def town(province: Nodes, *, begun: bool = False) -> Iterator[World]:
    """The county in the machines' database; one that was begun already is only looked at."""
    settings = Settings.from_environment(province.environment)
    if not begun:
        upgrade(settings.database_url)
    ctx = open_context(settings)
    clock = Clock(time.time_ns() // 1_000_000)
    county = County("", "", "", "", "") if begun else begin(ctx)
    yield World(Door(ctx, province.port), clock, Ids(clock), county)
    ctx.db.dispose()
