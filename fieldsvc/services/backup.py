"""A copy of everything a server on one machine holds, taken while it runs, and putting it back.

The database is copied first and the files after it: a file the copied database names was stored before
it, so the copy is complete. Files are named by their digest and never change, so a second backup into the
same folder copies only what is new.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from fieldsvc.config import Settings
from fieldsvc.services.context import Context
from fieldsvc.services.workdays import day_of
from fieldsvc.store import feeds, numbers

DATABASE = "fieldsvc.db"
#: What comes and goes while the server runs. Pieces of an upload are sent again by their phone; an ordered export is a
#: copy itself, and is to be gone in two days: from the backups too. So are files that are still being written, whose
#: names begin with a dot.
_PASSING = ("parts", "exports", "unfinished", "aside")
#: How many numbers of records a restored server leaves out in every series: more than a county gives between two
#: backups. What was given since the backup is on paper, and phones send its records again in another order.
LEFT_OUT = 1000


class NoBackup(Exception):
    """Why no backup can be made or put back here, as a sentence."""


def database_file(settings: Settings) -> Path:
    """The SQLite file of these settings; other databases have tools of their own."""
    if not settings.database_url.startswith("sqlite:///"):
        raise NoBackup("PostgreSQL 请用 pg_dump 备份。PostgreSQL has pg_dump for this.")
    return Path(settings.database_url.removeprefix("sqlite:///"))


def back_up(settings: Settings, folder: Path) -> Path:
    """Write a backup into the folder, replacing the database copy in it at the very end; return that copy."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished, finished = folder / f"{DATABASE}.unfinished", folder / DATABASE
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(database_file(settings))) as source, closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
    _copy_new_files(settings.data_folder / "blobs", folder / "blobs")
    with unfinished.open("rb") as handle:
        os.fsync(handle.fileno())
    # Last, because its date says how old the backup is: it must not look fresh before it is whole.
    unfinished.replace(finished)
    return finished


def restore(settings: Settings, folder: Path) -> None:
    """Put a backup in the place of a database that is not there. Phones then send again what it lacks."""
    target = database_file(settings)
    if target.exists():
        raise NoBackup(f"{target} 还在，请先移走。{target} is still there: move it away first.")
    if not (folder / DATABASE).exists():
        raise NoBackup(f"{folder} 里没有备份。There is no backup in {folder}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy_new_files(folder / "blobs", settings.data_folder / "blobs")
    shutil.copy2(folder / DATABASE, target)


def new_epochs(ctx: Context) -> None:
    """Give every feed a new epoch: each phone sees that the history it knew is another, and resets.

    No number of a record is given that the lost history may have given to another.
    """
    year = day_of(ctx.now_ms(), ctx.settings.time_zone).year
    with ctx.db.write() as session:
        for feed in feeds.all_feeds(session):
            feed.epoch = ctx.new_id()[-12:]
            numbers.leave_out(session, feed.id, LEFT_OUT, year)
        session.flush()


def age_hours(folder: Path, now: datetime) -> float | None:
    """How old the backup in the folder is; None when there is none."""
    copy = folder / DATABASE
    if not copy.exists():
        return None
    return (now - datetime.fromtimestamp(copy.stat().st_mtime, UTC)).total_seconds() / 3600


def _copy_new_files(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        within = path.relative_to(source)
        copy = target / within
        if within.parts[0] not in _PASSING and path.is_file() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            _copy(path, copy)


def _copy(path: Path, copy: Path) -> None:
    """Copy a file, or nothing when it was deleted meanwhile: one photo less is no reason for a night without backup."""
    unfinished = copy.with_name(copy.name + ".unfinished")
    try:
        shutil.copy2(path, unfinished)
    except FileNotFoundError:
        unfinished.unlink(missing_ok=True)
        if path.exists():
            raise  # it is the backup's folder that is not there any more
        return
    unfinished.replace(copy)
