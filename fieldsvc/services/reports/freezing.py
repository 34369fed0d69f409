"""Reading a report, publishing it, and what arrived after the cut-off.

A published number must not change because a phone came down from the mountain a week later; nor may its visits be
lost to the reader. So the figures are kept as they were, and what has come since stands beside them as "+n".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.ledgers.periods import Period, of_day, of_name
from fieldsvc.problems import NotFound, PreconditionFailed
from fieldsvc.services import access, reach
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.reports import figures
from fieldsvc.services.reports.figures import Village
from fieldsvc.services.workdays import day_of
from fieldsvc.store import audit, people, report_figures
from fieldsvc.store.report_figures import Key
from fieldsvc.store.tables import ReportRow

#: Published reports on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is read: its rows (frozen ones when it was published), and what has come since, by row.

    `areas`: those within reach that have others below them; of each there is a report.
    """

    period: Period
    area_id: str
    area: str
    rows: Sequence[Village]
    late: Mapping[str, Mapping[str, int]]
    doubts: Sequence[tuple[str, str]]
    cut_off_at: int | None
    frozen_by: str
    over: bool
    areas: Sequence[reach.Area]


@dataclass(frozen=True, slots=True)
class Published:
    """A line of the list of published reports."""

    period: Period
    area_id: str
    area: str
    cut_off_at: int


def read(ctx: Context, name: str, area_id: str | None, *, by: Actor) -> Report:
    """The report of an area (the topmost within reach unless said) and period. Raises `not-found`."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        period, area = _period(name), _area(within, area_id)
        now = figures.villages(ctx, session, by.feed_id, period, within, area.id)
        over = period.last < day_of(ctx.now_ms(), ctx.settings.time_zone)
        row = report_figures.frozen(session, by.feed_id, area.id, period.name)
        if row is None:
            return Report(period, area.id, area.name, now, {}, figures.doubts(now), None, "", over, _areas(within))
        kept = [Village(**one) for one in row.figures]
        person = people.get(session, row.frozen_by_id)
        by_name = person.name if person else ""
        late, cut_off = _late(kept, now), row.cut_off_at
        return Report(period, area.id, area.name, kept, late, [], cut_off, by_name, over, _areas(within))


def publish(ctx: Context, name: str, area_id: str | None, *, by: Actor) -> Report:
    """Freeze the figures of a period that is over, as they are now. Raises `not-found`, `precondition-failed`."""
    with ctx.db.write() as session:
        within = reach.of(session, by)
        period, area = _period(name), _area(within, area_id)
        access.require_in_area(by, Action.REVIEW, area.path)
        if period.last >= day_of(ctx.now_ms(), ctx.settings.time_zone):
            raise PreconditionFailed(period=period.name)
        if report_figures.frozen(session, by.feed_id, area.id, period.name) is not None:
            raise PreconditionFailed(period=period.name)
        rows = figures.villages(ctx, session, by.feed_id, period, within, area.id)
        keep(ctx, session, by.feed_id, by.person_id, period, area.id, rows)
    return read(ctx, name, area.id, by=by)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the published reports within reach, and the periods that can be read: current ones and those before.

    `next` is where the page after this one begins, when more follow.
    """

    published: Sequence[Published]
    next: Key | None
    periods: Sequence[Period]


def shelf(ctx: Context, *, by: Actor, after: Key | None = None) -> Shelf:
    """What was published, the newest cut-off first."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        rows = report_figures.published(session, by.feed_id, within.ids, after, PAGE + 1)
    shown = rows[:PAGE]
    listed = [
        Published(period, row.area_id, within.areas[row.area_id].name, row.cut_off_at)
        for row in shown
        if row.area_id in within.areas and (period := of_name(row.period)) is not None
    ]
    last = shown[-1] if len(rows) > PAGE else None
    today = day_of(ctx.now_ms(), ctx.settings.time_zone)
    return Shelf(
        listed,
        (last.cut_off_at, last.period, last.area_id) if last else None,
        [*_back(of_day("month", today), 4), *_back(of_day("quarter", today), 3), *_back(of_day("week", today), 5)],
    )


def _back(period: Period, number: int) -> list[Period]:
    found = [period]
    while len(found) < number:
        found.append(found[-1].before())
    return found


def keep(
    ctx: Context,
    session: Session,
    feed_id: str,
    person_id: str | None,
    period: Period,
    area_id: str,
    rows: Sequence[Village],
) -> None:
    """Write the figures down as they are, in somebody's name or in nobody's, and note that in the log."""
    figures_ = [
        {"area_id": row.area_id, "name": row.name, "town": row.town, "numbers": dict(row.numbers)} for row in rows
    ]
    session.add(
        ReportRow(
            feed_id=feed_id,
            area_id=area_id,
            period=period.name,
            figures=figures_,
            cut_off_at=ctx.now_ms(),
            frozen_by_id=person_id or "",
        )
    )
    entry = audit.Entry(ctx.now_ms(), person_id, "publish", f"report:{area_id}:{period.name}", detail={})
    audit.append(session, feed_id, [entry])


def _late(kept: Sequence[Village], now: Sequence[Village]) -> dict[str, dict[str, int]]:
    """What each village has more than at the cut-off; what has become less is not hidden either."""
    current = {row.area_id: row.numbers for row in now}
    return {row.area_id: _more(row.numbers, current.get(row.area_id, {})) for row in kept}


def _more(kept: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    found = {code: now.get(code, 0) - number for code, number in kept.items()}
    return {code: number for code, number in found.items() if number}


def _period(name: str) -> Period:
    found = of_name(name)
    if found is None:
        raise NotFound()
    return found


def _areas(within: reach.Reach) -> list[reach.Area]:
    every = list(within.areas.values())
    above = {area.id for area in every if any(one.path.startswith(area.path) and one is not area for one in every)}
    return [area for area in every if area.depth == 0 or area.id in above]


def _area(within: reach.Reach, area_id: str | None) -> reach.Area:
    if area_id is None:
        return next(area for area in within.areas.values() if area.depth == 0)
    if area_id not in within.areas:
        raise NotFound()
    return within.areas[area_id]
