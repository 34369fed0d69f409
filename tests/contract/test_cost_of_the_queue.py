"""A page of the review queue costs what it shows, however many visits were flagged and approved in earlier years."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text

from fieldsvc.store import visit_order
from fieldsvc.store.tables import SubmissionRow
from fieldsvc.store.visit_order import VisitFilter
from tests.contract.place import Place
from tests.contract.test_cost_of_a_pull import sqlite_plan, touched

SETTLED, WAITING = 4000, 60


def _fill(place: Place) -> None:
    """Years of visits, every second one flagged; a few of this month still wait, half of them flagged."""
    rows = []
    for number in range(SETTLED + WAITING):
        waits = number >= SETTLED
        rows.append(
            {
                "feed_id": place.feed_id,
                "id": place.ctx.new_id(),
                "form_id": "visit",
                "form_version": "1",
                "subject_id": f"subject-{number}",
                "area_id": None,
                "author_id": "east",
                "answers": {},
                "context": {},
                "received_at": number,
                "month": 202611 if waits else 202101 + number % 12,
                "review_state": "waiting" if waits else "approved",
                "flags": {"evidence": 1} if number % 2 else None,
                "position": 0,
            }
        )
    with place.ctx.db.write() as session:
        session.execute(insert(SubmissionRow), rows)
    with place.ctx.db.write() as session:
        session.execute(text("ANALYZE"))


@pytest.mark.parametrize(
    ("flagged", "index"), [(True, "ix_submissions_flagged_by_state"), (False, "ix_submissions_by_state")]
)
def test_a_page_of_the_queue_touches_nothing_that_is_settled(place: Place, flagged: bool, index: str) -> None:
    _fill(place)
    wanted = VisitFilter(areas=None, state="waiting", flagged=flagged, oldest_first=True)
    statement = visit_order.keys(place.feed_id, wanted, None, 20)
    with place.ctx.db.write() as session:
        if place.ctx.db.is_sqlite:
            plan = sqlite_plan(session, statement)
            assert any(index in step and "review_state=?" in step for step in plan), plan
        else:
            assert len(session.execute(statement).all()) == 20
            assert touched(session, statement) <= 2 * WAITING
