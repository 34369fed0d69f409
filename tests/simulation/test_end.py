"""A run that is ended early leaves nothing behind: no server goes on answering for an hour on somebody's machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from tests.simulation.ground import QuickServer
from tests.simulation.nursery import Nursery
from tests.support.tools import ROOT


def _of_session(number: int) -> list[psutil.Process]:
    """All processes that one program has brought into the world, whoever is their parent by now."""
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getsid(process.pid) == number and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _listen(processes: list[psutil.Process]) -> bool:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if any(each.status == psutil.CONN_LISTEN for each in process.net_connections("tcp")):
                return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_run_that_is_told_to_end_takes_its_server_with_it(name: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "fieldsvc", "simulate", "--phones", "8", "--steps", "500", "--seed", "1"]
    around = {**os.environ, "TMPDIR": str(tmp_path)}
    run = subprocess.Popen(
        words, cwd=ROOT, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    while not _listen(_of_session(run.pid)):
        assert run.poll() is None, run.communicate()[0]
    number = signal.Signals[name]
    run.send_signal(number)
    said, _ = run.communicate(timeout=120)
    assert run.returncode == 128 + number, said
    _, alive = psutil.wait_procs(_of_session(run.pid), timeout=60)
    for process in alive:
        process.kill()
    assert alive == []


def test_who_started_servers_takes_them_along_even_when_it_was_killed_itself(tmp_path: Path) -> None:
    with closing(Nursery()) as nursery:
        server = QuickServer(tmp_path, nursery)
        server.start()
        processes = server.processes()
    assert len(processes) > 2
    _, alive = psutil.wait_procs(processes, timeout=60)
    server.kill()
    assert alive == []
