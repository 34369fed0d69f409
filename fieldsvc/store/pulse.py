"""How much waits, came and is kept, as numbers for whoever watches the server."""

from __future__ import annotations

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from fieldsvc.store.operations import IS_WAITING
from fieldsvc.store.tables import BlobRow, ChangeRow, ConflictRow, DeviceRow, FeedRow, JobRow, OperationRow, UploadRow

Counts = dict[tuple[str, ...], float]


def jobs(session: Session) -> Counts:
    """Jobs that are not done, by kind and state."""
    query = (
        select(JobRow.kind, JobRow.state, func.count())
        .where(JobRow.state.in_(("waiting", "running", "failed")))
        .group_by(JobRow.kind, JobRow.state)
    )
    return {(kind, state): number for kind, state, number in session.execute(query)}


def oldest_due_job(session: Session, now_ms: int) -> int | None:
    """Since when the job has been due that waits longest."""
    query = select(func.min(JobRow.run_after)).where(JobRow.state == "waiting", JobRow.run_after <= now_ms)
    return session.scalars(query).one()


def last_changes(session: Session) -> Counts:
    """When the newest change of each feed was made; feeds that never changed are left out."""
    newest = (FeedRow.id == ChangeRow.feed_id) & (FeedRow.position == ChangeRow.position)
    return {(feed,): at for feed, at in session.execute(select(FeedRow.id, ChangeRow.at).join(ChangeRow, newest))}


def verdicts(session: Session, since_id: str) -> Counts:
    """Operations whose id, made by the phone's clock, is not before this one, by verdict."""
    query = (
        select(OperationRow.status, func.count())
        .join(FeedRow, FeedRow.id == OperationRow.feed_id)
        .where(OperationRow.id >= since_id)
        .group_by(OperationRow.status)
    )
    return {(status,): number for status, number in session.execute(query)}


def waiting_operations(session: Session) -> Counts:
    """Operations that wait for an earlier one or for a person."""
    query = select(OperationRow.status, func.count()).where(IS_WAITING).group_by(OperationRow.status)
    return {(status,): number for status, number in session.execute(query)}


def open_conflicts(session: Session) -> int:
    """Values that a person must decide; counted from the index of these alone, whose condition it repeats."""
    return session.scalars(select(func.count()).where(ConflictRow.state == literal_column("'open'"))).one()


def on_phones(session: Session, now_ms: int) -> tuple[int, int, float]:
    """Operations and photos that phones said they hold, and the longest silence of one of these, in seconds."""
    holds = (DeviceRow.pending_operations > 0) | (DeviceRow.pending_photos > 0)
    query = select(
        func.coalesce(func.sum(DeviceRow.pending_operations), 0),
        func.coalesce(func.sum(DeviceRow.pending_photos), 0),
        func.min(DeviceRow.last_seen_at),
    ).where(DeviceRow.revoked_at.is_(None), holds)
    operations, photos, heard = session.execute(query).one()
    return int(operations), int(photos), 0.0 if heard is None else (now_ms - heard) / 1000


def blobs(session: Session) -> tuple[int, int]:
    """Photos and files kept, and their bytes: no index holds these, so every row is read, one for each photo."""
    number, size = session.execute(select(func.count(), func.coalesce(func.sum(BlobRow.bytes), 0))).one()
    return number, int(size)


def unfinished_uploads(session: Session) -> int:
    """Uploads of which something is still to come; read among those whose days are not over, finished or not."""
    return session.scalars(select(func.count()).where(UploadRow.finished_at.is_(None))).one()
