"""One county on each database: every law of the store is tried on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldsvc.config import Settings
from fieldsvc.services.context import open_context
from tests.contract.place import Place
from tests.support.migrated import migrate_empty
from tests.world.county import begin


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fieldsvc.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    """A county that has begun, with the real clock."""
    migrate_empty(database_url)
    ctx = open_context(Settings(mode="test", data_folder=tmp_path, database_url=database_url))
    yield Place(ctx, begin(ctx))
    ctx.db.dispose()
