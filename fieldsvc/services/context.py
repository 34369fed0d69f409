"""What every use case is given: the database, the bytes, the settings, a clock and a source of ids.

Clock and ids are arguments, so that a test can be in February 1970 and name its own rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from fieldsvc.blobs import BlobStore, open_store
from fieldsvc.config import Settings
from fieldsvc.ids import random_uuid7
from fieldsvc.store.engine import Database


@dataclass(frozen=True, slots=True)
class Context:
    """The world as a service sees it."""

    db: Database
    blobs: BlobStore
    settings: Settings
    now_ms: Callable[[], int]
    new_id: Callable[[], str]


def system_clock() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def open_context(
    settings: Settings,
    *,
    now_ms: Callable[[], int] = system_clock,
    new_id: Callable[[], str] | None = None,
) -> Context:
    """The context of a real server, command or worker."""
    return Context(
        db=Database(settings.database_url, settings.standby_url),
        blobs=open_store(settings.blobs_url, settings.data_folder),
        settings=settings,
        now_ms=now_ms,
        new_id=new_id or (lambda: random_uuid7(now_ms())),
    )
