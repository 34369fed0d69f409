"""What the two doors to the database promise, and that a batch survives its worst operation."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fieldsvc.services import jobs
from fieldsvc.services.context import Context
from fieldsvc.services.intake import batch, judge
from fieldsvc.store import audit, changes, feeds, migrate
from fieldsvc.store import jobs as store_jobs
from fieldsvc.store.base import Base
from fieldsvc.store.engine import Database
from tests.contract.place import Place, at_once


class GaveUp(Exception):
    """Something fails in the middle."""


def test_a_savepoints_row_does_not_survive_the_transaction_around_it(place: Place) -> None:
    def write() -> None:
        with place.ctx.db.write() as session:
            with session.begin_nested():
                feeds.add(session, feed_id="trapped", name="", epoch="")
            raise GaveUp

    with pytest.raises(GaveUp):
        write()
    with place.ctx.db.read() as session:
        assert "trapped" not in {feed.id for feed in feeds.all_feeds(session)}


def test_a_rolled_back_savepoint_takes_only_its_own_rows(place: Place) -> None:
    def fail_inside(session: Session) -> None:
        with session.begin_nested():
            feeds.add(session, feed_id="dropped", name="", epoch="")
            raise GaveUp

    with place.ctx.db.write() as session:
        feeds.add(session, feed_id="kept", name="", epoch="")
        with pytest.raises(GaveUp):
            fail_inside(session)
    with place.ctx.db.read() as session:
        assert {"kept", "dropped"} & {feed.id for feed in feeds.all_feeds(session)} == {"kept"}


def test_the_worker_is_woken_for_a_job_when_it_is_there_and_not_when_a_savepoint_ends(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[int] = []

    def looks(ctx: Context) -> None:
        with ctx.db.read() as session:
            there.append(len(store_jobs.due(session, ctx.now_ms(), ["derive"], 9)))

    monkeypatch.setattr(jobs, "wake", looks)
    with place.ctx.db.write() as session:
        for _ in range(2):
            with session.begin_nested():
                jobs.add(session, place.ctx, place.feed_id, "derive", {})
    assert there == [2]


def test_the_reading_door_does_not_write(place: Place) -> None:
    with pytest.raises(DBAPIError), place.ctx.db.read() as session:
        feeds.add(session, feed_id="smuggled", name="", epoch="")


def test_two_processes_that_read_and_then_write_wait_for_each_other(place: Place) -> None:
    """A deferred transaction that reads first is told SQLITE_BUSY_SNAPSHOT at once, whatever its patience."""
    others = [Database(place.ctx.db.url) for _ in range(4)]

    def work(db: Database) -> None:
        for _ in range(20):
            with db.write() as session:
                feeds.get(session, place.feed_id)
                audit.append(session, place.feed_id, [audit.Entry(0, None, "test", "thing")])

    at_once([lambda db=db: work(db) for db in others])
    with place.ctx.db.read() as session:
        assert list(audit.broken(session, place.feed_id)) == []
    for db in others:
        db.dispose()


def test_what_is_acknowledged_is_on_the_disk(place: Place) -> None:
    with place.ctx.db.write() as session:
        if place.ctx.db.is_sqlite:
            assert session.execute(text("PRAGMA synchronous")).scalar() == 2
            assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        else:
            assert session.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_the_migrations_make_exactly_the_tables_of_the_code(place: Place) -> None:
    with place.ctx.db.write_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_two_servers_that_start_at_once_migrate_once(database_url: str) -> None:
    at_once([lambda: migrate.upgrade(database_url)] * 3)
    db = Database(database_url)
    with db.read() as session:
        assert feeds.all_feeds(session) == []
    db.dispose()


def test_an_operation_that_makes_the_server_fail_is_kept_and_harms_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [place.household(phone="09990000001") for _ in range(3)]
    east = place.cadre(*homes)
    operations = [place.edit(east, home, {"phone": "09990000002"}) for home in homes]
    poison = operations[1][0]

    def explode(known, plan, arrival, subject_id):  # type: ignore[no-untyped-def]
        if arrival.operation.id == poison:
            raise GaveUp
        return judge.decide(known, plan, arrival, subject_id)

    monkeypatch.setattr(batch, "decide", explode)
    receipts = place.push(east, *operations)

    assert [receipt.status for receipt in receipts] == ["applied", "review", "applied"]
    assert receipts[1].problem is not None
    assert receipts[1].problem["code"] == "operation-failed"
    monkeypatch.undo()
    assert [receipt.status for receipt in place.push(east, *operations)] == ["applied", "review", "applied"]


def test_a_failing_push_leaves_nothing_behind(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    home = place.household(phone="09990000001")
    east = place.cadre(home)
    with place.ctx.db.read() as session:
        before = feeds.get(session, place.feed_id).position

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(changes, "write", fail)
    with pytest.raises(OSError, match="full"):
        place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    with place.ctx.db.read() as session:
        assert feeds.get(session, place.feed_id).position == before
    assert place.record(home) == (1, {"hh_no": "45-001", "phone": "09990000001"})


def test_a_reader_is_not_held_up_by_a_writer(place: Place) -> None:
    inside, leave = threading.Event(), threading.Event()

    def write() -> None:
        with place.ctx.db.write() as session:
            changes.allocate(session, place.feed_id, 1)
            inside.set()
            leave.wait(timeout=30)
            session.rollback()

    writer = threading.Thread(target=write)
    writer.start()
    assert inside.wait(timeout=30)
    with place.ctx.db.read() as session:
        assert feeds.get(session, place.feed_id).name == "Test county"
    leave.set()
    writer.join(timeout=30)


def test_the_connection_that_was_used_last_is_used_next(place: Place) -> None:
    """Its cache is full; with sixteen taken in turn a process that is hardly busy fills sixteen."""

    def own(session: Session) -> int:
        return id(session.connection().connection.driver_connection)

    with place.ctx.db.read() as one, place.ctx.db.read() as other:
        assert own(one) != own(other)
        first = own(one)
    with place.ctx.db.read() as again:
        assert own(again) == first or not place.ctx.db.is_sqlite  # one to a server has no cache here
