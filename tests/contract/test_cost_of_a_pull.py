"""A pull costs an index seek per held subject, however long the feed is and however many households it speaks of."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, insert, text
from sqlalchemy.orm import Session

from fieldsvc.store import pull
from fieldsvc.store.tables import ChangeRow, FeedRow, ScopeRow
from tests.contract.place import Place
from tests.support.statements import rows_of

HELD = 40
STRANGERS = 2000
ROWS_EACH = 10


def _fill(session: Session, feed_id: str) -> None:
    """A feed in which one person's forty households are a fiftieth of everything, evenly mixed."""
    start = pull.head(session, feed_id).position
    position = start
    rows = []
    for _ in range(ROWS_EACH):
        for number in range(HELD + STRANGERS):
            position += 1
            rows.append(
                {
                    "feed_id": feed_id,
                    "position": position,
                    "tag": "t",
                    "topic": f"subject-{number:05}",
                    "kind": "entity",
                    "ref_id": f"subject-{number:05}",
                    "at": 0,
                }
            )
    session.execute(insert(ChangeRow), rows)
    session.execute(
        insert(ScopeRow),
        [
            {
                "feed_id": feed_id,
                "person_id": person,
                "subject_id": f"subject-{n * 50 + shift:05}",
                "granted_pos": start,
            }
            for shift, person in enumerate(["east", *(f"stranger {number}" for number in range(40))])
            for n in range(HELD)
        ],
    )
    session.execute(FeedRow.__table__.update().where(FeedRow.id == feed_id).values(position=position))


def touched(session: Session, statement: Select[Any]) -> int:
    """How many rows of every kind PostgreSQL looked at for this statement, found or not."""
    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    [[plan]] = session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {compiled}")).scalars()
    return rows_of(plan["Plan"])


def test_a_pull_seeks_once_per_held_subject_and_touches_nobody_elses_rows(place: Place) -> None:
    with place.ctx.db.write() as session:
        _fill(session, place.feed_id)
    with place.ctx.db.write() as session:
        session.execute(text("ANALYZE"))
    with place.ctx.db.write() as session:
        # A phone that was away for a while, and one that was here a moment ago.
        head = pull.head(session, place.feed_id).position
        for after in (head - (HELD + STRANGERS) * ROWS_EACH, head - (HELD + STRANGERS), head):
            statement = pull.subject_rows(session.get_bind().dialect.name).params(
                feed=place.feed_id, person="east", after=after, limit=400
            )
            if place.ctx.db.is_sqlite:
                plan = sqlite_plan(session, statement)
                assert any("SEARCH" in step and "topic=? AND position>?" in step for step in plan), plan
                assert any("SEARCH scope" in step for step in plan), plan
            else:
                found = len(session.execute(statement).all())
                assert touched(session, statement) <= 2 * HELD + 2 * found


def sqlite_plan(session: Session, statement: Select[Any]) -> list[str]:
    """How SQLite means to answer this statement, step by step."""
    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]


def test_rows_of_two_streams_are_served_in_one_order_without_a_gap(place: Place) -> None:
    with place.ctx.db.write() as session:
        _fill(session, place.feed_id)
    with place.ctx.db.read() as session:
        whole, more = pull.rows_after(session, place.feed_id, "east", 0, 10_000)
        assert not more
        seen, after = [], 0
        while True:
            rows, more = pull.rows_after(session, place.feed_id, "east", after, 7)
            seen += [row.position for row in rows]
            if not more:
                break
            after = seen[-1]
    assert seen == [row.position for row in whole]
    assert json.dumps(seen) == json.dumps(sorted(seen))
