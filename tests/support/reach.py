"""What the rows of one database say of who may read what, on SQLite and on PostgreSQL: the measure of the eye.

It decides by the rows alone and asks none of the server's own rules, which are what it watches.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile(r"\b99\d{15}[\dX]\b")
#: Whoever reviews somewhere sits at a desk; a phone reads also where its person checks.
AT_A_DESK = {"supervisor", "administrator"}
_BY_PHONE = AT_A_DESK | {"checker"}
_AT_ONCE = 500

_PHONE = text("select person_id, feed_id from devices where token_sha256 = :token")
_ROLES = text("""select r.role, a.path from roles r join areas a on a.id = r.area_id
    where r.person_id = :person and r.to_at is null""")
_TELLING = [
    text(f"select id, subject_id from {table} where feed_id = :feed and id in :ids").bindparams(
        bindparam("ids", expanding=True)
    )
    for table in ("entities", "submissions", "conflicts")
]
_NUMBERED = text("""select subject_id, cast(properties as text) from entities
    where feed_id = :feed and cast(properties as text) like '%99%'""")
_PATHS = text("""select e.id, coalesce(b.path, a.path, '/') from entities e left join areas a on a.id = e.area_id
    left join areas b on b.id = a.merged_into_id where e.feed_id = :feed and e.id in :ids""").bindparams(
    bindparam("ids", expanding=True)
)
_MERGED = text(
    "select id, merged_into from entities where feed_id = :feed and id in :ids and merged_into is not null"
).bindparams(bindparam("ids", expanding=True))
_HELD = text("select subject_id from scope where feed_id = :feed and person_id = :person and revoked_pos is null")
_SAID = text("select body from operations where feed_id = :feed and author_id = :person and id = :operation")
_DISPUTED = text("select 1 from conflicts where feed_id = :feed and id = :word and candidate_operation_id = :operation")


@dataclass(frozen=True)
class Reader:
    """Who is told: a person of a county, and the areas all of which they may read."""

    person: str
    feed: str
    areas: tuple[str, ...]
    at_a_desk: bool


class County:
    """What one database knows, opened for one look: a county may be set back to another database between two."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def phone(self, token: str) -> Reader | None:
        """Whose phone carries this token."""
        row = self._db.execute(_PHONE, {"token": hashlib.sha256(token.encode()).hexdigest()}).fetchone()
        if row is None:
            return None
        person, feed = row
        roles = self._db.execute(_ROLES, {"person": person})
        return Reader(person, feed, tuple(path for role, path in roles if role in _BY_PHONE), at_a_desk=False)

    def told(self, feed: str, words: str) -> dict[str, set[str]]:
        """The telling words in a text, with the subjects that each tells of."""
        found: dict[str, set[str]] = defaultdict(set)
        ids = sorted(set(_ID.findall(words)))
        for asked in _TELLING:
            for one, subject in self._among(asked, feed, ids):
                found[one].add(subject)
        numbers = set(_NUMBER.findall(words))
        if numbers:
            for subject, properties in self._db.execute(_NUMBERED, {"feed": feed}):
                for number in numbers.intersection(_NUMBER.findall(properties)):
                    found[number].add(subject)
        return found

    def reached(self, reader: Reader, subjects: set[str]) -> set[str]:
        """Those of these subjects that they may read: in an area of theirs, or held by them now."""
        paths = self._among(_PATHS, reader.feed, sorted(subjects))
        within = {one for one, path in paths if path.startswith(reader.areas)}
        if reader.at_a_desk:
            return within
        within |= set(self._db.scalars(_HELD, {"feed": reader.feed, "person": reader.person}))
        # Whoever holds a household holds what was merged into it, and how a question about that ended.
        return within | {one for one, into in self._among(_MERGED, reader.feed, sorted(subjects)) if into in within}

    def said_in(self, reader: Reader, operation: str, word: str) -> bool:
        """Whether this operation is their own and names this, or this is the dispute about what it said."""
        given = {"feed": reader.feed, "person": reader.person, "operation": operation, "word": word}
        body = self._db.scalar(_SAID, given)
        if body is None:
            return False
        named = operation == word or word.encode() in bytes(body)
        return named or self._db.scalar(_DISPUTED, given) is not None

    def _among(self, asked: Any, feed: str, ids: list[str]) -> Iterator[Any]:
        for at in range(0, len(ids), _AT_ONCE):
            yield from self._db.execute(asked, {"feed": feed, "ids": ids[at : at + _AT_ONCE]})


@contextmanager
def county_at(url: str) -> Iterator[County]:
    """The county of this database, over a connection of its own: all of it as it was at one moment."""
    with _engine(url).connect() as connection:
        if connection.dialect.name == "sqlite":  # whose driver would begin anew for every statement
            connection.exec_driver_sql("BEGIN")
        yield County(connection)


@lru_cache(maxsize=16)
def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        # A file that was taken away stays away: opened in any other way it would be made anew.
        only_read = URL.create("sqlite", database=f"file:{parsed.database}", query={"mode": "ro", "uri": "true"})
        return create_engine(only_read, poolclass=NullPool)
    snapshot: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    patience = {"connect_timeout": 10}
    engine = create_engine(parsed.set(drivername="postgresql+psycopg"), connect_args=patience, poolclass=NullPool)
    return engine.execution_options(**snapshot)
