"""A county on each database for all the deaths of one file, and the process that dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.faults.mortal import Mortal, mortal
from tests.support.migrated import migrate_empty
from tests.support.postgres import fresh_database
from tests.world import World
from tests.world.clock import Clock, Ids
from tests.world.county import begin
from tests.world.server import Server


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.proof)])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made once: every death has a household and a cadre of its own."""
    folder = tmp_path_factory.mktemp("county")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'fieldsvc.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(fresh_database(request.getfixturevalue("postgres_server")))
        yield stack.enter_context(county_on(folder, url))


@contextmanager
def county_on(folder: Path, url: str, **settings: Any) -> Iterator[World]:
    """A county that has begun in this database."""
    migrate_empty(url)
    clock = Clock()
    new_id = Ids(clock)
    server = Server(folder, clock, new_id, url, settings)
    yield World(server, clock, new_id, begin(server.ctx))
    server.stop()


@pytest.fixture(scope="module")
def dying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    """Where requests go that shall not end well."""
    with mortal(tmp_path_factory.mktemp("mortal")) as process:
        yield process
