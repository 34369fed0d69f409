"""The last number given in each series of records that carry one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store import run
from fieldsvc.store.locks import lock_things
from fieldsvc.store.run import FEED, columns, table
from fieldsvc.store.tables import EntityRow, NumberRow

_numbers = columns(NumberRow)
_ADVANCE = (
    update(table(NumberRow))
    .where(_numbers.feed_id == FEED, _numbers.series == bindparam("name"))
    .values(last=_numbers.last + bindparam("number"))
    .returning(_numbers.last)
)
_BEGIN = insert(table(NumberRow))
_LAST = select(_numbers.last).where(_numbers.feed_id == FEED, _numbers.series == bindparam("name"))
#: The row behind whose number every series begins that has not begun yet: after a restore nobody knows which had.
_EVERY = ""


def take(session: Session, feed_id: str, wanted: Mapping[str, int], highest_of: Callable[[str], int]) -> dict[str, int]:
    """The first of so many new numbers of each series; until the commit nobody else takes one of it.

    A series that nothing was taken from begins behind `highest_of` it.
    """
    lock_things(session, (f"number:{feed_id}:{series}" for series in wanted))
    first = {}
    for series, number in sorted(wanted.items()):
        row = run.first(session, _ADVANCE, feed=feed_id, name=series, number=number)
        last = row.last if row is not None else number + max(highest_of(series), _last(session, feed_id, _EVERY))
        if row is None:
            session.connection().execute(_BEGIN, {"feed_id": feed_id, "series": series, "last": last})
        first[series] = last - number + 1
    return first


def highest(session: Session, feed_id: str, dataset: str, name: str, series: str) -> int:
    """The highest number that any record of a dataset carries of a series; records that are gone count too."""
    value, before = EntityRow.properties[name].as_string(), f"{series}-"
    carried = session.scalars(
        select(value).where(
            EntityRow.feed_id == feed_id, EntityRow.dataset == dataset, value.startswith(before, autoescape=True)
        )
    )
    numbers = (text.removeprefix(before) for text in carried)
    # What somebody typed once may be anything. Nobody ever comes as far as ten digits.
    return max((int(text) for text in numbers if text.isascii() and text.isdigit() and len(text) < 10), default=0)


def leave_out(session: Session, feed_id: str, number: int) -> None:
    """Leave so many numbers out in every series, begun or not."""
    take(session, feed_id, {_EVERY: 0}, lambda _: 0)
    session.execute(update(NumberRow).where(NumberRow.feed_id == feed_id).values(last=NumberRow.last + number))


def _last(session: Session, feed_id: str, series: str) -> int:
    row = run.first(session, _LAST, feed=feed_id, name=series)
    return row.last if row is not None else 0
