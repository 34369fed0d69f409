"""The working-day calendar in force: the years this release ships, and over them those the county has entered."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.forms import calendar_entries
from fieldsvc.processes.calendar import Calendar, Entry
from fieldsvc.services.access import Action, Actor, require_anywhere
from fieldsvc.services.context import Context
from fieldsvc.store import audit, calendar_days


def calendar(session: Session) -> Calendar:
    """The working days. A year the county entered replaces the shipped one whole."""
    return Calendar.of(_entries(session))


def _entries(session: Session) -> list[Entry]:
    own = [Entry(date.fromisoformat(day), kind, name) for day, kind, name in calendar_days.every(session)]
    years = {each.day.year for each in own}
    return [*(each for each in _shipped() if each.day.year not in years), *own]


def enter(ctx: Context, by: Actor, entries: list[Entry]) -> list[int]:
    """Put these years in place of what was known of them; the years. Deadlines that run are counted anew."""
    require_anywhere(by, [Action.PUBLISH])
    years = sorted({each.day.year for each in entries})
    with ctx.db.write() as session:
        calendar_days.replace(session, years, [(each.day.isoformat(), each.kind, each.name) for each in entries])
        detail = {"years": years}
        audit.append(
            session, by.feed_id, [audit.Entry(ctx.now_ms(), by.person_id, "calendar", "calendar", detail=detail)]
        )
    return years


def day_of(at_ms: int, time_zone: str) -> date:
    """The day of a moment where the county is."""
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(time_zone)).date()


@cache
def _shipped() -> tuple[Entry, ...]:
    return tuple(calendar_entries())
