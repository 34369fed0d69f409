"""Bring a database to this release's tables, one server at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from fieldsvc.store import statistics
from fieldsvc.store.engine import Database

_LOCK = 0x6669656C64  # "field": any constant, the same in every server


@contextmanager
def _alone(db: Database) -> Iterator[None]:
    """Held by one server at a time, also across processes; the second waits and then finds nothing to do."""
    if db.is_sqlite:
        with Path(f"{db.write_engine.url.database}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        with db.write_engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})


def config_for(connection: Connection) -> Config:
    """Alembic's settings for one open connection (no ini file: the package carries its own migrations)."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Create or migrate the database at `url`; harmless when it is already current."""
    db = Database(url)
    try:
        with _alone(db), db.write_engine.begin() as connection:
            command.upgrade(config_for(connection), "head")
            statistics.tell(connection)
    finally:
        db.dispose()
