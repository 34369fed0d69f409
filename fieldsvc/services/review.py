"""Decisions on visits: approve (once or twice), return to the phone with comments, doubt, reject.

A decision is one transaction: the review, the visit's new state, what every phone of the household learns, the
notice to the person concerned, and the audit row. Nothing a cadre wrote is changed by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, returns
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.resolution import decide_conflict
from fieldsvc.services.reviewing import levels
from fieldsvc.store import audit, changes, household_record, reviews, visit_record
from fieldsvc.store.changes import NewChange
from fieldsvc.store.reviews import ReviewLine
from fieldsvc.store.submissions import APART
from fieldsvc.store.tables import SubmissionRow

__all__ = ["ACTIONS", "Decided", "decide_conflict", "decide_visit", "write"]

#: What a reviewer may do with a visit, and the state it is in afterwards.
ACTIONS = {"approve": "approved", "return": "returned", "doubt": "doubt", "reject": "rejected"}
_MUST_EXPLAIN = frozenset({"return", "doubt", "reject"})
MOST_COMMENT = 1000
MOST_COMMENTS = 200


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands: what was done with whose visit."""

    visit_id: str
    action: str
    state: str
    label: str


def decide_visit(
    ctx: Context,
    visit_id: str,
    action: str,
    *,
    by: Actor,
    seen: str,
    comment: str | None = None,
    comments: Mapping[str, str] | None = None,
) -> Decided:
    """Decide on a visit whose state the reviewer saw as `seen`.

    Raises `not-found` (also for what is forbidden), `comment-missing`, `second-approval`, and `changed-meanwhile` when
    somebody else decided, or the cadre amended or withdrew the visit, after the page was drawn.
    """
    if action not in ACTIONS:
        raise problems.Problem("There is no such decision.")
    comment = (comment or "").strip()[:MOST_COMMENT] or None
    remarks = {ref: text.strip()[:MOST_COMMENT] for ref, text in list((comments or {}).items())[:MOST_COMMENTS]}
    remarks = {ref: text for ref, text in remarks.items() if text}
    if action in _MUST_EXPLAIN and not comment and not remarks:
        raise problems.CommentMissing
    with ctx.db.write() as session:
        row = _decidable(session, visit_id, by, seen)
        return write(session, ctx, row, action, by, comment=comment, comments=remarks)


def write(
    session: Session,
    ctx: Context,
    row: SubmissionRow,
    action: str,
    by: Actor,
    *,
    comment: str | None = None,
    comments: Mapping[str, str] | None = None,
    bulk: Mapping[str, Any] | None = None,
) -> Decided:
    """One decision, in a transaction that somebody else began. `row` is locked and known to be decidable.

    `bulk` says of an approval of many at once under which filter, and of how many. Raises `second-approval`, and
    `household-closed` for sending back a visit of one that is closed.
    """
    state = ACTIONS[action]
    if action == "approve":
        action, state = levels.approval(session, ctx.settings, row, by)
    now, remarks = ctx.now_ms(), dict(comments or {})
    subject = household_record.entity(session, by.feed_id, row.subject_id)
    if action == "return" and subject is not None and subject.deleted:
        # It left the phones: nobody could amend it, nor find what the notice asks for.
        raise problems.HouseholdClosed
    line = reviews.add(
        session,
        id=ctx.new_id(),
        feed_id=by.feed_id,
        submission_id=row.id,
        action=action,
        comment=comment,
        comments=remarks,
        by_id=by.person_id,
        by=by.name,
        at=now,
        bulk=bulk,
    )
    reviews.set_state(session, by.feed_id, row.id, state=state)
    rows = [NewChange(row.subject_id, "submission", row.id, now, operation_id=row.id)]
    for person_id in returns.concerned(session, row, now):
        told = _notice(session, row, line, state, person_id)
        rows.append(NewChange(changes.person_topic(person_id), "notice", row.id, now, data=told))
    positions = changes.append(session, by.feed_id, rows)
    reviews.place(session, by.feed_id, row.id, positions[0])
    detail = {"subject": row.subject_id, **({"bulk": bulk["number"]} if bulk else {})}
    entry = audit.Entry(now, by.person_id, f"visit-{action}", f"submission:{row.id}", by.device_id, detail)
    audit.append(session, by.feed_id, [entry])
    return Decided(row.id, action, state, subject.label if subject else "")


def _decidable(session: Session, visit_id: str, by: Actor, seen: str) -> SubmissionRow:
    row = visit_record.get(session, by.feed_id, visit_id, lock=True)
    if row is None or row.review_state in APART or not access.may(session, by, Action.REVIEW, row.subject_id):
        raise problems.NotFound()
    if row.replaced_by_id or row.withdrawn_at or row.review_state != seen:
        last = reviews.of_submissions(session, by.feed_id, [visit_id])[-1:]
        raise problems.PreconditionFailed(
            state=row.review_state, replaced_by=row.replaced_by_id, by=last[0].by if last else None
        )
    return row


def _notice(session: Session, row: SubmissionRow, line: ReviewLine, state: str, person_id: str) -> dict[str, Any]:
    if line.action == "return":
        return returns.notice(session, row, line, person_id)
    return {
        "kind": "approval",
        "at": line.at,
        "subject": row.subject_id,
        "submission": row.id,
        "state": state,
        "by": line.by,
        "comment": line.comment,
        "comments": line.comments,
    }
