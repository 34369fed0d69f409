"""Keeping two writers off the same thing where the database itself would let them both in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldsvc.store.engine import Database
from fieldsvc.store.outage import telling_outages


def lock_things(session: Session, names: Iterable[str]) -> None:
    """Hold these things until the commit; others who want one of them wait.

    An operation that creates an entity and one that edits it may arrive at once on two connections. Neither
    row exists yet, so there is no row to lock, and each would decide without the other. SQLite has one writer
    anyway. Keys are locked in one order, so that two batches cannot wait for each other.
    """
    if has_one_writer(session):
        return
    for key in sorted({_key(name) for name in names}):
        session.execute(select(func.pg_advisory_xact_lock(key)))


def has_one_writer(session: Session) -> bool:
    """Whether nobody else writes to this database while this transaction lasts."""
    return session.get_bind().dialect.name == "sqlite"


@contextmanager
def alone(db: Database, name: str) -> Iterator[bool]:
    """Whether this process is the only one of all machines that is at this work; who hears no leaves it to the other.

    A process that dies lets go. On SQLite there is one machine, and one worker on it. Raises `database-away`.
    """
    if db.is_sqlite:
        yield True
        return
    with telling_outages(), db.write_engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        key = _key(name)
        mine = bool(connection.execute(select(func.pg_try_advisory_lock(key))).scalar_one())
        try:
            yield mine
        finally:
            if mine:
                connection.execute(select(func.pg_advisory_unlock(key)))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
