"""One server for the whole folder, and three doors to it: its own, and nginx with and without buffering."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fieldsvc.store import uploads
from tests.api.photo_world import PhotoWorld
from tests.support.nginx import running_nginx
from tests.support.server import Server
from tests.uploads.line import Line, bytes_of

DOORS = ("gunicorn", "nginx that buffers", "nginx that does not")
_numbers = itertools.count(1)


class Place:
    """A running server, its data, and the token of a cadre on it."""

    def __init__(self, folder: Path) -> None:
        self.world = PhotoWorld(folder)
        self.token = self.world.east["Authorization"].removeprefix("Bearer ")
        self.stranger = self.world.west["Authorization"].removeprefix("Bearer ")
        self.server = Server(folder, workers=2)
        self.doors: dict[str, int] = {"gunicorn": self.server.port}

    def line(self, door: str = "gunicorn") -> Line:
        """A phone's line to one of the doors."""
        return Line(self.doors[door], self.token)

    def waits_for_request(self, where: str, number: int) -> None:
        """Wait until the server has begun with that many requests about an upload: each raises its generation."""
        while True:
            with self.world.ctx.db.read() as session:
                row = uploads.find(session, where.rsplit("/", 1)[1])
            assert row is not None
            if row.generation >= number:
                return
            time.sleep(0.01)

    def waits_for_bytes(self, sha256: str) -> int:
        """Wait until the server has kept something of a photo, and say how many bytes of it."""
        person, feed = self.world.east_id, self.world.console.feed_id
        while True:
            with self.world.ctx.db.read() as session:
                row = uploads.find_open(session, feed, person, sha256, self.world.ctx.now_ms())
            if row is not None and row.offset:
                return row.offset
            time.sleep(0.01)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Started once; every test sends photos of its own."""
    folder = tmp_path_factory.mktemp("uploads")
    place = Place(folder / "data")
    with ExitStack() as at_end:
        at_end.callback(place.server.kill)
        place.server.start()
        for door, buffering in (("nginx that buffers", True), ("nginx that does not", False)):
            runs = running_nginx(folder / door.replace(" ", "-"), place.server.port, buffering=buffering)
            place.doors[door] = at_end.enter_context(runs)
        yield place
    place.world.ctx.db.dispose()


@pytest.fixture(params=DOORS)
def line(place: Place, request: pytest.FixtureRequest) -> Line:
    """A phone's line through each of the doors."""
    return place.line(request.param)


@pytest.fixture
def photo() -> bytes:
    """Bytes nobody has sent yet."""
    return bytes_of(next(_numbers))
