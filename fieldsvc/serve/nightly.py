"""The nightly backup, made beside the worker's other work: the first copy of a county's photos takes hours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import structlog

from fieldsvc.config import Settings
from fieldsvc.services import backup, backup_watch

_log = structlog.get_logger(__name__)
#: After a failure (a disk that is full, a share that is gone) nobody is helped by trying every minute.
_AGAIN = timedelta(minutes=30)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class Nightly:
    """Makes a backup when one is due; asked once a minute, and never makes two at a time."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = now) -> None:
        self._settings = settings
        self._clock = clock
        self._thread: Thread | None = None
        self._not_before: datetime | None = None

    def look(self) -> Thread | None:
        """Begin a backup if one is due; the thread that makes it, to wait for."""
        at = self._clock()
        waits = self._not_before is not None and at < self._not_before
        if (
            waits
            or (self._thread is not None and self._thread.is_alive())
            or not backup_watch.is_due(self._settings, at)
        ):
            return None
        # A worker that stops does not wait for it: what is copied is kept, and the next backup goes on from there.
        self._thread = Thread(target=self._make, name="backup", daemon=True)
        self._thread.start()
        return self._thread

    def _make(self) -> None:
        try:
            copy = backup.back_up(self._settings, Path(self._settings.backup_folder))
        except (OSError, sqlite3.Error, backup.NoBackup) as error:
            self._not_before = self._clock() + _AGAIN
            _log.error("backup failed", error=f"{type(error).__name__}: {error}")
        else:
            _log.info("backup made", bytes=copy.stat().st_size)
