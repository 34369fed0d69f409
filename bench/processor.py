"""The processor's own time for a gesture: what a page costs on a machine whose clock belongs to others. Linux only.

Counted are the threads that a phone waits for: the page's own and the service worker's, wherever the browser put them.
A clock on a busy machine measures who else is waiting; this does not. Times six it stands for the slow phone, and is a
lower bound of what a person waits there: the disk and the browser's other processes come on top.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

_PROCESSES = Path("/proc")
_WORKER = "ServiceWorker"
#: What is still going on when a gesture has been painted belongs to it; nothing begins by itself within this.
_SETTLED_MS = 300


def spent() -> float:
    """Milliseconds that the pages and the workers of the browsers below this process have computed so far."""
    return sum(_milliseconds(thread) for process in _pages() for thread in _threads(process))


def of_gesture(page: Page, gesture: Callable[[], object], times: int) -> float:
    """The middle of the milliseconds that a gesture costs, done so many times."""
    costs = []
    for _ in range(times):
        before = spent()
        gesture()
        page.wait_for_timeout(_SETTLED_MS)
        costs.append(spent() - before)
    return median(costs)


def _pages() -> list[Path]:
    """Processes of the browser that hold pages."""
    children: dict[int, list[int]] = {}
    for process in _PROCESSES.glob("[0-9]*"):
        try:
            status = (process / "stat").read_text(encoding="utf-8")
        except OSError:  # it ended meanwhile
            continue
        children.setdefault(int(status.rsplit(")", 1)[1].split()[1]), []).append(int(process.name))
    below, rest = [], [os.getpid()]
    while rest:
        found = children.get(rest.pop(), [])
        below += found
        rest += found
    return [each for pid in below if b"--type=renderer" in _command(each := _PROCESSES / str(pid))]


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def _threads(process: Path) -> list[Path]:
    """The thread that runs the page, which has the process's number, and those of service workers."""
    try:
        threads = list((process / "task").iterdir())
        return [one for one in threads if one.name == process.name or _name(one).startswith(_WORKER)]
    except OSError:
        return []


def _name(thread: Path) -> str:
    return (thread / "comm").read_text(encoding="utf-8")


def _milliseconds(thread: Path) -> float:
    try:
        return int((thread / "schedstat").read_text(encoding="utf-8").split()[0]) / 1e6
    except OSError:
        return 0.0
