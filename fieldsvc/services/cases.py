"""Records that go through a process, as the office looks at them: where they are, who moved them, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from fieldsvc.processes.clauses import grounds
from fieldsvc.processes.model import Process, Stage, Text
from fieldsvc.services import deadlines, definitions, workdays
from fieldsvc.services.context import Context
from fieldsvc.services.deadlines import Due
from fieldsvc.services.guards import Guards, Thing
from fieldsvc.store.tables import EntityRow, EntityVersionRow
from sync.model import Properties


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the bar: `done`, `now`, `passed` over or `ahead`; its date, and who moved the record into it."""

    code: str
    label: Text
    state: str
    day: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a stage asks for, and whether it is there."""

    label: Text
    there: bool
    photo: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One record in its process. `beside`: the stage beside the line it is in. `next`: the stage its needs are for.

    `ways`: the stages it may go to from here, the next one first. `ended`: it stands where the process is over.
    """

    id: str
    dataset: str
    process: Text
    steps: Sequence[Step]
    beside: Text | None
    next: Text | None
    ways: Sequence[tuple[str, Text]]
    needs: Sequence[Need]
    clocks: Sequence[Due]
    clauses: Sequence[Text]
    against: Sequence[str]
    ended: bool


def of_records(
    ctx: Context,
    session: Session,
    feed_id: str,
    rows: Sequence[EntityRow],
    versions: Mapping[str, Sequence[EntityVersionRow]],
    names: Mapping[str, str],
) -> list[Case]:
    """Those of these records that have a process, in their order."""
    known = definitions.datasets(ctx, session)
    guarded = [row for row in rows if known.is_guarded(row.dataset) and row.dataset in known.processes]
    if not guarded:
        return []
    guards = Guards(ctx, session, feed_id, known)
    guards.load(Thing(row.dataset, row.id, row.subject_id) for row in guarded)
    today = workdays.day_of(ctx.now_ms(), ctx.settings.time_zone)
    return [_case(known.processes[row.dataset], row, versions.get(row.id, ()), names, guards, today) for row in guarded]


def _case(
    process: Process,
    row: EntityRow,
    versions: Sequence[EntityVersionRow],
    names: Mapping[str, str],
    guards: Guards,
    today: date,
) -> Case:
    properties: Properties = row.properties
    now = process.stage_of(properties)
    moved = _moves(process, versions)
    ahead = _next(process, now)
    found = grounds(process, properties)
    return Case(
        id=row.id,
        dataset=row.dataset,
        process=process.label,
        steps=list(_steps(process, properties, now, moved, names)),
        beside=now.label if now is not None and now.side else None,
        next=ahead.label if ahead else None,
        ways=[(stage.code, stage.label) for stage in ways(process, now)],
        needs=list(_needs(process, ahead, properties, guards.photos_of(row.id))) if ahead else [],
        clocks=deadlines.of_record(process, properties, today, guards.calendar),
        clauses=[clause.label for clause in found.clauses],
        against=found.against,
        ended=now is not None and now.end,
    )


def _moves(process: Process, versions: Sequence[EntityVersionRow]) -> dict[str, EntityVersionRow]:
    """The version that last moved the record into each stage."""
    return {
        str(one.properties.get(process.stage_property)): one
        for one in versions
        if process.stage_property in one.changed or one.version == 1
    }


def _steps(
    process: Process,
    properties: Properties,
    now: Stage | None,
    moved: Mapping[str, EntityVersionRow],
    names: Mapping[str, str],
) -> Iterator[Step]:
    stages = [process.stages[code] for code in process.line]
    reached = [bool(stage.code in moved or properties.get(stage.date or "")) for stage in stages]
    on_line = now is not None and not now.side
    furthest = max((n for n, one in enumerate(reached) if one), default=-1)
    place = stages.index(now) if now is not None and on_line else furthest
    for index, stage in enumerate(stages):
        version = moved.get(stage.code)
        if index == place and on_line and not stage.end:
            state = "now"
        elif index > place:
            state = "ahead"
        else:
            state = "done" if reached[index] or not stage.date else "passed"
        by = names.get(version.author_id or "", "") if version else ""
        yield Step(stage.code, stage.label, state, properties.get(stage.date or "") or None, by)


def ways(process: Process, now: Stage | None) -> list[Stage]:
    """Where a record may go from here: onward, and wherever a stage names this one."""
    ahead = _next(process, now)
    named = [stage for stage in process.stages.values() if now is not None and now.code in stage.come_from]
    return [*([ahead] if ahead else []), *(stage for stage in named if stage is not ahead)]


def _next(process: Process, now: Stage | None) -> Stage | None:
    """The stage that comes next on the line; none at an end or beside the line."""
    if now is not None and (now.end or now.side):
        return None
    line = [process.stages[code] for code in process.line]
    rest = line[line.index(now) + 1 :] if now is not None else line
    return next((stage for stage in rest if not stage.optional), None)


def _needs(process: Process, stage: Stage, properties: Properties, photos: frozenset[str]) -> Iterator[Need]:
    for alternatives in stage.needs:
        labels = [process.called(name) for name in alternatives]
        label = {"zh": " / ".join(one["zh"] for one in labels), "en": " / ".join(one["en"] for one in labels)}
        yield Need(label, any(properties.get(name) for name in alternatives), photo=False)
    for slot in stage.photos:
        yield Need(process.slots[slot], slot in photos, photo=True)
