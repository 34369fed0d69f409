"""What may be done with a conflict short of deciding it: put it aside, hand it to somebody, take either back.

Nobody's phone is told: the value that stands still stands. The note says why, to whoever opens it next.
"""

from __future__ import annotations

from typing import Any

from fieldsvc import problems
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, conflicts

MOST_NOTE = 500


def hold(ctx: Context, conflict_id: str, note: str, *, by: Actor, seen_version: int) -> None:
    """Put an open conflict aside, for a reason: somebody has to go and look, or a paper is missing.

    Raises `not-found`, `reason-missing`, and `changed-meanwhile` when somebody moved or decided it since.
    """
    _move(ctx, conflict_id, "hold-conflict", note, by, seen_version, held_at=ctx.now_ms())


def hand(ctx: Context, conflict_id: str, to: str, note: str, *, by: Actor, seen_version: int) -> None:
    """Hand an open conflict to somebody who may decide it; they see it on their first page. Raises as `hold` does."""
    with ctx.db.read() as session:
        row = conflicts.get(session, by.feed_id, conflict_id)
        if row is None or to not in access.reviewers(session, by, row.subject_id, ctx.now_ms()):
            raise problems.NotFound
    _move(ctx, conflict_id, "hand-conflict", note, by, seen_version, assignee_id=to, held_at=None)


def release(ctx: Context, conflict_id: str, *, by: Actor, seen_version: int) -> None:
    """Put it back among what waits for everybody. Raises `not-found` and `changed-meanwhile`."""
    _move(ctx, conflict_id, "release-conflict", None, by, seen_version, assignee_id=None, held_at=None)


def _move(
    ctx: Context, conflict_id: str, action: str, note: str | None, by: Actor, seen_version: int, **values: Any
) -> None:
    with ctx.db.write() as session:
        row = conflicts.get(session, by.feed_id, conflict_id)
        if row is None:
            raise problems.NotFound
        access.require(session, by, Action.REVIEW, row.subject_id)
        note = note.strip()[:MOST_NOTE] if note is not None else None
        if note == "":
            raise problems.ReasonMissing
        moved_by = by.person_id if note else None
        if not conflicts.move(
            session, conflict_id, seen_version=seen_version, note=note, moved_by_id=moved_by, **values
        ):
            raise problems.PreconditionFailed(state=row.state, by=None)
        detail = {"subject": row.subject_id, **({"to": values["assignee_id"]} if values.get("assignee_id") else {})}
        entry = audit.Entry(ctx.now_ms(), by.person_id, action, f"conflict:{conflict_id}", by.device_id, detail)
        audit.append(session, by.feed_id, [entry])
