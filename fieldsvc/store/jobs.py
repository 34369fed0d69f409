"""Work to do later, as rows: added with their cause, claimed by one worker, tried again after a wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import table, write_all
from fieldsvc.store.tables import JobRow

_ADD = insert(table(JobRow))


def add(session: Session, *, job_id: str, feed_id: str, kind: str, payload: dict[str, Any], now_ms: int) -> None:
    """Put a job behind the others; it exists if and only if the transaction around it commits."""
    job = {
        "id": job_id,
        "feed_id": feed_id,
        "kind": kind,
        "payload": payload,
        "run_after": now_ms,
        "created_at": now_ms,
    }
    write_all(session, _ADD, [job])


def due(session: Session, now_ms: int, kinds: Collection[str], most: int) -> Sequence[JobRow]:
    """The jobs of these kinds that have waited longest; what was taken and never finished counts after its lease."""
    statement = (
        select(JobRow)
        .where(JobRow.state.in_(("waiting", "running")), JobRow.run_after <= now_ms, JobRow.kind.in_(kinds))
        .order_by(JobRow.run_after, JobRow.id)
        .limit(most)
    )
    return session.scalars(statement).all()


def claim(session: Session, job: JobRow, *, lease_until: int) -> bool:
    """Take the job for one worker until then; False when another worker was faster, also one that put it off again."""
    taken = session.execute(
        update(JobRow)
        .where(
            JobRow.id == job.id,
            JobRow.attempts == job.attempts,
            JobRow.state == job.state,
            JobRow.run_after == job.run_after,
        )
        .values(state="running", attempts=job.attempts + 1, run_after=lease_until)
        .returning(JobRow.id)
    )
    return taken.first() is not None


def finish(session: Session, job_id: str) -> None:
    """Mark the job as done."""
    session.execute(update(JobRow).where(JobRow.id == job_id).values(state="done", error=None))


def drop_done(session: Session, before: int, most: int) -> int:
    """Forget jobs that were done before this moment; how many. Those that failed stay, for a person to read why."""
    over = select(JobRow.id).where(JobRow.state == "done", JobRow.run_after < before).limit(most)
    return len(session.scalars(delete(JobRow).where(JobRow.id.in_(over)).returning(JobRow.id)).all())


def put_off(session: Session, job_id: str, *, error: str, run_after: int, since: int) -> None:
    """Note what the job waits for and since when, and try again at `run_after` as if this attempt had not been."""
    values = {"state": "waiting", "error": error, "run_after": run_after, "attempts": JobRow.attempts - 1}
    session.execute(update(JobRow).where(JobRow.id == job_id).values({**values, "away_since": since}))


def call_back(session: Session, now_ms: int) -> None:
    """Make every job due that was put off: what they wait for is there again."""
    put_off = (JobRow.state == "waiting", JobRow.run_after > now_ms, JobRow.away_since.is_not(None))
    session.execute(update(JobRow).where(*put_off).values(run_after=now_ms))


def put_back(session: Session, job_id: str, *, error: str, run_after: int | None) -> None:
    """Note why an attempt failed, and try again at `run_after`; None: never again, a person looks."""
    values: dict[str, Any] = {"state": "failed", "error": error, "away_since": None}
    if run_after is not None:
        values |= {"state": "waiting", "run_after": run_after}
    session.execute(update(JobRow).where(JobRow.id == job_id).values(values))


def put_off_for(session: Session, error: str) -> tuple[int, int | None]:
    """How many jobs wait that met this kind of error when they were tried last; since when the first of them does."""
    waiting = select(func.count(), func.min(JobRow.away_since)).where(
        JobRow.state == "waiting", JobRow.error.startswith(f"{error}:", autoescape=True)
    )
    number, since = session.execute(waiting).one()
    return number, since
