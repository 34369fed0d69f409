"""Reports that are published by themselves: which day and hour after a period's end, for which levels (SYS-82).

A county that reports every Monday at eight must not depend on somebody being at the desk. Sums that cannot be right are
never published by themselves: they wait for a person.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from fieldsvc.ledgers.periods import Period, of_day
from fieldsvc.services import reach
from fieldsvc.services.context import Context
from fieldsvc.services.reports import figures, freezing
from fieldsvc.store import feeds, report_figures

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Cutoff:
    """When the figures of one kind of period are frozen: so many days after its last day, at this hour."""

    kind: str
    days: int
    hour: int


@cache
def cutoffs() -> Sequence[Cutoff]:
    """What `fieldsvc/forms/reports.toml` says."""
    said = tomllib.loads(resources.files("fieldsvc.forms").joinpath("reports.toml").read_text(encoding="utf-8"))
    return [Cutoff(one["of"], one["days"], one["hour"]) for one in said["cutoffs"]]


def due(now: datetime) -> list[Period]:
    """The newest period of each kind whose cut-off has passed by this clock."""
    found = []
    for one in cutoffs():
        period = of_day(one.kind, now.date()).before()
        if _moment(period.last, one) > now.replace(tzinfo=None):
            period = period.before()
        found.append(period)
    return found


def publish(ctx: Context) -> int:
    """Publish what is due for the levels this county has set; return how many reports that were."""
    levels = ctx.settings.report_levels.split()
    now = datetime.fromtimestamp(ctx.now_ms() / 1000, UTC).astimezone(ZoneInfo(ctx.settings.time_zone))
    number = 0
    with ctx.db.read() as session:
        known = [feed.id for feed in feeds.all_feeds(session)] if levels else []
    for feed_id in known:
        for period in due(now):
            with ctx.db.read() as session:
                waiting = _waiting(session, feed_id, period, levels)
            number += sum(_publish(ctx, feed_id, period, area_id) for area_id in waiting)
    return number


def _publish(ctx: Context, feed_id: str, period: Period, area_id: str) -> bool:
    """Freeze one report, unless a sum of it is in doubt or somebody was quicker."""
    with ctx.db.write() as session:
        if report_figures.frozen(session, feed_id, area_id, period.name) is not None:
            return False
        rows = figures.villages(ctx, session, feed_id, period, reach.whole(session, feed_id), area_id)
        if not rows or figures.doubts(rows):
            log.warning("report waits for a person", area=area_id, period=period.name)
            return False
        freezing.keep(ctx, session, feed_id, None, period, area_id, rows)
        return True


def _waiting(session: Session, feed_id: str, period: Period, levels: Sequence[str]) -> list[str]:
    """The areas of these levels whose report of the period nobody has published."""
    areas = [one.id for one in reach.whole(session, feed_id).areas.values() if one.level in levels]
    there = report_figures.areas_of(session, feed_id, period.name)
    return [area for area in areas if area not in there]


def _moment(last: date, one: Cutoff) -> datetime:
    return datetime.combine(last + timedelta(days=one.days), time(one.hour))
