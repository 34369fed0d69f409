"""The guards of processes at a desk: a move in the office keeps the same rules as one from a phone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fieldsvc.processes.findings import Guard
from fieldsvc.processes.judge import Mover
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets
from fieldsvc.services.guards import Guards, Thing, Wanted, problem_of
from fieldsvc.services.workdays import day_of
from fieldsvc.store import areas
from fieldsvc.store.entities import Stored


def guard(
    ctx: Context,
    session: Session,
    by: Actor,
    known: Datasets,
    before: Stored | None,
    after: Stored,
    *,
    override: bool = False,
) -> dict[str, str]:
    """What is set aside with `override`, for the audit log; raises the problem of a broken guard without it.

    A step that somebody else has to do stays closed: nobody overrides that for themselves.
    """
    guards = Guards(ctx, session, by.feed_id, known)
    if not guards.concerns(after.dataset):
        return {}
    thing = Thing(after.dataset, after.entity.id, after.subject_id)
    guards.load([thing])
    path = areas.paths_of_subjects(session, by.feed_id, [after.subject_id]).get(after.subject_id)
    roles = frozenset(role.name for role in by.roles if path is None or path.startswith(role.area_path))
    was = before.entity.properties if before is not None else None
    found = guards.findings(
        Wanted(thing, was, after.entity.properties),
        Mover(by.person_id, by.name, roles),
        day_of(ctx.now_ms(), ctx.settings.time_zone),
        {after.entity.id: after},
    )
    problem = problem_of(found)
    if problem is None:
        return {}
    if not override or any(one.guard is Guard.PERSON for one in found):
        raise problem
    return {"against": problem.code}
