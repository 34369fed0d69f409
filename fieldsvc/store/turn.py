"""Whose turn it is to write to a SQLite file: threads and processes queue for it, and are woken when it is free.

SQLite itself only looks again from time to time, for up to a tenth of a second. Where one process writes again and
again, as under two thousand uploads, another's visit then waits for seconds.

The system wakes who waits, and until that one has come round, who has just written may take the lock again: beside an
import on a busy machine a phone waited for three of its turns. So there are two locks, as before a counter with one
place to stand at: who holds `next` is served before anybody who comes later.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path
from types import TracebackType

from fieldsvc.problems import ServerBusy

PATIENCE_SECONDS = 30.0


class Turn:
    """A lock for the writers of one database, in all processes of a machine: `with turn:`.

    The system gives it back when a process dies. It only makes the queue; what protects the data is SQLite's own lock.
    A process that was stopped, or hangs on its disk, keeps its turn or its place: after `PATIENCE_SECONDS` the others
    raise `server-busy` instead of holding a phone's request, and all that come behind it, for ever.
    """

    def __init__(self, database: Path) -> None:
        self._paths = [database.with_name(f"{database.name}-{name}") for name in ("turn", "next")]
        self._threads = threading.Lock()
        self._files: tuple[int, int] | None = None
        self._asking: _Asking | None = None

    def __enter__(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        if not self._threads.acquire(timeout=PATIENCE_SECONDS):
            raise ServerBusy
        try:
            self._queue(deadline)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._files is not None:  # closed meanwhile: then the lock is gone already
            fcntl.flock(self._files[0], fcntl.LOCK_UN)
        self._threads.release()

    def _queue(self, deadline: float) -> None:
        """Take the lock that all processes share, or raise when it has not come by the deadline."""
        if self._files is None:
            turn, following = (os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for path in self._paths)
            self._files = (turn, following)
        # Whoever gave up in this process is still in the queue; the next one takes over that place.
        if self._asking is None or not self._asking.goes_on():
            if all(map(_taken, reversed(self._files))):
                fcntl.flock(self._files[1], fcntl.LOCK_UN)
                return
            self._asking = _Asking(*self._files)
        if not self._asking.comes_before(deadline):
            raise ServerBusy
        self._asking = None

    def close(self) -> None:
        """Let go of the file, before a fork: two processes that share one handle would share the lock."""
        if self._files is not None:
            for file in self._files:
                os.close(file)
            self._files = self._asking = None


def _taken(file: int) -> bool:
    """Take a lock if nobody has it; whether it is ours."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Asking:
    """One place in the queue, on a thread of its own: waiting for a file's lock cannot be cut short."""

    def __init__(self, turn: int, following: int) -> None:
        # The same locks, and open for as long as this waits. The place may be held already.
        self._turn, self._next = os.dup(turn), os.dup(following)
        self._moved = threading.Condition()
        self._wanted = True
        self._answered = self._over = False
        threading.Thread(target=self._ask, name="turn", daemon=True).start()

    def goes_on(self) -> bool:
        """Want it again; false when it came while nobody wanted it and was let go."""
        with self._moved:
            self._wanted = not self._over
            return self._wanted

    def comes_before(self, deadline: float) -> bool:
        """Wait for it; from then on it is the caller's, who otherwise no longer wants it."""
        with self._moved:
            self._wanted = self._moved.wait_for(lambda: self._answered, max(0.0, deadline - time.monotonic()))
            return self._wanted

    def _ask(self) -> None:
        fcntl.flock(self._next, fcntl.LOCK_EX)
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        fcntl.flock(self._next, fcntl.LOCK_UN)
        with self._moved:
            self._answered, self._over = self._wanted, not self._wanted
            if self._over:
                fcntl.flock(self._turn, fcntl.LOCK_UN)
            os.close(self._turn)
            os.close(self._next)
            self._moved.notify_all()
