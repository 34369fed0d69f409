"""A server starts whole, stops in order, and comes back with its data after the power was cut."""

import signal
import socket
import sqlite3
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from fieldsvc.ids import random_uuid7
from tests.faults.client import Staying, at_work, everything_is_there
from tests.support.ports import free_port
from tests.support.server import Server, StartServer
from tests.support.waiting import waits_until
from tests.uploads.dripping import Dripping
from tests.uploads.line import Line, bytes_of, sha256
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.places import Household
from tests.world.server import database_of


def assert_gone(processes: list[psutil.Process]) -> None:
    """Nothing is left of these. Gunicorn kills a worker that is late, and does not wait for its end."""
    _, left = psutil.wait_procs(processes, timeout=60)
    assert not left


def names(server: Server) -> list[str]:
    """The command line of each process; none of one that ends while it is asked."""
    found = []
    for process in server.processes():
        with suppress(psutil.NoSuchProcess):
            found.append(" ".join(process.cmdline()))
    return found


def parts(server: Server) -> list[str]:
    """The parts that run, each as often as it has processes."""
    return sorted(name.split("--part ")[1].split()[0] for name in names(server) if "--part" in name)


def test_a_server_brings_its_database_up_to_date_and_runs_its_worker(start_server: StartServer) -> None:
    server = start_server()
    with sqlite3.connect(server.folder / "fieldsvc.db") as database:
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    assert any("--part web" in name for name in names(server))
    assert any("--part jobs" in name for name in names(server))


def test_a_server_that_is_asked_to_stop_leaves_no_process_behind(start_server: StartServer) -> None:
    server = start_server()
    processes = server.processes()
    assert server.stop() == 0
    assert_gone(processes)


def test_a_server_whose_worker_dies_ends_so_that_it_is_started_anew(start_server: StartServer) -> None:
    server = start_server()
    [worker] = [process for process in server.processes() if process.cmdline()[-1] == "jobs"]
    main = server.processes()[0]
    worker.kill()
    assert main.wait(timeout=60) == 1
    assert not server.answers()


def test_an_address_that_somebody_else_has_is_told_in_a_sentence(tmp_path: Path) -> None:
    server = Server(tmp_path)
    with socket.create_server(("127.0.0.1", server.port)):
        said = server.command("serve")
    assert said.returncode == 1
    assert "Cannot listen" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_server_that_was_killed_starts_again_on_the_same_data(start_server: StartServer) -> None:
    server = start_server()
    server.kill()
    assert not server.answers()
    server.start()
    assert server.answers()


def test_whoever_hangs_up_slowly_keeps_nobody_from_the_door(start_server: StartServer) -> None:
    """On a line of 2G a phone has its answer a second before the server hears that it is done with the connection."""
    server = start_server()
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with ExitStack() as at_end:
        slow = [at_end.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(24)]
        for line in slow:
            line.sendall(last)
        for line in slow:
            line.settimeout(60)
            assert line.recv(1, socket.MSG_PEEK)
        line = at_end.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
        line.sendall(last)
        # Two seconds for each of the others, one after the other, would be over long after that.
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    processes = server.processes()
    assert server.stop() == 0
    assert_gone(processes)


def test_slow_uploads_have_a_pool_of_their_own_that_steps_back_when_it_has_an_address(
    start_server: StartServer,
) -> None:
    port = free_port()
    server = start_server(uploads_bind=f"127.0.0.1:{port}", upload_threads=4)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as reply:  # by a process that runs
        assert reply.status == 200
    told = ((process, set(process.cmdline())) for process in server.processes())
    stepped = {part: process.nice() for process, words in told for part in {"uploads", "web"} & words}
    assert stepped["uploads"] > stepped["web"]


