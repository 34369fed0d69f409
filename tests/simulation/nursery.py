"""Servers that start in a moment: one process imports everything once, and every program of a server is a fork of it.

A run kills its server again and again, and half of what the server cost was to import itself anew. What is forked has
opened nothing yet: it reads its settings, opens its database and listens as a program does that was just started.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tests.support.tools import ROOT

_PR_SET_CHILD_SUBREAPER = 36


class Born(psutil.Process):
    """A process that somebody else's process started, asked as one asks one's own."""

    def poll(self) -> int | None:
        """None while it runs."""
        return None if self.is_running() and self.status() != psutil.STATUS_ZOMBIE else 0

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, where it can be known."""
        try:
            return super().wait(timeout) or 0
        except psutil.TimeoutExpired:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from None


class Nursery:
    """The process that imports; when it is closed it ends, and with it every server that it has started.

    It is closed as well when whoever opened it was killed: then nobody is left who could end those servers.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulation.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begins(self, environment: Mapping[str, str], log: Path) -> Born:
        """`fieldsvc serve` with these settings."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"environment": dict(environment), "log": str(log)}) + "\n")
        self._process.stdin.flush()
        return Born(int(self._process.stdout.readline()))

    def close(self) -> None:
        """Let it go."""
        self._process.communicate()


def main() -> None:
    """Fork for every line that comes in, and say which process it became."""
    from fieldsvc.cli import serve as command
    from fieldsvc.serve import jobs, programs, web  # noqa: F401 - what the forks need is imported before them
    from fieldsvc.serve.memory import leave_what_is_loaded
    from tests.simulation import turns
    from tests.support import eye, watched  # noqa: F401 - as above

    leave_what_is_loaded()  # or every fork goes through all of it before its first request
    _adopts_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed leaves nothing to be asked for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: this one ends by being closed, after its servers
    for line in sys.stdin:
        wish = json.loads(line)
        child = _fork()
        if child is not None:
            print(child, flush=True)
            continue
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.update(wish["environment"])

        def start(part: str, door: socket.socket | None, told: int | None = None) -> programs.Program:
            number = _fork()
            if number is not None:
                return Born(number)  # type: ignore[return-value] # it is asked nothing that this one cannot answer
            os.setpgid(0, 0)
            watched.opens_the_eye()
            with turns.may_be_in_turn():
                if turns.CLOCK in os.environ and part == "jobs":
                    signal.pause()  # whoever leads the run does its work, at moments that can be played again
                command._part(part, door.fileno() if door else None, told)
            os._exit(0)

        programs.start = start
        os._exit(programs.serve(command._settings()))
    # What one of them starts before it dies becomes this one's own child, and is met the next time round.
    while processes := psutil.Process().children(recursive=True):
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes)


def _adopts_orphans() -> None:
    """Have whatever a killed server leaves behind come to this process instead of to the machine's first one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _fork() -> int | None:
    """The child's number; nothing, in the child, which waits for its own children as any program does."""
    number = os.fork()
    if number == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return None
    return number


if __name__ == "__main__":
    main()
