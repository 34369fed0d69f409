"""The deadlines that run: written with every version of a record, listed for those who answer for it.

Whether something is overdue is asked of the day, never stored: at midnight nothing has to be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.clocks import Running, running
from fieldsvc.processes.model import Process
from fieldsvc.services import definitions, reach, workdays
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets
from fieldsvc.store import deadlines, feeds
from fieldsvc.store.deadlines import Key, Line
from fieldsvc.store.entities import NewVersion, Stored
from sync.model import Properties

#: How far ahead the list of what is due looks: the first alarm of a clock.
AHEAD_DAYS = 7
_LONG_AGO = "0000-01-01"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A clock that runs, `left` in days of its own kind, `over` in calendar days.

    `alarm`: the level reached, -1 overdue, none while there is time. `certain`: the holidays on the way are known.
    """

    name: str
    label: Mapping[str, str]
    due: date
    left: int
    over: int
    working: bool
    alarm: int | None
    certain: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line of the list: the clock, the record, its stage, whose household."""

    line: Line
    due: Due
    stage: Mapping[str, str]
    process: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page of what is overdue or soon due."""

    lines: Sequence[DueLine]
    next: Key | None
    overdue: int
    soon: int
    reach: reach.Reach


def refresh(session: Session, feed_id: str, known: Datasets, versions: Iterable[NewVersion]) -> None:
    """Put the deadlines of these records in place as they are after these versions. Nothing without a process."""
    last = {new.stored.entity.id: new.stored for new in versions if known.is_guarded(new.stored.dataset)}
    if not last:
        return
    calendar = workdays.calendar(session)
    found = [row for stored in last.values() for row in _rows(known, stored, calendar)]
    deadlines.replace(session, feed_id, list(last), found)


def rebuild(ctx: Context) -> int:
    """Count every deadline anew, after a process or the calendar changed; how many run."""
    number = 0
    with ctx.db.read() as session:
        feed_ids = [feed.id for feed in feeds.all_feeds(session)]
        known = definitions.datasets(ctx, session)
        processes = known.processes
    for feed_id in feed_ids:
        with ctx.db.write() as session:
            deadlines.forget_all(session, feed_id)
            calendar = workdays.calendar(session)
            for dataset, process in processes.items():
                for batch in _batches(session, feed_id, dataset):
                    found = [
                        row
                        | {
                            "entity_id": each.id,
                            "dataset": dataset,
                            "subject_id": each.subject_id,
                            "area_id": each.area_id,
                        }
                        for each in batch
                        for row in _clocks(process, each.properties, calendar)
                    ]
                    deadlines.replace(session, feed_id, [], found)
                    number += len(found)
    return number


def of_record(process: Process, properties: Properties, day: date, calendar: Calendar) -> list[Due]:
    """The clocks that run for a record, the first due first."""
    found = [_due(clock, day, calendar) for clock in running(process, properties, calendar)]
    return sorted(found, key=lambda one: (one.due, one.name))


def counts(ctx: Context, session: Session, feed_id: str, areas: Sequence[str] | None) -> tuple[int, int]:
    """How many deadlines are overdue, and how many come within a week."""
    today = workdays.day_of(ctx.now_ms(), ctx.settings.time_zone)
    yesterday, soon = (today - timedelta(days=1)).isoformat(), (today + timedelta(days=AHEAD_DAYS)).isoformat()
    return (
        deadlines.number(session, feed_id, areas, _LONG_AGO, yesterday),
        deadlines.number(session, feed_id, areas, today.isoformat(), soon),
    )


def queue(ctx: Context, *, by: Actor, after: Key | None = None, limit: int = 50) -> DuePage:
    """What is overdue or due within a week in a supervisor's areas, the longest overdue first."""
    today = workdays.day_of(ctx.now_ms(), ctx.settings.time_zone)
    with ctx.db.read() as session:
        within = reach.of(session, by)
        overdue, soon = counts(ctx, session, by.feed_id, within.ids)
        until = (today + timedelta(days=AHEAD_DAYS)).isoformat()
        lines = deadlines.page(session, by.feed_id, within.ids, until, after=after, limit=limit + 1)
        processes, calendar = definitions.datasets(ctx, session).processes, workdays.calendar(session)
        shown = [one for line in lines[:limit] if (one := _line(processes, line, today, calendar)) is not None]
        more = lines[limit - 1].key if len(lines) > limit else None
        return DuePage(shown, more, overdue, soon, within)


def _line(processes: Mapping[str, Process], line: Line, today: date, calendar: Calendar) -> DueLine | None:
    process = processes.get(line.dataset)
    stage = process.stage_of(line.properties) if process else None
    if process is None or stage is None:
        return None
    runs = [each for each in of_record(process, line.properties, today, calendar) if each.name == line.clock]
    return DueLine(line, runs[0], stage.label, process.label) if runs else None


def _due(found: Running, day: date, calendar: Calendar) -> Due:
    clock = found.clock
    left, alarm = found.left(day, calendar), found.alarm(day, calendar)
    over = max(0, (day - found.due).days)
    return Due(clock.name, clock.label, found.due, left, over, clock.working, alarm, found.certain)


def _rows(known: Datasets, stored: Stored, calendar: Calendar) -> Iterator[dict[str, Any]]:
    process, entity = known.processes.get(stored.dataset), stored.entity
    if process is None or entity.deleted or entity.merged_into is not None:
        return
    where = {
        "entity_id": entity.id,
        "dataset": stored.dataset,
        "subject_id": stored.subject_id,
        "area_id": stored.area_id,
    }
    for row in _clocks(process, entity.properties, calendar):
        yield row | where


def _clocks(process: Process, properties: Properties, calendar: Calendar) -> Iterator[dict[str, Any]]:
    for each in running(process, properties, calendar):
        yield {"clock": each.clock.name, "due": each.due.isoformat()}


def _batches(session: Session, feed_id: str, dataset: str) -> Iterator[list[Any]]:
    after = ""
    while batch := deadlines.living(session, feed_id, dataset, after, _BATCH):
        yield batch
        after = batch[-1].id
