"""Whose turn it is to write to a SQLite file: threads and processes queue for it, and are woken when it is free.

SQLite itself only looks again from time to time, for up to a tenth of a second. Where one process writes again and
again, as under two thousand uploads, another's visit then waits for seconds.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path
from types import TracebackType


class Turn:
    """A lock for the writers of one database, in all processes of a machine: `with turn:`.

    The system gives it back when a process dies. It only makes the queue; what protects the data is SQLite's own lock.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turn")
        self._threads = threading.Lock()
        self._file: int | None = None

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._file is not None:  # closed meanwhile: then the lock is gone already
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        """Let go of the file, before a fork: two processes that share one handle would share the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
