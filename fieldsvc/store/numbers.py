"""The last number given in each series of records that carry one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import and_, bindparam, insert, or_, select, update
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
#: What the row is called that says how many numbers are left out in a year: no series of a record is called so.
_LEFT_OUT = ":{year}"
#: What it was called while every year was left out alike: servers that were restored then have it still.
_OF_EVERY_YEAR = ""
_LEFT_OUT_ROWS = select(_numbers.series, _numbers.last).where(
    _numbers.feed_id == FEED,
    or_(_numbers.series.startswith(_LEFT_OUT.format(year="")), _numbers.series == _OF_EVERY_YEAR),
)


def take(session: Session, feed_id: str, wanted: Mapping[str, int], highest_of: Callable[[str], int]) -> dict[str, int]:
    """The first of so many new numbers of each series; until the commit nobody else takes one of it.

    A series that nothing was taken from begins behind `highest_of` it, and behind what is left out in its year.
    """
    lock_things(session, (f"number:{feed_id}:{series}" for series in wanted))
    first = {}
    for series, number in sorted(wanted.items()):
        row = run.first(session, _ADVANCE, feed=feed_id, name=series, number=number)
        last = row.last if row is not None else number + max(highest_of(series), _left_out(session, feed_id, series))
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


def leave_out(session: Session, feed_id: str, number: int, year: int) -> None:
    """Leave so many numbers out in every series that has begun, and in each of this year and of those before that has
    not: what was lost may have begun it. A later year begins with its first number.
    """
    name = _LEFT_OUT.format(year=year)
    lock_things(session, [f"number:{feed_id}:{name}"])
    begun = and_(NumberRow.series.not_like(_LEFT_OUT.format(year="%")), NumberRow.series != _OF_EVERY_YEAR)
    session.execute(update(NumberRow).where(NumberRow.feed_id == feed_id, begun).values(last=NumberRow.last + number))
    if run.first(session, _ADVANCE, feed=feed_id, name=name, number=number) is None:
        session.connection().execute(_BEGIN, {"feed_id": feed_id, "series": name, "last": number})


def _left_out(session: Session, feed_id: str, series: str) -> int:
    """How many numbers a series leaves out at its beginning: as many as in its own year and in all since."""
    year = series.rpartition("-")[2]
    found = run.rows(session, _LEFT_OUT_ROWS, feed=feed_id)
    # A year that is none may have been written at any time, and what left every year out does not say when.
    always = not (year.isascii() and year.isdigit())
    return sum(row.last for row in found if always or row.series == _OF_EVERY_YEAR or int(row.series[1:]) >= int(year))
