"""`world` for every story: a fresh copy of a county that was begun once per run."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldsvc.store import migrate
from tests.support.migrated import migrate_empty
from tests.world.clock import Clock, Ids
from tests.world.county import County, begin
from tests.world.server import Server
from tests.world.world import World

DATABASE = "fieldsvc.db"


@dataclasses.dataclass(frozen=True)
class Template:
    """A county just begun: its database file, and where its ids had got to."""

    file: Path
    county: County
    ids_made: int


@pytest.fixture(scope="session")
def county_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Migrations and publishing take a second; a copy of their result takes a millisecond."""
    folder = tmp_path_factory.mktemp("county")
    clock = Clock()
    new_id = Ids(clock)
    migrate.upgrade(f"sqlite:///{folder / DATABASE}")
    server = Server(folder, clock, new_id)
    county = begin(server.ctx)
    return Template(server.back_up(), county, new_id.made)


@pytest.fixture
def make_world(county_template: Template, tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Makes as many worlds as a test asks for, each with a server and a database of its own."""
    worlds: list[World] = []

    def make() -> World:
        worlds.append(copy_of(county_template, tmp_path / f"world-{len(worlds)}"))
        return worlds[-1]

    yield make
    for world in worlds:
        world.server.stop()


@pytest.fixture
def world(make_world: Callable[[], World]) -> World:
    """A county, its server on SQLite, and nobody in it yet."""
    return make_world()


@pytest.fixture
def world_on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    """The same on PostgreSQL."""
    migrate_empty(postgres_url)
    clock = Clock()
    new_id = Ids(clock)
    server = Server(tmp_path, clock, new_id, postgres_url)
    yield World(server, clock, new_id, begin(server.ctx))
    server.stop()


def copy_of(template: Template, folder: Path) -> World:
    """Another county like this one, in a folder that is made for it."""
    folder.mkdir()
    shutil.copyfile(template.file, folder / DATABASE)
    clock = Clock()
    new_id = Ids(clock, made=template.ids_made)
    return World(Server(folder, clock, new_id), clock, new_id, dataclasses.replace(template.county))
