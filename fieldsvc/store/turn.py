"""Whose turn it is to write to a SQLite file: threads and processes queue for it, and are woken when it is free.

SQLite itself only looks again from time to time, for up to a tenth of a second. Where one process writes again and
again, as under two thousand uploads, another's visit then waits for seconds.
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
    A process that was stopped, or hangs on its disk, keeps its turn: after `PATIENCE_SECONDS` the others raise
    `server-busy` instead of holding a phone's request, and all that come behind it, for ever.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turn")
        self._threads = threading.Lock()
        self._file: int | None = None
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
        if self._file is not None:  # closed meanwhile: then the lock is gone already
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def _queue(self, deadline: float) -> None:
        """Take the lock that all processes share, or raise when it has not come by the deadline."""
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # Whoever gave up in this process is still in the queue; the next one takes over that place.
        if self._asking is None or not self._asking.goes_on():
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._asking = _Asking(self._file)
            else:
                return
        if not self._asking.comes_before(deadline):
            raise ServerBusy
        self._asking = None

    def close(self) -> None:
        """Let go of the file, before a fork: two processes that share one handle would share the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = self._asking = None


class _Asking:
    """One place in the system's queue for a file's lock, on a thread of its own: that waiting cannot be cut short."""

    def __init__(self, file: int) -> None:
        self._file = os.dup(file)  # the same lock, and open for as long as this waits
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
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._moved:
            self._answered, self._over = self._wanted, not self._wanted
            if self._over:
                fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
            self._moved.notify_all()
