"""Telling a database that is away from a mistake of ours, by what its driver says.

A phone that hears 500 has met a bug; one that hears 503 and `Retry-After` comes back when the database does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from fieldsvc.problems import DatabaseAway, ServerBusy

#: SQLSTATE classes of PostgreSQL: no connection; no room, memory or free connection; stopped by its operator.
_AWAY = ("08", "53", "57")
_LOCK_NOT_AVAILABLE = "55P03"
#: It takes no writes: a standby that is not yet promoted says so when a transaction begins to write, or is to.
_READ_ONLY = ("25006", "0A000")
#: Where PostgreSQL reads and writes files. What a quota, or a disk that turned read-only, answers there has the state
#: of a bug or of a missing right, as if the statement were at fault: an operation would be kept for a person.
_FILES = ("md.c", "fd.c")
#: A block there that is damaged stays so: only what meets it must wait for a person, not all that its phone has.
_DAMAGED = ("XX001", "XX002")


@contextmanager
def telling_outages(*, writing: bool = True) -> Iterator[None]:
    """Raise `database-away` or `server-busy` where the database or the way to it is what failed.

    Not where whoever only reads tries to write: that is a mistake of ours, on a standby or not.
    """
    try:
        yield
    except exc.SQLAlchemyError as error:
        problem = outage(error, writing=writing)
        if problem is None:
            raise
        raise problem from error


def outage(error: exc.SQLAlchemyError, *, writing: bool = True) -> ServerBusy | None:
    """The problem behind the error, or None when it is not one of the database's being there.

    SQLite has no servers to lose: what its file or disk suffers stays what it is.
    """
    if isinstance(error, exc.TimeoutError):
        return ServerBusy()  # every connection of this process is taken, and none came free
    if not isinstance(error, exc.DBAPIError):
        return None
    if error.connection_invalidated:
        return DatabaseAway()
    if not hasattr(error.orig, "sqlstate"):
        return None
    state: str | None = error.orig.sqlstate  # type: ignore[union-attr] # just asked: psycopg has it, sqlite3 has not
    if state in _READ_ONLY:
        return DatabaseAway() if writing else None
    if state not in _DAMAGED and error.orig.diag.source_file in _FILES:  # type: ignore[union-attr] # psycopg's, as above
        return DatabaseAway()
    if not isinstance(error, exc.OperationalError | exc.InterfaceError):
        return None
    if state == _LOCK_NOT_AVAILABLE:
        return ServerBusy()
    # No state at all: the driver speaks, because no server did.
    return DatabaseAway() if state is None or state.startswith(_AWAY) else None
