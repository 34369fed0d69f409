"""Starts the programs of a server, waits, renews them when told to, and stops them all: at once when one dies.

This process only watches. It imports nothing large, because it lives as long as the server does and the
machine of a county may have little memory. It also holds the doors, the sockets phones knock at: programs come and go
behind them, and who knocks meanwhile waits a moment instead of being turned away.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from types import FrameType

from fieldsvc.config import Settings

POLL_SECONDS = 0.2
#: How long programs of a new release may take to be ready: bringing a large database up to date is part of it.
RENEWAL_SECONDS = 600
BACKLOG = 4096
#: How far each part steps back where the processor is short. Photos arrive for minutes and can wait a second more, and
#: opening them can wait longer; a phone that syncs, and a page, have somebody before them.
NICENESS = {"web": 0, "uploads": 2, "jobs": 5}

#: Each thread of the C library's allocator otherwise keeps an area of its own of what SQLite and the parsers had and
#: gave back: with sixteen threads a worker held twice what it holds with two areas for all.
_AREAS = {"MALLOC_ARENA_MAX": "2"}

Program = subprocess.Popen[bytes]


def parts(settings: Settings) -> list[str]:
    """The programs this server consists of, by the name `fieldsvc serve --part` knows them."""
    return ["web", *(["uploads"] if settings.uploads_bind else []), "jobs"]


def command(part: str, door: socket.socket | None = None, told: int | None = None) -> list[str]:
    """The command line that runs one part: behind a door, saying through the pipe `told` when it is ready."""
    behind = [] if door is None else ["--door", str(door.fileno())]
    says = [] if told is None else ["--told", str(told)]
    return [sys.executable, "-m", "fieldsvc", "serve", "--part", part, *behind, *says]


def serve(settings: Settings, *, ready: Callable[[], None] = lambda: None) -> int:
    """Run every part, return an exit status when all have ended.

    `ready` is called once, after the parts were started. A part that ends by itself ends the others too:
    half a server helps nobody for long, and whoever started us starts us anew.
    """
    asked = _Asked()
    try:
        doors = _doors(settings)
    except (OSError, ValueError) as error:
        print(f"fieldsvc: 端口被占用或地址不对。Cannot listen: {error}", file=sys.stderr, flush=True)
        return 1
    running = {part: start(part, doors.get(part)) for part in parts(settings)}
    ready()
    while not asked.stop and all(child.poll() is None for child in running.values()):
        time.sleep(POLL_SECONDS)
        if asked.renew:
            asked.renew = False
            _renew(running, doors, asked, settings.graceful_seconds)
    for door in doors.values():
        door.close()
    _end(running.values(), settings.graceful_seconds)
    return 0 if asked.stop else 1


def _doors(settings: Settings) -> dict[str, socket.socket]:
    """The sockets of the parts that phones reach, listening."""
    wanted = {"web": settings.bind, "uploads": settings.uploads_bind}
    return {part: _listen(address) for part, address in wanted.items() if address}


def _listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    if ":" not in host:
        return socket.create_server((host, int(port)), backlog=BACKLOG)
    both = socket.has_dualstack_ipv6()  # who listens at [::] means IPv4 too
    return socket.create_server((host, int(port)), family=socket.AF_INET6, backlog=BACKLOG, dualstack_ipv6=both)


def start(part: str, door: socket.socket | None, told: int | None = None) -> Program:
    """Start one part, behind a door that is open already, saying through the pipe `told` when it is ready."""
    # Each in a process group of its own: Ctrl-C in a terminal reaches only us, and we stop them in order.
    passed = [number for number in (door.fileno() if door else None, told) if number is not None]
    around = {**_AREAS, **os.environ}
    return subprocess.Popen(command(part, door, told), process_group=0, pass_fds=passed, env=around)


def _renew(
    running: dict[str, Program], doors: Mapping[str, socket.socket], asked: "_Asked", patience_seconds: int
) -> None:
    """Put newly started programs, perhaps of a newer release, in the place of those that run.

    Behind a door the new one is ready before the old one is asked to finish. One that never gets ready changes
    nothing. The worker has no door: nobody waits at it for an answer, and there should not be two.
    """
    for part, door in doors.items():
        fresh = _ready(part, door, asked)
        if fresh is None:
            print(f"fieldsvc: {part} was not renewed, the old one goes on", file=sys.stderr, flush=True)
            return
        old, running[part] = running[part], fresh
        _end([old], patience_seconds)
    _end([running["jobs"]], patience_seconds)
    running["jobs"] = start("jobs", None)


def _ready(part: str, door: socket.socket, asked: "_Asked") -> Program | None:
    """A new program behind the door once it says that it takes requests; none when it ends before, or never does."""
    hears, told = os.pipe()
    try:
        fresh = start(part, door, told)
        os.close(told)
        deadline = time.monotonic() + RENEWAL_SECONDS
        while not asked.stop and time.monotonic() < deadline:
            if select.select([hears], [], [], POLL_SECONDS)[0]:
                if os.read(hears, 1):
                    return fresh
                break  # it ended without a word
    finally:
        os.close(hears)
    _end([fresh], 0)
    return None


def _end(running: Iterable[Program], patience_seconds: int) -> None:
    """Ask every part to finish what it is doing; end what has not after the grace time and a little more."""
    children = list(running)
    for child in children:
        child.terminate()
    deadline = time.monotonic() + patience_seconds + 5
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class _Asked:
    """What somebody asked of us: to stop (Ctrl-C, systemd), or by SIGHUP to renew the programs (systemd's reload).

    In a terminal SIGHUP says that it was closed, and means stop.
    """

    def __init__(self) -> None:
        self.stop = self.renew = False
        self._terminal = sys.stderr.isatty()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._heard)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP and not self._terminal:
            self.renew = True
        else:
            self.stop = True
