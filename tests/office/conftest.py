"""An office with a county in it, on a database file of its own for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from fieldsvc.config import Settings
from fieldsvc.ids import random_uuid7
from fieldsvc.services.context import Context, open_context
from fieldsvc.store import migrate
from tests.office.desk import Desk
from tests.office.district import District
from tests.office.evidence import Evidence
from tests.office.moments import Moments
from tests.support.app import app_on

#: Ledgers of the county's own; the shipped ones show records that this small county does not keep.
LEDGERS = Path(__file__).parent / "ledgers.toml"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrations take a second; a copy of their result takes a millisecond."""
    file = tmp_path_factory.mktemp("office") / "fieldsvc.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def moments() -> Moments:
    return Moments()


@pytest.fixture
def ctx(empty_database: Path, tmp_path: Path, moments: Moments) -> Iterator[Context]:
    shutil.copyfile(empty_database, tmp_path / "fieldsvc.db")
    made = iter(range(1_000_000))
    ctx = open_context(
        Settings(mode="test", data_folder=tmp_path, ledgers_file=str(LEDGERS)),
        now_ms=moments,
        new_id=lambda: random_uuid7(moments.now + next(made)),
    )
    yield ctx
    ctx.db.dispose()


@pytest.fixture
def district(ctx: Context, moments: Moments) -> District:
    return District(ctx, moments)


@pytest.fixture
def app(ctx: Context) -> Flask:
    return app_on(ctx)


@pytest.fixture
def desk_of(app: Flask) -> Callable[[str], Desk]:
    """A signed-in browser for a staff number."""

    def sign_in(login: str) -> Desk:
        desk = Desk(app)
        assert desk.signs_in(login).status_code == 302
        return desk

    return sign_in


@pytest.fixture
def desk(district: District, desk_of: Callable[[str], Desk]) -> Desk:
    """The supervisor of 岩寺镇, signed in."""
    return desk_of("S01")


@pytest.fixture
def evidence(district: District) -> Evidence:
    return Evidence(district)
