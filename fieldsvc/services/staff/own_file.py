"""A file about one of our own people: what they file about themself, such as leave, is in it and in no household.

It is opened for whoever stays in a village, and bears the person's own id, so that there is never a second one. Only
they and those who review the area where most of their households are see it (`services/access.py`).
"""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from fieldsvc.problems import TargetUnknown
from fieldsvc.services import access, assignments, definitions
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import Writing, attempt
from fieldsvc.services.staff import own_place
from fieldsvc.store import pairings, scope


def is_kept(ctx: Context) -> bool:
    """Whether this county keeps such files at all: no, until it turns leave on (docs/processes.md)."""
    with ctx.db.read() as session:
        known = definitions.datasets(ctx, session)
        return pairings.TEAM in known and known.is_on(pairings.TEAM)


def is_open(ctx: Context, by: Actor, person_id: str) -> bool:
    """Whether the person's phones have their file. Raises `not-found`."""
    with ctx.db.read() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        return person_id in scope.holders(session, by.feed_id, person_id, scope.OWN)


def open_for(ctx: Context, by: Actor, person_id: str) -> None:
    """Let this person have their file from the next sync on, and nobody else; one that was closed is theirs again.

    Raises `not-found`, and `target-unknown` where the county keeps none.
    """
    if not is_kept(ctx):
        raise TargetUnknown(dataset=pairings.TEAM)
    attempt(ctx, partial(_make_ready, ctx, by, person_id))
    if not is_open(ctx, by, person_id):
        assignments.assign(ctx, by, person_id, subject_id=person_id)


def close(ctx: Context, by: Actor, person_id: str) -> None:
    """Take the file off the person's phones, when they stay in the village no more; what is in it stays."""
    with ctx.db.write() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        for row in scope.open_assignments(session, by.feed_id, person_id=person_id, subject_id=person_id):
            if row.to_pos is None:
                assignments.end_within(ctx, session, by, row)


def _make_ready(ctx: Context, by: Actor, person_id: str, session: Session) -> None:
    person = access.require_person(session, by, person_id, ctx.now_ms())
    writing = Writing.by(ctx, session, by)
    own_place.bring_up(writing, person)
    for row in scope.open_assignments(session, by.feed_id, subject_id=person_id):
        if row.person_id != person_id:
            scope.end_assignment(session, row.id, to_at=ctx.now_ms(), to_pos=row.from_pos or 0)
    for holder in scope.holders(session, by.feed_id, person_id):
        if holder != person_id:
            writing.revokes.setdefault(holder, set()).add(person_id)
    writing.finish()
