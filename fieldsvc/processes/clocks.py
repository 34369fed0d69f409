"""Deadlines: when something is due, how long is left, and how loudly to say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.model import Clock, Process

Properties = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs, and the day by whose end it must be met.

    `certain`: the holidays of the years it runs through are known.
    """

    clock: Clock
    due: date
    certain: bool = True

    def left(self, day: date, calendar: Calendar) -> int:
        """Days left after `day`, in the clock's own kind of days; negative when it is overdue."""
        return calendar.between(day, self.due) if self.clock.working else (self.due - day).days

    def alarm(self, day: date, calendar: Calendar) -> int | None:
        """The smallest alarm level reached, -1 when overdue; nothing while there is time."""
        if day > self.due:
            return -1
        left = self.left(day, calendar)
        return min((level for level in self.clock.alarms if left <= level), default=None)


def running(process: Process, properties: Properties, calendar: Calendar) -> Iterator[Running]:
    """The clocks that run for a record in this state. Where a clock is met it stops.

    At an end only those go on that begin there (looking again at what was closed)."""
    stage, line = process.stage_of(properties), process.line
    if stage is None:
        return
    place = line.index(stage.code) if stage.code in line else -1
    for clock in process.clocks:
        if stage.end and clock.since != stage.code:
            continue
        if any(_is_met(process, stage.code, place, properties, until) for until in clock.until):
            continue
        begun = _day(properties, clock.due or process.date_of(clock.since or ""))
        if begun is None:
            continue
        if clock.due is not None:
            due = begun
        else:
            due = calendar.add(begun, clock.days) if clock.working else begun + timedelta(days=clock.days)
        yield Running(clock, due, not clock.working or calendar.known(begun, due))


def _is_met(process: Process, code: str, place: int, properties: Properties, until: str) -> bool:
    """Whether a record is at or past this stage, or says this. Where a stage and a property are called alike the stage
    is meant: a household whose risk came back still says how it was cleared once."""
    if until not in process.stages:
        return _says(properties, until)
    return until == code or (until in process.line and process.line.index(until) <= place)


def _says(properties: Properties, text: str) -> bool:
    """Whether a property holds something, or just this code (`verdict=exclude`)."""
    name, _, code = text.partition("=")
    return properties.get(name) == code if code else bool(properties.get(name))


def _day(properties: Properties, name: str) -> date | None:
    try:
        return date.fromisoformat((properties.get(name) or "")[:10])
    except ValueError:
        return None
