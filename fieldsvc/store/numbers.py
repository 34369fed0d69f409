"""The last number given in each series of records that carry one."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from fieldsvc.store import run
from fieldsvc.store.locks import lock_things
from fieldsvc.store.run import FEED, columns, table
from fieldsvc.store.tables import NumberRow

_numbers = columns(NumberRow)
_ADVANCE = (
    update(table(NumberRow))
    .where(_numbers.feed_id == FEED, _numbers.series == bindparam("name"))
    .values(last=_numbers.last + bindparam("number"))
    .returning(_numbers.last)
)
_BEGIN = insert(table(NumberRow))


def take(session: Session, feed_id: str, wanted: Mapping[str, int]) -> dict[str, int]:
    """The first of so many new numbers of each series; until the commit nobody else takes one of it."""
    lock_things(session, (f"number:{feed_id}:{series}" for series in wanted))
    first = {}
    for series, number in sorted(wanted.items()):
        row = run.first(session, _ADVANCE, feed=feed_id, name=series, number=number)
        if row is None:
            session.connection().execute(_BEGIN, {"feed_id": feed_id, "series": series, "last": number})
        first[series] = row.last - number + 1 if row is not None else 1
    return first