@pytest.mark.proof
def test_a_reload_puts_new_programs_in_place_and_turns_no_push_away(world: World, start_server: StartServer) -> None:
    """Phones push all the while on connections that stay, and one sends a photo: it begins at an old program and ends
    there after the new one has come."""
    homes = [world.household(visits_made="0") for _ in range(4)]
    cadres = [world.cadre(f"Cadre {number}", visits=[home]) for number, home in enumerate(homes)]
    for cadre in cadres:
        cadre.phone.new_id = lambda: random_uuid7(world.clock.now_ms)
    folder = world.server.folder
    world.server.stop()
    server = start_server(folder, workers=2, graceful_seconds=60)
    line = Line(server.port, cadres[0].phone.token or "")
    begun = server.processes()
    with pushing(server, zip(cadres, homes, strict=True)) as pushers:
        for number in range(2):
            before = {process.pid for process in server.processes()[1:]}
            photo = bytes_of(number)
            where = line.begins(photo).location
            with Dripping(server.port, [line.request("PATCH", where, photo, Upload_Offset="0")]) as slow:
                assert slow.have_dripped(2)
                begun[0].send_signal(signal.SIGHUP)
                waits_until(lambda times=number + 1: server.log.read_text().count("Handling signal: term") == times)
                assert slow.have_dripped(4)
                slow.stops()
                answer = slow.bodies[0].ends()
            assert (answer.status, answer.getheader("Upload-Offset")) == (204, str(len(photo)))
            assert world.server.ctx.blobs.get(sha256(photo)) == photo
            waits_until(lambda old=before: old.isdisjoint(process.pid for process in server.processes()))
            # The worker is started last, and the second of two programs a moment after the first.
            waits_until(lambda: parts(server) == ["jobs", "web", "web", "web"])
            seen = [len(pusher.receipts) for pusher in pushers]
            waits_until(lambda seen=seen: all(len(p.receipts) > n + 5 for p, n in zip(pushers, seen, strict=True)))
    assert [pusher.failures for pusher in pushers] == [[]] * len(pushers), "each push was answered with receipts"
    assert server.processes()[0].pid == begun[0].pid
    assert parts(server) == ["jobs", "web", "web", "web"]
    assert server.stop() == 0
    assert_gone(begun)
    everything_is_there(database_of(folder), pushers)


@pytest.mark.proof
def test_a_photo_that_outlasts_the_patience_of_a_reload_goes_on_from_what_was_told(
    world: World, start_server: StartServer
) -> None:
    """At 1 KB/s one piece takes longer than anybody waits for the old program's end."""
    token, folder = world.cadre("East").phone.token or "", world.server.folder
    server = start_server(folder, graceful_seconds=1)
    line, photo = Line(server.port, token), bytes_of(1)
    where = line.begins(photo).location
    told = line.sends(where, 0, photo[:50_000]).offset
    before = {process.pid for process in server.processes()[1:]}
    with line.half(where, told, photo[told:], sent=30_000) as slow:
        server.processes()[0].send_signal(signal.SIGHUP)
        waits_until(lambda: parts(server) == ["jobs", "web", "web"])
        waits_until(lambda: before.isdisjoint(process.pid for process in server.processes()))
        with suppress(ConnectionResetError):
            assert slow.recv(1) == b"", "it was not told that anything more has arrived"
    stands = line.stands(where)
    assert told <= stands <= told + 30_000
    assert line.sends(where, stands, photo[stands:]).offset == len(photo)
    assert world.server.ctx.blobs.get(sha256(photo)) == photo


@pytest.mark.proof
def test_a_release_that_does_not_start_leaves_the_old_one_at_work(start_server: StartServer) -> None:
    server = start_server()
    before = {process.pid for process in server.processes()}
    with sqlite3.connect(server.folder / "fieldsvc.db") as database:  # as if a far newer release had been here
        database.execute("UPDATE alembic_version SET version_num = 'unknown'")
    server.processes()[0].send_signal(signal.SIGHUP)
    waits_until(lambda: "was not renewed" in server.log.read_text())
    assert {process.pid for process in server.processes()} == before
    assert server.answers()


@contextmanager
def pushing(server: Server, who: Iterable[tuple[Cadre, Household]]) -> Iterator[list[Staying]]:
    """Phones that push all the time, and that stop when everything has arrived."""
    pushers = [Staying(cadre.phone, home, server.port, 2, lambda _: None) for cadre, home in who]
    with at_work(pushers):
        yield pushers
