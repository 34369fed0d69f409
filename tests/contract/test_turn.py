"""Writers of several processes queue for a SQLite file; none of them has to look whether it is free."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldsvc.store import engine
from fieldsvc.store.engine import Database


def test_a_writer_of_another_process_waits_without_asking_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite with no patience at all would say at once that the database is locked."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0)
    url = f"sqlite:///{tmp_path / 'place.db'}"
    one, other = Database(url), Database(url)
    with one.write() as session:
        session.execute(text("CREATE TABLE seen (number INTEGER)"))
    order: list[str] = []
    begun = threading.Event()

    def writes() -> None:
        begun.set()
        with other.write() as session:
            order.append("the other writes")
            session.execute(text("INSERT INTO seen VALUES (1)"))

    thread = threading.Thread(target=writes)
    with one.write() as session:
        thread.start()
        assert begun.wait(30)
        session.execute(text("INSERT INTO seen VALUES (0)"))
        order.append("the one is done")
    thread.join(30)
    assert order == ["the one is done", "the other writes"]
    with one.read() as session:
        assert session.execute(text("SELECT count(*) FROM seen")).scalar_one() == 2
    one.dispose()
    other.dispose()


def test_a_closed_turn_is_taken_again(tmp_path: Path) -> None:
    """The application is loaded before the fork and closes what it has opened."""
    place = Database(f"sqlite:///{tmp_path / 'place.db'}")
    for number in range(2):
        with place.write() as session:
            session.execute(text(f"CREATE TABLE t{number} (n INTEGER)"))
        place.dispose()
