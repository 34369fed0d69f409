"""Whether a standby of PostgreSQL may answer in the database's place: it follows this one, and has come as far as now.

Asked by its place in the log and not by its delay in seconds, which says nothing while nobody writes.
"""

from __future__ import annotations

import time
from typing import Literal

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

#: So long a file waits for its standby, which follows within a moment; after that it is read where it is written.
PATIENCE_SECONDS = 5.0
_LOOKS_AGAIN_SECONDS = 0.1

State = Literal["level", "behind", "another", "away"]

# Which cluster, which database in it, and how far its log is written: every commit that was answered lies before.
_HERE = text("SELECT system_identifier::text, current_database(), pg_current_wal_lsn()::text FROM pg_control_system()")
# A standby that was promoted has a history of its own from there on.
_THERE = text(
    "SELECT (system_identifier::text, current_database()) = (:system, :name) AND pg_is_in_recovery(),"
    " pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn) FROM pg_control_system()"
)

log = structlog.get_logger(__name__)


def state(primary: Session, standby: Engine) -> State:
    """`level` once it holds all that was committed when this was asked; `another` where it follows something else."""
    try:
        system, name, place = primary.execute(_HERE).one()
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with standby.connect() as connection:
                follows, is_there = connection.execute(_THERE, {"system": system, "name": name, "place": place}).one()
            if not follows:
                return "another"
            if is_there:
                return "level"
            if time.monotonic() > until:
                return "behind"
            time.sleep(_LOOKS_AGAIN_SECONDS)
    except SQLAlchemyError as error:
        log.warning("standby away", error=type(error).__name__)
        return "away"
