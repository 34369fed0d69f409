"""The database's own state, for the doctor: its release, damage, and what waits too long."""

from __future__ import annotations

from typing import Literal

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from fieldsvc.store.migrate import config_for
from fieldsvc.store.tables import DeviceRow, JobRow, OperationRow

_HOUR_MS = 3_600_000


def is_current(session: Session) -> bool:
    """Tell whether the tables are those of this release."""
    connection = session.connection()
    head = ScriptDirectory.from_config(config_for(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def has_tables(session: Session) -> bool:
    """Tell whether this release can work here: its tables are there, or a newer release's, which hold these too."""
    connection = session.connection()
    script = ScriptDirectory.from_config(config_for(connection))
    reached = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    return reached is not None and (reached == script.get_current_head() or reached not in known)


def release(session: Session) -> Literal["none", "older", "current", "newer"]:
    """Whose tables these are, seen from this release."""
    if MigrationContext.configure(session.connection()).get_current_revision() is None:
        return "none"
    if is_current(session):
        return "current"
    return "newer" if has_tables(session) else "older"


def damage(session: Session) -> str | None:
    """What SQLite finds wrong with its file; PostgreSQL checks its own pages as it reads them."""
    if session.connection().dialect.name != "sqlite":
        return None
    said = session.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return None if said == "ok" else str(said)


def latest_receipt(session: Session) -> int | None:
    """When the newest operation arrived, by this server's clock at that time."""
    return session.scalars(select(func.max(OperationRow.received_at))).one()


def jobs(session: Session, now_ms: int) -> tuple[int, int]:
    """How many jobs have failed for good, and how many have been due for more than an hour."""
    failed = session.scalars(select(func.count()).where(JobRow.state == "failed")).one()
    late = session.scalars(
        select(func.count()).where(JobRow.state == "waiting", JobRow.run_after < now_ms - _HOUR_MS)
    ).one()
    return failed, late


def phones_by_mark(session: Session) -> dict[str | None, int]:
    """How many signed-in phones were told what of their county, by its mark; None: from before there were marks."""
    asked = select(DeviceRow.told, func.count()).where(DeviceRow.revoked_at.is_(None)).group_by(DeviceRow.told)
    return {told: int(number) for told, number in session.execute(asked)}
