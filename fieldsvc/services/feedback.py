"""What people in the field say about the system: read in the office of their area, and answered.

A complaint that vanishes is worse than none: every message waits until a person has answered it, and the answer
reaches the phone it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldsvc import problems
from fieldsvc.services import reach
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, changes, feedback
from fieldsvc.store.changes import NewChange
from fieldsvc.store.feedback import FeedbackLine, Key

MOST_ANSWER = 1000
#: So much of the message travels with the answer: its author may have signed in on a new phone since.
_REMINDER = 200


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """One page of messages, and how many wait in all."""

    lines: Sequence[FeedbackLine]
    next: Key | None
    waiting: int
    reach: reach.Reach


def queue(
    ctx: Context, *, by: Actor, answered: bool = False, after: Key | None = None, limit: int = 50
) -> FeedbackPage:
    """A page of messages from within the supervisor's areas. Raises `not-found` for whoever reviews nothing."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        lines = feedback.page(session, by.feed_id, within.ids, answered=answered, after=after, limit=limit + 1)
        more = len(lines) > limit
        return FeedbackPage(
            lines=lines[:limit],
            next=lines[limit - 1].key if more else None,
            waiting=feedback.number(session, by.feed_id, within.ids),
            reach=within,
        )


def answer(ctx: Context, feedback_id: str, text: str, *, by: Actor) -> None:
    """Answer a message and tell its author, in one transaction.

    Raises `not-found` (also for another area's message), `comment-missing`, and `changed-meanwhile` when a colleague
    was quicker.
    """
    text = text.strip()[:MOST_ANSWER]
    if not text:
        raise problems.CommentMissing
    now = ctx.now_ms()
    with ctx.db.write() as session:
        within, row = reach.of(session, by), feedback.get(session, by.feed_id, feedback_id)
        if row is None or (within.ids is not None and row.area_id not in within.ids):
            raise problems.NotFound
        if not feedback.answer(session, by.feed_id, feedback_id, text=text, at=now, by_id=by.person_id):
            raise problems.PreconditionFailed
        notice = {
            "kind": "answer",
            "operation": feedback_id,
            "asked": row.text[:_REMINDER],
            "answer": text,
            "by": by.name,
        }
        topic = changes.person_topic(row.author_id)
        changes.append(session, by.feed_id, [NewChange(topic, "notice", feedback_id, now, data=notice)])
        entry = audit.Entry(now, by.person_id, "answer-feedback", f"feedback:{feedback_id}", by.device_id)
        audit.append(session, by.feed_id, [entry])
