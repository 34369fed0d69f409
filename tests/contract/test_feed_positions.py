"""A position is handed out in the order of commit: what a phone has passed never gets a new row behind it."""

import random
import threading

from sqlalchemy import select

from fieldsvc.services.catch_up import pull_page
from fieldsvc.store import changes, pull
from fieldsvc.store.changes import NewChange
from fieldsvc.store.tables import ChangeRow
from tests.contract.place import Place, at_once

WRITERS = 8
COMMITS = 25


class GaveUp(Exception):
    """A writer that changed its mind."""


def _write(place: Place, writer: int) -> int:
    """Commit rows in transactions of one to five; one in six is rolled back. How many were committed."""
    chance = random.Random(writer)
    committed = 0
    for number in range(COMMITS):
        rows = [NewChange("a topic", "entity", f"{writer}-{number}", 0) for _ in range(chance.randint(1, 5))]
        try:
            with place.ctx.db.write() as session:
                changes.append(session, place.feed_id, rows)
                if chance.random() < 1 / 6:
                    raise GaveUp
        except GaveUp:
            continue
        committed += len(rows)
    return committed


def _follow(place: Place, last: int, done: threading.Event) -> list[int]:
    """Read the feed as a phone does, always from the last position seen, until everybody has finished."""
    seen: list[int] = []
    while True:
        finished = done.is_set()
        with place.ctx.db.read() as session:
            rows = session.scalars(
                select(ChangeRow.position)
                .where(ChangeRow.feed_id == place.feed_id, ChangeRow.position > last)
                .order_by(ChangeRow.position)
            ).all()
        seen += rows
        last = seen[-1] if seen else last
        if finished:
            return seen


def test_a_reader_misses_no_row_of_eight_writers_and_positions_have_no_gaps(place: Place) -> None:
    with place.ctx.db.read() as session:
        start = pull.head(session, place.feed_id).position
    done, seen = threading.Event(), []
    reader = threading.Thread(target=lambda: seen.extend(_follow(place, start, done)))
    reader.start()
    committed = sum(at_once([lambda n=n: _write(place, n) for n in range(WRITERS)]))
    done.set()
    reader.join(timeout=60)

    assert seen == list(range(start + 1, start + committed + 1))


def test_a_writer_that_allocated_first_is_never_overtaken(place: Place) -> None:
    allocated, order = threading.Event(), []

    def first() -> None:
        with place.ctx.db.write() as session:
            position = changes.allocate(session, place.feed_id, 1)
            allocated.set()
            changes.write(session, place.feed_id, position, [NewChange("a", "entity", "first", 0)])
            order.append(position)

    def second() -> None:
        allocated.wait(timeout=30)
        with place.ctx.db.write() as session:
            [position] = changes.append(session, place.feed_id, [NewChange("a", "entity", "second", 0)])
            order.append(position)

    at_once([first, second])
    assert order == sorted(order)
    with place.ctx.db.read() as session:
        assert changes.tag_at(session, place.feed_id, order[0]) is not None


def test_the_head_of_the_feed_and_its_rows_are_read_in_one_snapshot(place: Place) -> None:
    with place.ctx.db.read() as session:
        before = pull.head(session, place.feed_id)
        with place.ctx.db.write() as writer:
            changes.append(writer, place.feed_id, [NewChange("forms", "form", "late", 0)])
        rows, _ = pull.rows_after(session, place.feed_id, "nobody", before.position, 10)
        assert rows == []
        assert pull.head(session, place.feed_id) == before


def test_a_position_is_not_used_again_after_a_rollback(place: Place) -> None:
    positions = []
    for give_up in (True, False):
        try:
            with place.ctx.db.write() as session:
                positions += changes.append(session, place.feed_id, [NewChange("a", "entity", "x", 0)])
                if give_up:
                    raise GaveUp
        except GaveUp:
            positions.clear()
    with place.ctx.db.read() as session:
        assert pull.head(session, place.feed_id).position == positions[-1]


def test_a_cursor_far_beyond_the_end_of_the_feed_begins_anew_and_fails_nowhere(place: Place) -> None:
    with place.ctx.db.read() as session:
        epoch = pull.head(session, place.feed_id).epoch
    for position in (2**31, 2**32, 2**63 - 1, 2**63, 10**19 - 1):
        for cursor in (f"1.{epoch}.{position}.x.0.", f"1.{epoch}.0..{position}.x", f"s1.{epoch}.{position}.x.0.."):
            assert pull_page(place.ctx, place.office, cursor) == {"epoch": epoch, "pull": "reset"}, cursor
