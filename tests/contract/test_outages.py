"""A database that is away, or too busy, is told as that: a phone waits and comes back, and nobody looks for a bug."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.orm import Session

from fieldsvc.blobs.s3 import ObjectStore
from fieldsvc.config import Settings
from fieldsvc.problems import DatabaseAway, ServerBusy
from fieldsvc.services.context import open_context
from fieldsvc.services.health import check_ready
from fieldsvc.store import engine
from fieldsvc.store.engine import Database
from tests.support.ports import free_port


def says(session: Session, *statements: str) -> None:
    """Run these one after the other."""
    for statement in statements:
        session.execute(text(statement))


def test_a_database_nobody_listens_for_is_away() -> None:
    place = Database(f"postgresql://nobody@127.0.0.1:{free_port()}/nowhere")
    for door in (place.read, place.write):
        with pytest.raises(DatabaseAway), door() as session:
            says(session, "SELECT 1")
    place.dispose()


def test_a_connection_that_is_ended_in_the_middle_is_away_and_the_next_one_works(postgres_url: str) -> None:
    place, operator = Database(postgres_url), Database(postgres_url)

    def ends(session: Session) -> None:
        process = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with operator.write() as other:
            says(other, f"SELECT pg_terminate_backend({process})")
        says(session, "SELECT 1")

    with pytest.raises(DatabaseAway), place.write() as session:
        ends(session)
    with place.read() as session:
        says(session, "SELECT 1")
    place.dispose()
    operator.dispose()


def test_a_row_that_somebody_holds_too_long_is_busy(postgres_url: str) -> None:
    one, other = Database(postgres_url), Database(postgres_url)
    with one.write() as session:
        says(session, "CREATE TABLE held (number integer)")
    with one.write() as session:
        says(session, "LOCK TABLE held")
        with pytest.raises(ServerBusy) as told, other.write() as second:
            says(second, "SET LOCAL lock_timeout = 10", "LOCK TABLE held")
        assert told.type is ServerBusy
    one.dispose()
    other.dispose()


def test_who_finds_every_connection_taken_is_told_that_the_server_is_busy(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "POOL", {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.01})
    place = Database(postgres_url)
    told: list[BaseException] = []

    def second() -> None:
        try:
            with place.read() as session:
                says(session, "SELECT 1")
        except ServerBusy as busy:
            told.append(busy)

    with place.write():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(30)
    assert [type(each) for each in told] == [ServerBusy]
    place.dispose()


def test_a_block_that_is_damaged_is_no_outage(postgres_url: str) -> None:
    """It stays damaged however often a phone comes back: what meets it is kept for a person, and the rest arrives."""
    place = Database(postgres_url)
    with pytest.raises(DBAPIError, match="could not read block") as told, place.write() as session:
        says(
            session,
            # A table larger than its cache: read through, its first pages must be read from the file again.
            "SET LOCAL temp_buffers = 100",
            "CREATE TEMPORARY TABLE damaged (id integer PRIMARY KEY, text text)",
            "INSERT INTO damaged SELECT number, repeat('x', 1000) FROM generate_series(1, 3000) AS number",
            "SELECT sum(length(text)) FROM damaged",
            "SELECT sum(length(text)) FROM damaged",
            "DO $$ BEGIN EXECUTE format($do$COPY (SELECT) TO PROGRAM 'cat >/dev/null; truncate -s 8192 %s/%s'$do$,"
            " current_setting('data_directory'), pg_relation_filepath('damaged')); END $$",
            "SET LOCAL enable_seqscan = off",
            "SET LOCAL enable_bitmapscan = off",
            "SELECT text FROM damaged WHERE id = 30",
        )
    assert isinstance(told.value.orig, psycopg.errors.DataCorrupted)
    place.dispose()


def test_a_mistake_of_ours_stays_one(postgres_url: str) -> None:
    place = Database(postgres_url)
    with pytest.raises(OperationalError), place.write() as session:
        says(session, "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
    place.dispose()


def test_whether_an_object_store_answers_is_asked_once_and_not_until_the_proxy_has_given_up() -> None:
    asked: list[bytes] = []

    def hangs_up() -> None:
        with suppress(OSError):  # the door is closed at the end
            while True:
                caller, _ = door.accept()
                with caller:
                    asked.append(caller.recv(3))

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=hangs_up)
        thread.start()
        where = f"s3://key:secret@photos?region=here&endpoint=http://127.0.0.1:{door.getsockname()[1]}"
        assert not ObjectStore(where).is_writable()
        door.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert asked == [b"PUT"]


@pytest.mark.timeout(60)
def test_whether_a_database_answers_is_known_within_seconds_though_its_machine_vanished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that opens, behind which nobody speaks: the proxy that asks must hear of it before it gives up."""
    monkeypatch.setattr(engine, "_NOTICES_SILENCE", {"connect_timeout": 600})  # a push may wait; this question may not
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"postgresql://nobody@127.0.0.1:{door.getsockname()[1]}/nowhere"
        ctx = open_context(Settings(mode="test", data_folder=tmp_path, database_url=url))
        with pytest.raises(DatabaseAway):
            check_ready(ctx)
        ctx.db.dispose()


def test_the_question_whether_a_database_answers_ends_by_itself_and_writes_nothing(postgres_url: str) -> None:
    place = Database(postgres_url)
    with place.probe() as session:
        bound = session.execute(text("SHOW statement_timeout")).scalar_one()
        with pytest.raises(InternalError, match="read-only"):
            says(session, "CREATE TABLE written (number integer)")
    assert bound == f"{engine.PROBE_SECONDS}s"
    place.dispose()
