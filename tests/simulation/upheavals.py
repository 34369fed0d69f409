"""Deeds of the office by which whole records go somewhere else: a person to another household, households out of the
register.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import select

from fieldsvc.problems import Problem
from fieldsvc.services import closing, register, review
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.households import MEMBERS
from fieldsvc.store.tables import EntityRow, SubmissionRow
from tests.world.office import Desk
from tests.world.places import Household


def moves(ctx: Context, by: Actor, homes: Sequence[Household], *, draw: int) -> bool:
    """Write one of the people of these households, by a number that was drawn, into another one's record.

    Whatever phones have about them on the way was sent to the household they came from. Whether there was anybody.
    """
    ids = [home.id for home in homes]
    living = (EntityRow.deleted.is_(False), EntityRow.merged_into.is_(None))
    query = select(EntityRow.id, EntityRow.subject_id).where(EntityRow.dataset == MEMBERS, *living)
    with ctx.db.read() as session:
        people = session.execute(query.where(EntityRow.subject_id.in_(ids)).order_by(EntityRow.id)).all()
    if not people:
        return False
    person = people[draw % len(people)]
    others = [each for each in ids if each != person.subject_id]
    register.move(ctx, by, person.id, others[draw % len(others)])
    return True


def closes(ctx: Context, desk: Desk, homes: Sequence[Household]) -> bool:
    """Close households that are gone, as somebody does who has first answered what waits there. Whether one closed."""
    ids = [home.id for home in homes]
    _answers_what_waits(ctx, desk, ids)
    with ctx.db.read() as session:
        query = select(EntityRow.id, EntityRow.version).where(EntityRow.id.in_(ids)).order_by(EntityRow.id)
        seen = [(row.id, row.version) for row in session.execute(query)]
    return bool(closing.close(ctx, seen, by=desk.who(), reason="moved to the city").done)


def _answers_what_waits(ctx: Context, desk: Desk, homes: Sequence[str]) -> None:
    for conflict in desk.open_conflicts(set(homes)):
        with suppress(Problem):
            desk.keeps_current(conflict)
    with ctx.db.read() as session:
        visits = session.execute(
            select(SubmissionRow.id, SubmissionRow.review_state)
            .where(SubmissionRow.subject_id.in_(homes), SubmissionRow.withdrawn_at.is_(None))
            .where(SubmissionRow.replaced_by_id.is_(None), SubmissionRow.review_state != "approved")
            .order_by(SubmissionRow.id)
        ).all()
    for visit in visits:
        with suppress(Problem):
            review.decide_visit(ctx, visit.id, "approve", by=desk.who(), seen=visit.review_state)
