"""Writers of several processes queue for a SQLite file; none of them has to look whether it is free."""

import fcntl
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldsvc.problems import ServerBusy
from fieldsvc.store import engine, turn
from fieldsvc.store.engine import Database
from fieldsvc.store.turn import Turn
from tests.support.tools import ROOT
from tests.world import World


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


def test_who_waits_is_served_before_who_has_just_written(tmp_path: Path) -> None:
    """An import that writes batch after batch took the lock again before the phone behind it had woken up."""
    writer, phone = Turn(tmp_path / "place.db"), Turn(tmp_path / "place.db")
    order: list[str] = []

    def pushes() -> None:
        with phone:
            order.append("phone")

    for _ in range(20):
        waiting = threading.Thread(target=pushes)
        with writer:
            waiting.start()
            stands_next(tmp_path / "place.db-next")
        with writer:
            order.append("writer")
        waiting.join(30)
    assert order == ["phone", "writer"] * 20
    writer.close()
    phone.close()


def stands_next(place: Path) -> None:
    """Look until somebody stands in the place behind whoever writes."""
    with place.open() as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(file, fcntl.LOCK_UN)


STOPPED = """
import sys
from pathlib import Path
from fieldsvc.store.turn import Turn
with Turn(Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.read()
"""


@contextmanager
def somebody_who_keeps_the_turn(database: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that was stopped in the middle of writing, as by a debugger or a disk that hangs."""
    command = [sys.executable, "-c", STOPPED, str(database)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mine\n"
        holder.send_signal(signal.SIGSTOP)
        yield holder
        holder.kill()


def test_who_keeps_the_turn_for_ever_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 0.05)
    mine = Turn(tmp_path / "place.db")
    with somebody_who_keeps_the_turn(tmp_path / "place.db") as holder:
        for _ in range(3):
            with pytest.raises(ServerBusy), mine:
                pass
        holder.kill()
        holder.wait()
        monkeypatch.setattr(turn, "PATIENCE_SECONDS", 30)
        with mine:
            pass
    mine.close()


def test_nor_is_a_thread_of_the_same_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 0.05)
    mine = Turn(tmp_path / "place.db")
    with mine, ThreadPoolExecutor() as pool:
        assert isinstance(pool.submit(mine.__enter__).exception(), ServerBusy)
    mine.close()


def test_a_turn_that_comes_when_nobody_waits_any_more_goes_on_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 0.05)
    gave_up, next_one = Turn(tmp_path / "place.db"), Turn(tmp_path / "place.db")
    with somebody_who_keeps_the_turn(tmp_path / "place.db") as holder:
        with pytest.raises(ServerBusy), gave_up:
            pass
        holder.kill()
        holder.wait()
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 30)
    for each in (next_one, gave_up, next_one):
        with each:
            pass
    gave_up.close()
    next_one.close()


def test_a_phone_is_told_that_the_server_is_busy_and_keeps_its_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.corrects(home, phone="13900000009")
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 0.05)
    with somebody_who_keeps_the_turn(world.server.folder / "fieldsvc.db"):
        reply = east.link.ask("POST", "/api/v1/sync", east.phone.request(), east.phone.token)
    assert (reply.status, reply.body["code"], reply.headers["Retry-After"]) == (503, "server-busy", "30")
    assert east.waiting() == 1
    monkeypatch.setattr(turn, "PATIENCE_SECONDS", 30)
    east.syncs()
    assert world.record(home).properties["phone"] == "13900000009"
