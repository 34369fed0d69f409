"""Running statements that were built once.

Building a statement costs more than most of ours take in the database, and `/sync` runs twenty of them. What runs
for every phone is therefore a constant of its module, with named parameters, over tables and not mapped classes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, Connection, Executable, Table, bindparam
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from fieldsvc.store.base import Base

FEED: BindParameter[str] = bindparam("feed")
#: Values of one `IN`: PostgreSQL takes 65,535 parameters, SQLite as mostly built 32,766, and a sheet has more rows.
AT_ONCE = 5000

#: Where a session that only reads keeps its connection: to ask SQLAlchemy for it costs a fifth of a statement. One
#: that writes is asked each time, because asking is what begins a savepoint.
READING = "reading"

T = TypeVar("T")


def table(mapped: type[Base]) -> Table:
    """The table behind a mapped class: inserting through it costs a third of inserting through the class."""
    return cast(Table, mapped.__table__)


def columns(mapped: type[Base]) -> ReadOnlyColumnCollection[str, Any]:
    """The columns of a table by name."""
    return table(mapped).c


def many(name: str) -> BindParameter[Any]:
    """A parameter that takes a list, for `IN`."""
    return bindparam(name, expanding=True)


def in_parts(values: Collection[T]) -> Iterator[Sequence[T]]:
    """These values, as many at a time as a statement can name."""
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


def _connection(session: Session) -> Connection:
    return session.info.get(READING) or session.connection()


def rows(session: Session, statement: Executable, **parameters: Any) -> Sequence[Any]:
    """All rows of a statement."""
    return _connection(session).execute(statement, parameters).all()


def first(session: Session, statement: Executable, **parameters: Any) -> Any:
    """The first row of a statement, or none."""
    return _connection(session).execute(statement, parameters).first()


def write_all(session: Session, statement: Executable, rows_: Sequence[dict[str, Any]]) -> None:
    """Execute a statement for each of these rows, if there are any."""
    if rows_:
        session.connection().execute(statement, list(rows_))
