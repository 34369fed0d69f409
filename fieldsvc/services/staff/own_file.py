"""A file about one of our own people: what they file about themself, such as leave, is in it and in no household.

It is opened for whoever stays in a village, and bears the person's own id, so that there is never a second one. Only
they and those who review the area where most of their households are see it (`services/access.py`).
"""

from __future__ import annotations

from fieldsvc.services import access, assignments, register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import areas, definitions, entities, feedback, pairings, people, scope


def is_kept(ctx: Context) -> bool:
    """Whether this county keeps such files at all: no, until it turns leave on (docs/processes.md)."""
    with ctx.db.read() as session:
        return pairings.TEAM in dict(definitions.newest_datasets(session))


def is_open(ctx: Context, by: Actor, person_id: str) -> bool:
    """Whether the person's phones have their file. Raises `not-found`."""
    with ctx.db.read() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        return bool(scope.held(session, by.feed_id, person_id, [person_id]))


def open_for(ctx: Context, by: Actor, person_id: str) -> None:
    """Let this person have their file from the next sync on; one that was closed is theirs again.

    Raises `not-found`, and `target-unknown` where the county keeps none.
    """
    with ctx.db.read() as session:
        person = access.require_person(session, by, person_id, ctx.now_ms())
        held = scope.held(session, by.feed_id, person_id, [person_id])
        known = entities.load(session, by.feed_id, [person_id])
        area_id = feedback.usual_area(session, by.feed_id, person_id)
        roles = people.roles(session, person_id, ctx.now_ms())
        top = areas.topmost(session, by.feed_id)
    if held:
        return
    if person_id not in known:
        area_id = area_id or next((area for _, area, _ in roles), top.id if top else None)
        facts = {"name": person.name, "unit": person.unit}
        register.create(ctx, by, pairings.TEAM, facts, label=person.name, area_id=area_id, entity_id=person_id)
    assignments.assign(ctx, by, person_id, subject_id=person_id)


def close(ctx: Context, by: Actor, person_id: str) -> None:
    """Take the file off the person's phones, when they stay in the village no more; what is in it stays."""
    with ctx.db.write() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        for row in scope.open_assignments(session, by.feed_id, person_id=person_id, subject_id=person_id):
            if row.to_pos is None:
                assignments.end_within(ctx, session, by, row)
