"""One approval or two: what an approval makes of a visit, and who may give it.

With two levels (`review_levels`) the first approval, usually the town's, passes a visit on. Only the second approves
it: by somebody who reviews the whole county, and another person. Every other decision is open to either at any time.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.config import Settings
from fieldsvc.services import access
from fieldsvc.services.access import Actor
from fieldsvc.store import reviews
from fieldsvc.store.tables import SubmissionRow

WAITING, PASSED, APPROVED = "waiting", "passed", "approved"
#: How the first of two approvals is called in the history and in the audit log.
PASS = "pass"  # noqa: S105 - a word, no secret


def stages(settings: Settings) -> tuple[str, ...]:
    """The states in which a visit waits for an approval."""
    return (WAITING, PASSED) if settings.review_levels > 1 else (WAITING,)


def first_stage(settings: Settings, by: Actor) -> str:
    """The stage whose visits wait for this reader: who has the last word begins with what others passed."""
    return PASSED if settings.review_levels > 1 and access.has_last_word(by) else WAITING


def approval(session: Session, settings: Settings, row: SubmissionRow, by: Actor) -> tuple[str, str]:
    """What approving this visit is called, and the state that follows. Raises `second-approval`."""
    if settings.review_levels < 2 or row.review_state == APPROVED:
        return "approve", APPROVED
    if row.review_state != PASSED:
        return PASS, PASSED
    if not access.has_last_word(by) or _passed_by(session, row) == by.person_id:
        raise problems.SecondApproval
    return "approve", APPROVED


def may_approve(session: Session, settings: Settings, row: SubmissionRow, by: Actor) -> bool:
    """Whether the page offers them to approve it."""
    try:
        approval(session, settings, row, by)
    except problems.SecondApproval:
        return False
    return True


def not_theirs(session: Session, settings: Settings, by: Actor, visits: Sequence[str]) -> Set[str]:
    """Those of these passed visits whose second approval this reader may not give."""
    if settings.review_levels < 2:
        return frozenset()
    if not access.has_last_word(by):
        return frozenset(visits)
    last = {one.submission_id: one for one in reviews.of_submissions(session, by.feed_id, visits) if one.action == PASS}
    return {visit for visit, one in last.items() if one.by_id == by.person_id}


def _passed_by(session: Session, row: SubmissionRow) -> str | None:
    passed = [one for one in reviews.of_submissions(session, row.feed_id, [row.id]) if one.action == PASS]
    return passed[-1].by_id if passed else None
