"""Public holidays and make-up workdays that a county entered for years this release does not ship."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from fieldsvc.store.run import columns, rows, table, write_all
from fieldsvc.store.tables import CalendarDayRow

_days = columns(CalendarDayRow)
_EVERY = select(_days.day, _days.kind, _days.name).order_by(_days.day)
_INSERT = insert(table(CalendarDayRow))


def every(session: Session) -> list[tuple[str, str, str]]:
    """`(day, kind, name)` of every day entered, in order."""
    return [(row.day, row.kind, row.name) for row in rows(session, _EVERY)]


def replace(session: Session, years: Collection[int], days: Sequence[tuple[str, str, str]]) -> None:
    """Let these days be all that is known of these years."""
    for year in years:
        session.execute(delete(CalendarDayRow).where(CalendarDayRow.day.between(f"{year}-01-01", f"{year}-12-31")))
    write_all(session, _INSERT, [{"day": day, "kind": kind, "name": name} for day, kind, name in days])
