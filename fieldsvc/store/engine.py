"""Connections to SQLite or PostgreSQL, and the two kinds of transaction the services use.

`Database.write()` is a transaction that will write from its first statement; `Database.read()` is one
snapshot that cannot write. Nothing else in the project opens a connection.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from fieldsvc.failpoints import reached
from fieldsvc.store import standby
from fieldsvc.store.outage import telling_outages
from fieldsvc.store.run import READING
from fieldsvc.store.turn import Turn

BUSY_TIMEOUT_SECONDS = 30
#: Connections of one process to PostgreSQL: its threads are more, and most of them wait for a slow phone.
POOL = {"pool_size": 16, "max_overflow": 16, "pool_timeout": BUSY_TIMEOUT_SECONDS}
#: And to its standby: only the worker asks it, for one file at a time.
_FEW = {"pool_size": 2, "max_overflow": 2, "pool_timeout": BUSY_TIMEOUT_SECONDS}
#: A machine that vanished answers nothing at all: without these its threads wait for a quarter of an hour.
_NOTICES_SILENCE = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "tcp_user_timeout": 60_000}
#: Whoever asks whether the database answers has seconds: a proxy takes no answer for a no, whatever it would have been.
PROBE_SECONDS = 3

# Planned for what is asked each time: a plan for any value at all, which PostgreSQL would take after the tenth time,
# walks a million visits for the few that wait (measured: 1 ms became 250).
_PLANNED = "-c plan_cache_mode=force_custom_plan"
# One page of the office is one processor's work: helpers of a large count would take both of a small machine's from
# the phones that push meanwhile.
_ALONE = "-c max_parallel_workers_per_gather=0"
_SESSION = f"-c synchronous_commit=on -c lock_timeout=30s {_PLANNED} {_ALONE}"
_SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _dump(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # an integer beyond 64 bits: rare, and no reason to lose a visit
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    # Every sync does this twice. It only says that the next statement begins a snapshot: there is no failure that
    # SQLAlchemy would have to translate, and without it this costs a tenth.
    connection.connection.cursor().execute("BEGIN").close()


#: Connections of one process to its file.
_OF_A_FILE: dict[str, Any] = {
    "pool_size": 16,
    "max_overflow": 32,
    # The connection that was used last: its pages are in its cache, and those of the others stay empty.
    "pool_use_lifo": True,
}


def _sqlite(url: str, *, begin: Callable[[Connection], None], pragmas: tuple[str, ...], **pool: Any) -> Engine:
    engine = create_engine(
        url,
        json_serializer=_dump,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # a failed statement's values are answers, and its message goes into logs
        # isolation_level=None puts the driver in autocommit mode: left to itself it begins late, and a
        # savepoint's row can then survive the rollback of the transaction around it.
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        **(pool or _OF_A_FILE),
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        for pragma in ("foreign_keys=ON", "cache_size=-16000", "temp_store=MEMORY", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", begin)
    return engine


def _postgres(url: URL, options: str, timeouts: dict[str, int], **more: Any) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=_dump,
        json_deserializer=orjson.loads,
        hide_parameters=True,
        connect_args={"options": options, **timeouts},
        **more,
    )


def is_there(url: str) -> bool:
    """Whether there may be a database at this address: opening a SQLite file that is not there would make one."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").exists()


class Database:
    """One database behind two doors: `write()` and `read()`, the same on SQLite and PostgreSQL.

    With the address of a PostgreSQL's standby, `for_long_reads()` is the same database whose reads are asked there.
    """

    def __init__(self, url: str, standby_url: str = "") -> None:
        parsed = make_url(url)
        self.url = url
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if not parsed.database or parsed.database == ":memory:":
                raise ValueError("SQLite needs a file: readers and writers use separate connections")
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            # FULL: with NORMAL a power cut may take back the last commits after their receipts have left.
            durable = ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000")
            self.write_engine = _sqlite(url, begin=_begin_writing, pragmas=durable)
            self.read_engine = _sqlite(url, begin=_begin_reading, pragmas=("query_only=ON",))
            # Not out of the pool, in which nothing may be free.
            self._probe_engine = _sqlite(url, begin=_begin_reading, pragmas=("query_only=ON",), poolclass=NullPool)
            self._turn: Any = Turn(Path(parsed.database))
        else:
            engine = _postgres(parsed, _SESSION, _NOTICES_SILENCE, **POOL, pool_pre_ping=True)
            # READ COMMITTED: at REPEATABLE READ the feed's counter row cannot be waited for, only failed on.
            self.write_engine = engine.execution_options(isolation_level="READ COMMITTED")
            # One snapshot per read: the head of the feed and its rows must belong together.
            self.read_engine = engine.execution_options(**_SNAPSHOT)
            # Not out of the pool: what lies there may lead to a machine that is gone, and to hear so takes a minute.
            self._probe_engine = _postgres(
                parsed,
                f"{_SESSION} -c statement_timeout={PROBE_SECONDS}s",
                {"connect_timeout": PROBE_SECONDS, "tcp_user_timeout": PROBE_SECONDS * 1000},
                poolclass=NullPool,
            ).execution_options(**_SNAPSHOT)
            self._turn = nullcontext()
        self._writers = sessionmaker(self.write_engine, autoflush=False, expire_on_commit=False)
        self._beside: Database | None = None
        if standby_url:
            self._beside = copy.copy(self)
            second = _postgres(make_url(standby_url), _SESSION, _NOTICES_SILENCE, **_FEW, pool_pre_ping=True)
            self._beside.read_engine = second.execution_options(**_SNAPSHOT)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits when the block ends and rolls back when it raises. Never nest two.

        Raises `database-away` and `server-busy`.
        """
        with telling_outages(), self._turn, self._writers() as session, session.begin():
            # A transaction of SQLAlchemy begins with its first statement; ours begins now, so that on SQLite
            # the writer's lock is held before anything is read (otherwise SQLITE_BUSY_SNAPSHOT, at once).
            session.connection()
            yield session
            reached("commit.before")
        reached("commit.after")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot of the database, which cannot write. Raises `database-away` and `server-busy`."""
        # A session without a transaction of its own: there is nothing to commit, and closing the connection ends the
        # snapshot. Half of what a sync with nothing new costs the database's side is opening and closing.
        with (
            telling_outages(writing=False),
            self.read_engine.connect() as connection,
            Session(connection, autoflush=False) as session,
        ):
            session.info[READING] = connection
            yield session

    def standby(self) -> standby.State | None:
        """How far the standby is beside the database as it is now; None where there is none."""
        if self._beside is None:
            return None
        with self.read() as session:
            return standby.state(session, self._beside.read_engine)

    def for_long_reads(self) -> Database:
        """The same for whoever reads for minutes: reads that begin from now on are asked of the standby, which holds
        all that is committed by now. Itself where no standby does. What is written goes where it always went.
        """
        return self._beside if self._beside is not None and self.standby() == "level" else self

    @contextmanager
    def probe(self) -> Iterator[Session]:
        """As `read`, for whoever only asks whether the database answers: it says so, or raises, within seconds."""
        with telling_outages(), Session(self._probe_engine, autoflush=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close every pooled connection (before a fork, and at the end of a test)."""
        self.write_engine.dispose()
        self.read_engine.dispose()
        if self._beside is not None:
            self._beside.read_engine.dispose()
        if isinstance(self._turn, Turn):
            self._turn.close()
