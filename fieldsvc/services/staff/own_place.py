"""Keeping the file about somebody as they are: their name and unit, and the area whose leaders answer for them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from fieldsvc.problems import PreconditionFailed
from fieldsvc.services.access import Actor
from fieldsvc.services.apart import apart
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import Writing, attempt
from fieldsvc.store import areas, entities, feedback, feeds, pairings, people
from fieldsvc.store.entities import Stored
from fieldsvc.store.tables import PersonRow
from sync.model import Entity


def bring_up(writing: Writing, person: PersonRow) -> None:
    """Make the person's file, or let it say who they are today; it and all that is in it lie where they work now.

    One that was deleted is there again. Raises `changed-meanwhile` when something else bears the person's id.
    """
    session, feed_id = writing.session, writing.feed_id
    found = {stored.entity.id: stored for stored in entities.of_subject(session, feed_id, person.id)}
    was = found.pop(person.id, None)
    if was is None and entities.load(session, feed_id, [person.id]):
        raise PreconditionFailed(entity=person.id)
    area_id = _area(writing, person.id, was.area_id if was else None)
    facts = {"name": person.name, "unit": person.unit}
    if was is None:
        made = Entity(person.id, 1, facts)
        stored = Stored(made, pairings.TEAM, person.id, area_id, person.name, writing.ctx.now_ms())
        writing.version(stored, None, sorted(facts))
        writing.note("create", f"entity:{person.id}")
        return
    if was.dataset != pairings.TEAM:
        raise PreconditionFailed(entity=person.id)
    changed = sorted(name for name, value in facts.items() if was.entity.properties.get(name) != value)
    same = not changed and was.label == person.name and not was.entity.deleted
    if same and was.area_id == area_id:
        return
    entity = replace(
        was.entity, version=was.entity.version + 1, properties={**was.entity.properties, **facts}, deleted=False
    )
    writing.version(replace(was, entity=entity, area_id=area_id, label=person.name), was, changed)
    writing.note("update", f"entity:{person.id}", {"area": area_id or ""} if was.area_id != area_id else None)
    for part in found.values():
        if part.area_id != area_id:
            moved = replace(part.entity, version=part.entity.version + 1)
            writing.version(replace(part, entity=moved, area_id=area_id), part)
    if was.area_id != area_id:
        pairings.readdress_visits(session, feed_id, person.id, person.id, area_id)


def keep_up(ctx: Context, session: Session, by: Actor, person: PersonRow) -> None:
    """Let the person's file, if they have one, say what was corrected about them. The last act of a transaction."""
    stored = entities.load(session, by.feed_id, [person.id]).get(person.id)
    if stored is not None and stored.dataset == pairings.TEAM and not stored.entity.deleted:
        writing = Writing.by(ctx, session, by)
        bring_up(writing, person)
        writing.finish()


def follow(ctx: Context) -> int:
    """Let every file that is open lie where its person works now, after handovers and new households; how many moved.

    Records there go along with their deadlines, so that who answers for the old village no longer sees any of it. One
    that nothing can be done with stays where it is, and keeps no other from its place.
    """
    with ctx.db.read() as session:
        away = [(feed.id, each) for feed in feeds.all_feeds(session) for each in _elsewhere(session, feed.id)]
    moves = [partial(attempt, ctx, partial(_follow_one, ctx, feed_id, person_id)) for feed_id, person_id in away]
    return sum(apart("own file", move) is not None for move in moves)


def _follow_one(ctx: Context, feed_id: str, person_id: str, session: Session) -> bool:
    person, writing = people.get(session, person_id), Writing(ctx, session, feed_id, None, "office")
    if person is not None:
        bring_up(writing, person)
    writing.finish()
    return person is not None


def _elsewhere(session: Session, feed_id: str) -> list[str]:
    """Whose file lies in another area than most of their households."""
    lies = pairings.own_files(session, feed_id)
    usual = {person_id: feedback.usual_area(session, feed_id, person_id) for person_id in lies}
    return [person_id for person_id, area_id in lies.items() if usual[person_id] not in (None, area_id)]


def _area(writing: Writing, person_id: str, was: str | None) -> str | None:
    """Where most of their households are; without any, where the file is while a role reaches that, or the role's."""
    session, feed_id = writing.session, writing.feed_id
    usual = feedback.usual_area(session, feed_id, person_id)
    if usual is not None:
        return usual
    roles = people.roles(session, person_id, writing.ctx.now_ms())
    path = pairings.area_path(session, feed_id, was) if was else None
    if path is not None and any(path.startswith(above) for _, _, above in roles):
        return was
    top = areas.topmost(session, feed_id)
    return next((area_id for _, area_id, _ in roles), top.id if top else None)
