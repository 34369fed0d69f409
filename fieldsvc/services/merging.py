"""Two records that are one household, or one person: the one that stays takes everything over.

Nothing is thrown away: the other record keeps its history and names its survivor, so that work still on a phone is
written to the right one.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import access, desk_closed
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.desk_writing import Writing, attempt
from fieldsvc.store import conflict_rows, entities, pairings, scope
from fieldsvc.store.changes import NewChange
from fieldsvc.store.entities import Stored
from sync.model import Policy, Rules


def merge(ctx: Context, by: Actor, entity_id: str, into: str, *, reason: str | None = None) -> None:
    """Merge a record into another of the same dataset. Values the survivor never had come from the other.

    A merged household brings its members, its visits, its open conflicts and the people who visit it. Raises
    `not-allowed` for the files of two of our own people, and for what is in them.
    """

    def work(session: Session) -> None:
        other, survivor = _pair(session, by, entity_id, into)
        writing = Writing.by(ctx, session, by)
        _fill_gaps(writing, other, survivor, datasets(ctx, session).rules(survivor.dataset))
        gone = replace(other.entity, version=other.entity.version + 1, merged_into=into)
        writing.version(replace(other, entity=gone), other)
        for conflict in conflict_rows.open_of_entities(session, by.feed_id, [entity_id]):
            conflict_rows.retarget(session, conflict.id, into, survivor.subject_id)
        if other.subject_id == entity_id:
            _take_over(ctx, session, by, writing, other, survivor)
        writing.note("merge", f"entity:{entity_id}", {"into": into, "reason": reason or ""})
        writing.finish()

    attempt(ctx, work)


def _pair(session: Session, by: Actor, entity_id: str, into: str) -> tuple[Stored, Stored]:
    found = entities.load(session, by.feed_id, [entity_id, into])
    other, survivor = found.get(entity_id), found.get(into)
    if other is None or survivor is None or entity_id == into:
        raise NotFound
    for each in (other, survivor):
        access.require(session, by, Action.REVIEW, each.subject_id)
        if each.entity.deleted or each.entity.merged_into or each.dataset != other.dataset:
            raise NotFound
    if (other.subject_id == entity_id) != (survivor.subject_id == into):
        raise NotFound
    for each in (other, survivor) if other.subject_id != survivor.subject_id else ():
        desk_closed.require_household(session, by.feed_id, each.subject_id)
    return other, survivor


def _fill_gaps(writing: Writing, other: Stored, survivor: Stored, rules: Rules) -> None:
    """Units the survivor has nothing of; a group comes whole or not at all."""
    have = survivor.entity.properties
    gaps = {
        name: other.entity.properties[name]
        for unit in rules.units(name for name, value in other.entity.properties.items() if value)
        if unit.policy is not Policy.DERIVED and not any(have.get(name) for name in unit.names)
        for name in unit.names
        if name in other.entity.properties
    }
    if gaps:
        entity = replace(survivor.entity, version=survivor.entity.version + 1, properties={**have, **gaps})
        writing.version(replace(survivor, entity=entity), survivor, sorted(gaps))


def _take_over(ctx: Context, session: Session, by: Actor, writing: Writing, other: Stored, survivor: Stored) -> None:
    into = survivor.entity.id
    for part in entities.of_subject(session, by.feed_id, other.entity.id):
        if part.entity.id != other.entity.id:
            moved = replace(part.entity, version=part.entity.version + 1)
            writing.version(replace(part, entity=moved, subject_id=into, area_id=survivor.area_id), part)
            for conflict in conflict_rows.open_of_entities(session, by.feed_id, [part.entity.id]):
                conflict_rows.retarget(session, conflict.id, part.entity.id, into)
    for submission_id in pairings.readdress_visits(session, by.feed_id, other.entity.id, into, survivor.area_id):
        writing.rows.append(NewChange(into, "submission", submission_id, ctx.now_ms()))
    _visitors_follow(ctx, session, by, writing, other.entity.id, into)


def _visitors_follow(ctx: Context, session: Session, by: Actor, writing: Writing, subject_id: str, into: str) -> None:
    """Whoever visited the merged household visits the survivor; the merged one leaves the phones."""
    now = ctx.now_ms()
    for row in scope.open_assignments(session, by.feed_id, subject_id=subject_id):
        # Read before the row is ended: its last day is the one of what follows it, or the night after takes that away.
        last_day = row.to_at
        scope.end_assignment(session, row.id, to_at=now, to_pos=row.from_pos or 0)
        scope.add_assignment(
            session,
            id=ctx.new_id(),
            feed_id=by.feed_id,
            person_id=row.person_id,
            subject_id=into,
            area_id=None,
            role=row.role,
            from_at=now,
            to_at=last_day,
            from_pos=None,
            to_pos=None,
            reason="merged",
        )
    for person_id in scope.holders(session, by.feed_id, subject_id):
        writing.revokes.setdefault(person_id, set()).add(subject_id)
        reached = pairings.reached(session, by.feed_id, person_id)
        if into in reached and not scope.held(session, by.feed_id, person_id, [into]):
            writing.grants.setdefault(person_id, {})[into] = reached[into]
