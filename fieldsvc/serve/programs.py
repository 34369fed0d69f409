"""Starts the programs of a server, waits, and stops them all: in order when told to, at once when one dies.

This process only watches. It imports nothing large, because it lives as long as the server does and the
machine of a county may have little memory.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

from fieldsvc.config import Settings

POLL_SECONDS = 0.2


def parts(settings: Settings) -> list[str]:
    """The programs this server consists of, by the name `fieldsvc serve --part` knows them."""
    return ["web", *(["uploads"] if settings.uploads_bind else []), "jobs"]


def command(part: str) -> list[str]:
    """The command line that runs one part."""
    return [sys.executable, "-m", "fieldsvc", "serve", "--part", part]


def serve(settings: Settings, *, ready: Callable[[], None] = lambda: None) -> int:
    """Run every part, return an exit status when all have ended.

    `ready` is called once, after the parts were started. A part that ends by itself ends the others too:
    half a server helps nobody for long, and whoever started us starts us anew.
    """
    stop = _Stop()
    # Each in a process group of its own: Ctrl-C in a terminal reaches only us, and we stop them in order.
    running = [subprocess.Popen(command(part), process_group=0) for part in parts(settings)]
    ready()
    while not stop.asked and all(child.poll() is None for child in running):
        time.sleep(POLL_SECONDS)
    _end(running, settings.graceful_seconds)
    return 0 if stop.asked else 1


def _end(running: Sequence["subprocess.Popen[bytes]"], patience_seconds: int) -> None:
    """Ask every part to finish what it is doing; end what has not after the grace time and a little more."""
    for child in running:
        child.terminate()
    deadline = time.monotonic() + patience_seconds + 5
    for child in running:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class _Stop:
    """Whether somebody asked us to stop: Ctrl-C, systemd, or a terminal that was closed."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._heard)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
