"""Keeping two writers off the same thing where the database itself would let them both in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def lock_things(session: Session, names: Iterable[str]) -> None:
    """Hold these things until the commit; others who want one of them wait.

    An operation that creates an entity and one that edits it may arrive at once on two connections. Neither
    row exists yet, so there is no row to lock, and each would decide without the other. SQLite has one writer
    anyway. Keys are locked in one order, so that two batches cannot wait for each other.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    for key in sorted({_key(name) for name in names}):
        session.execute(select(func.pg_advisory_xact_lock(key)))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
