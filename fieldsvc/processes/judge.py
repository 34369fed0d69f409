"""Whether one move of one record keeps the guards of its process.

A move into a stage passes every stage of the line in between, and each of them asks for what it needs: a report that
comes from a village without a signal may hold three steps at once. Only what the move passes or changes is judged, so
that an old case with gaps from before the system does not fail at every touch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fieldsvc.processes import findings
from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.clauses import grounds
from fieldsvc.processes.findings import Finding
from fieldsvc.processes.model import STAGE_MARK, Process, Stage, Text

Properties = Mapping[str, str | None]
#: A phone's date may be a day ahead of the server's; more than that has not happened yet.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves a record: id and name, and the roles held where the record lies."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()

    def is_called(self, text: str | None) -> bool:
        """Whether a property that holds an id or a name means this person."""
        return bool(text) and (text or "").strip() in (self.id, self.name)


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be known beside the record: who did each stage, which photos there are, what roles are called."""

    moved_by: Mapping[str, str] = field(default_factory=dict)
    photos: frozenset[str] = frozenset()
    roles: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """A record before (nothing when it is new) and after, who moves it, and the day it reached the server."""

    before: Properties | None
    after: Properties
    who: Mover
    day: date


def judge(process: Process, move: Move, facts: Facts, calendar: Calendar) -> tuple[Finding, ...]:
    """Every guard that the move breaks, in the order of the stages; none when it may stand."""
    was, now = _code(process, move.before), _code(process, move.after)
    if was == now:
        return tuple(_dates(process, move, ()))
    after = process.stages.get(now or "")
    if after is None:
        return (findings.unknown_stage(now),)
    passed = _passed(process, process.stages.get(was or ""), after, move.after)
    if passed is None:
        return (findings.not_from(process.stages.get(was or ""), after),)
    found: list[Finding] = []
    done_by = dict(facts.moved_by)
    for stage in passed:
        if stage is not after and stage.date and not _day(move.after, stage.date):
            found.append(findings.skipped(stage))
            continue
        found += _evidence(process, stage, move.after, facts)
        found += _person(process, stage, move, done_by, facts)
        found += _notice(process, stage, move, calendar)
        found += _clause(process, stage, move.after)
        done_by[stage.code] = move.who.id
    return (*found, *_dates(process, move, passed))


def _code(process: Process, properties: Properties | None) -> str | None:
    return (properties or {}).get(process.stage_property) or None


def _passed(process: Process, before: Stage | None, after: Stage, properties: Properties) -> Sequence[Stage] | None:
    """The stages a move goes through, the last being where it ends; nothing when there is no such way."""
    line = process.line
    onward = before is None or not (before.end or before.side)
    if not after.side and onward and (before is None or line.index(before.code) < line.index(after.code)):
        first = line.index(before.code) + 1 if before else 0
        between = [process.stages[code] for code in line[first : line.index(after.code)]]
        return [*(one for one in between if not one.optional or _day(properties, one.date)), after]
    return [after] if before is not None and before.code in after.come_from else None


def _evidence(process: Process, stage: Stage, properties: Properties, facts: Facts) -> Iterator[Finding]:
    if stage.date and not _day(properties, stage.date):
        yield findings.no_date(process, stage)
    for names in stage.needs:
        if not any(properties.get(name) for name in names):
            yield findings.lacks(process, stage, names)
    for slot in stage.photos:
        if slot not in facts.photos:
            yield findings.lacks_photo(process, stage, slot)


def _person(process: Process, stage: Stage, move: Move, done_by: Mapping[str, str], facts: Facts) -> Iterator[Finding]:
    if stage.by and stage.by.isdisjoint(move.who.roles):
        words = [facts.roles.get(role) or {"zh": role, "en": role} for role in sorted(stage.by)]
        yield findings.not_by(stage, {"zh": "、".join(w["zh"] for w in words), "en": ", ".join(w["en"] for w in words)})
    for other in stage.other_than:
        code = other.removeprefix(STAGE_MARK)
        if other.startswith(STAGE_MARK):
            if done_by.get(code) == move.who.id:
                yield findings.same_person(stage, process.stages[code].label)
        elif move.who.is_called(move.after.get(other)):
            yield findings.same_person(stage, process.called(other))
    for one, other in stage.differ:
        if move.after.get(one) and (move.after.get(one) or "").strip() == (move.after.get(other) or "").strip():
            yield findings.same_value(stage, process.called(one), process.called(other))


def _notice(process: Process, stage: Stage, move: Move, calendar: Calendar) -> Iterator[Finding]:
    if stage.notice is None:
        return
    since = process.stages.get(stage.notice.since)
    hung = _day(move.after, process.date_of(stage.notice.since))
    if hung is None:
        return
    days, working = stage.notice.days, stage.notice.working
    earliest = calendar.add(hung, days) if working else hung + timedelta(days=days)
    if (_day(move.after, stage.date) or move.day) < earliest:
        yield findings.too_soon(
            stage, since.label if since else process.called(stage.notice.since), days, working, earliest
        )


def _clause(process: Process, stage: Stage, properties: Properties) -> Iterator[Finding]:
    if not stage.clause:
        return
    found = grounds(process, properties)
    if not found.clauses:
        yield findings.no_clause(stage, found.limits_missing)
    if found.against:
        yield findings.ruled_out(process, stage, found.against)


def _dates(process: Process, move: Move, passed: Sequence[Stage]) -> Iterator[Finding]:
    """Steps dated before the one they follow, or after today, as far as this move has to do with them."""
    touched = {stage.code for stage in passed} | {
        stage.code
        for stage in process.stages.values()
        if stage.date and (move.before or {}).get(stage.date) != move.after.get(stage.date)
    }
    last: tuple[Stage, date] | None = None
    for stage in _reached(process, move):
        day = _day(move.after, stage.date)
        if day is None:
            continue
        if stage.code in touched and day > move.day + _AHEAD:
            yield findings.in_the_future(stage, day)
        if last is not None and day < last[1] and {stage.code, last[0].code} & touched:
            yield findings.earlier_than(stage, day, *last)
        last = stage, day


def _reached(process: Process, move: Move) -> list[Stage]:
    """The stages up to where the record is now, in order; one beside the line follows the one it came from."""
    now = process.stage_of(move.after)
    on_line = now if now is None or not now.side else process.stage_of(move.before)
    line = process.line
    last = line.index(on_line.code) + 1 if on_line is not None and on_line.code in line else 0
    reached = [process.stages[code] for code in line[:last]]
    return [*reached, now] if now is not None and now.side else reached


def _day(properties: Properties, name: str | None) -> date | None:
    """The date a property holds; a text that is none counts as missing."""
    try:
        return date.fromisoformat((properties.get(name or "") or "")[:10])
    except ValueError:
        return None
