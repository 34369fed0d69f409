"""A server starts whole, stops in order, and comes back with its data after the power was cut."""

import sqlite3

from tests.support.ports import accepts, free_port
from tests.support.server import Server, StartServer


def names(server: Server) -> list[str]:
    return [" ".join(process.cmdline()) for process in server.processes()]


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
    assert not [process for process in processes if process.is_running()]


def test_a_server_whose_worker_dies_ends_so_that_it_is_started_anew(start_server: StartServer) -> None:
    server = start_server()
    [worker] = [process for process in server.processes() if process.cmdline()[-1] == "jobs"]
    main = server.processes()[0]
    worker.kill()
    assert main.wait(timeout=60) == 1
    assert not server.answers()


def test_a_server_that_was_killed_starts_again_on_the_same_data(start_server: StartServer) -> None:
    server = start_server()
    server.kill()
    assert not server.answers()
    server.start()
    assert server.answers()


def test_slow_uploads_have_a_pool_of_their_own_when_it_has_an_address(start_server: StartServer) -> None:
    port = free_port()
    start_server(uploads_bind=f"127.0.0.1:{port}", upload_threads=4)
    assert accepts(port, within_seconds=30)
