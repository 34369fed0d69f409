"""A household to learn with: one person's own, marked on the phone, in no list, count or export of the office."""

from __future__ import annotations

from fieldsvc.services import access, assignments, register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import areas, feedback

_NAME = "练习户（不是真的）"
_MEMBERS = ("练习成员一", "练习成员二")


def give(ctx: Context, by: Actor, person_id: str) -> str:
    """Make a household for this person to learn with, and assign it; its id. Raises `not-found`."""
    with ctx.db.read() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        area_id = feedback.usual_area(session, by.feed_id, person_id)
        top = areas.topmost(session, by.feed_id)
    area_id = area_id or (top.id if top else None)
    made = register.create(ctx, by, "households", {"head_name": _NAME}, label=_NAME, area_id=area_id, practice=True)
    for name in _MEMBERS:
        register.create(ctx, by, "members", {"full_name": name}, label=name, subject_id=made)
    assignments.assign(ctx, by, person_id, subject_id=made)
    return made
