"""A step in a process made at a desk: what it asks for, and writing it all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldsvc import problems
from fieldsvc.processes.model import Stage, Text
from fieldsvc.services import access, definitions, register, views, workdays
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.cases import ways
from fieldsvc.services.context import Context
from fieldsvc.store import household_record


@dataclass(frozen=True, slots=True)
class Moving:
    """A record about to go to a stage: the properties the stage asks for, as they stand or with today's date."""

    household_id: str
    household: str
    entity_id: str
    label: str
    version: int
    process: Text
    stage: Stage
    stage_property: str
    names: Sequence[str]
    values: Mapping[str, Any]
    definition: Mapping[str, Any]


def begin(ctx: Context, household_id: str, entity_id: str, code: str, *, by: Actor) -> Moving:
    """A step of a household's record to the stage `code`. Raises `not-found` where there is no such way.

    Masked values are shown here, so that this too leaves a trace.
    """
    with ctx.db.read() as session:
        access.require(session, by, Action.REVIEW, household_id)
        entity = household_record.entity(session, by.feed_id, entity_id)
        subject = household_record.entity(session, by.feed_id, household_id)
        if entity is None or subject is None or entity.subject_id != household_id:
            raise problems.NotFound()
        process = definitions.datasets(ctx, session).processes.get(entity.dataset)
        now = process.stage_of(entity.properties) if process else None
        stage = next((one for one in ways(process, now) if one.code == code), None) if process else None
        if process is None or stage is None:
            raise problems.NotFound()
        names = list(dict.fromkeys(name for each in ((stage.date or "",), *stage.needs) for name in each if name))
        today = workdays.day_of(ctx.now_ms(), ctx.settings.time_zone).isoformat()
        found = Moving(
            household_id=household_id,
            household=subject.label,
            entity_id=entity_id,
            label=entity.label,
            version=entity.version,
            process=process.label,
            stage=stage,
            stage_property=process.stage_property,
            names=names,
            values={name: entity.properties.get(name) or (today if name == stage.date else None) for name in names},
            definition=household_record.datasets(session).get(entity.dataset, {}),
        )
    with ctx.db.write() as session:
        views.note(session, ctx, by, household_id, {"entity": entity_id, "stage": code})
    return found


def move(
    ctx: Context,
    step: Moving,
    stated: Mapping[str, str | None],
    *,
    by: Actor,
    seen_version: int,
    reason: str,
    override: bool,
) -> int:
    """Write the step; the record's version afterwards. Raises what `register.edit` raises."""
    changes = {**stated, step.stage_property: step.stage.code}
    return register.edit(ctx, by, step.entity_id, changes, seen_version=seen_version, reason=reason, override=override)
