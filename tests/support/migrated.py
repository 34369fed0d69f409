"""This release's tables in a test's empty database, by copying one that was migrated once in this process.

Hundreds of tests begin with an empty database, and every one of them migrated it itself.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from fieldsvc.store.migrate import upgrade


def migrate_empty(url: str) -> None:
    """As `upgrade(url)`, for a database that nothing was done to yet."""
    if (file := make_url(url)).get_backend_name() == "sqlite":
        assert file.database is not None
        Path(file.database).parent.mkdir(parents=True, exist_ok=True)
        Path(file.database).write_bytes(_file())
        return
    server, name = url.rsplit("/", 1)
    template = _template(server)
    with psycopg.connect(_admin(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


@cache
def _file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def _template(server: str, name: str = "migrated") -> str:
    with ExitStack() as unless_whole, psycopg.connect(_admin(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        # Left there half made, it would be what every later test complains of, instead of the migration's mistake.
        unless_whole.callback(_drop, server, name)
        upgrade(f"{server}/{name}")
        unless_whole.pop_all()
    return name


def _admin(server: str) -> str:
    return server.replace("+psycopg", "") + "/postgres"


def _drop(server: str, name: str) -> None:
    with psycopg.connect(_admin(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
