"""All open questions of one household on one page, decided together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldsvc import problems
from fieldsvc.services import access, conflict_queue, reach, resolution, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.conflict_queue import Question
from fieldsvc.services.context import Context
from fieldsvc.store import conflicts, household_record


@dataclass(frozen=True, slots=True)
class Household:
    """One household's open questions, oldest first."""

    id: str
    label: str
    places: Sequence[str]
    questions: Sequence[Question]
    datasets: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for one conflict, as it was seen."""

    conflict_id: str
    choice: str
    version: int
    entity_version: int


def of_household(ctx: Context, household_id: str, *, by: Actor) -> Household:
    """The household's questions. The view is written to the audit log. Raises `not-found`."""
    with ctx.db.read() as session:
        home = household_record.entity(session, by.feed_id, household_id)
        if home is None or not access.may(session, by, Action.REVIEW, household_id):
            raise problems.NotFound
        rows = conflicts.of_subjects(session, by.feed_id, [household_id])
        found = Household(
            id=household_id,
            label=home.label,
            places=reach.of(session, by).places(home.area_id),
            questions=[question for _, question in conflict_queue.questions(session, by.feed_id, rows)],
            datasets=household_record.datasets(session),
        )
    with ctx.db.write() as session:
        views.note(session, ctx, by, household_id, {"conflicts": len(found.questions)})
    return found


def decide(ctx: Context, household_id: str, choices: Sequence[Choice], reason: str, *, by: Actor) -> int:
    """Decide several of the household's conflicts with one reason; how many that closed.

    Raises what `decide_conflict` raises, and then nothing is decided: a page that is half true would be worse.
    """
    if not reason.strip():
        raise problems.ReasonMissing
    with ctx.db.write() as session:
        rows = conflicts.of_subjects(session, by.feed_id, [household_id], only_open=False)
        were_open = {row.id: row.state == "open" for row in rows}
        if not all(one.conflict_id in were_open for one in choices):
            raise problems.NotFound
        for one in choices:
            # The decision before this one wrote past the rows that were read above.
            session.expire_all()
            row = conflicts.get(session, by.feed_id, one.conflict_id)
            if row is not None and row.state != "open" and were_open[row.id]:
                continue  # that decision made both sides of this one equal, and closed it
            resolution.decide_within(
                session,
                ctx,
                one.conflict_id,
                one.choice,
                by=by,
                seen_version=one.version,
                seen_entity_version=one.entity_version,
                reason=reason,
            )
    return len(choices)
