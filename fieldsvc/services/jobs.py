"""Work that a request only notes and a worker does: derived pictures, exports, reports.

A job is a row committed together with its cause, so no crash loses it. Huey only wakes the worker
sooner; a wake-up that is lost is repaired by the worker's own sweep.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, cast

import structlog
from huey import Huey, PostgresHuey, SqliteHuey
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from fieldsvc.failpoints import reached
from fieldsvc.problems import ServerBusy
from fieldsvc.services.context import Context
from fieldsvc.store import jobs
from fieldsvc.store.tables import JobRow

# Given the context, the feed's id and the job's payload. It may run twice for one job (a worker may die
# after the work and before saying so): doing it again must end in the same state.
Handler = Callable[[Context, str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Watched:
    """A handler whose work somebody at a desk waits for: `give_up` says so there once no attempt is left."""

    work: Handler
    give_up: Handler

    def __call__(self, ctx: Context, feed_id: str, payload: Mapping[str, Any]) -> None:
        """Do the work."""
        self.work(ctx, feed_id, payload)


LEASE_MS = 15 * 60 * 1000
ATTEMPTS = 8
#: A job whose object store or database is away is looked at again after so long, and spends no attempt: an hour without
#: them would end for good the work on all photos that came meanwhile. What has waited longer for them is looked
#: at less often (after a quarter of that time, at least once an hour): behind a key that nobody mends stand all photos.
#: The first that gets through calls the others back.
AWAY_MS = 5 * 60 * 1000
MOST_AWAY_MS = 60 * 60 * 1000
#: So many photos are taken and ended together, each time in one commit: apart, that cost the disk two for every photo.
#: Opening one takes a minute at most, so that the last is done before its lease is over.
TOGETHER = 8
DAY_MS = 24 * 60 * 60 * 1000
#: So many jobs that are long done are deleted in one commit.
_DROPPED = 2000
_SHORT = {"derive"}

log = structlog.get_logger(__name__)


def add(session: Session, ctx: Context, feed_id: str, kind: str, payload: dict[str, Any]) -> None:
    """Note a job in the caller's transaction, and wake the worker when that has committed."""
    now = ctx.now_ms()
    if "wakes" not in session.info:
        session.info["wakes"] = True
        event.listen(session, "after_commit", lambda ended: None if ended.in_nested_transaction() else wake(ctx))
    jobs.add(session, job_id=ctx.new_id(), feed_id=feed_id, kind=kind, payload=payload, now_ms=now)


def run_due(ctx: Context, handlers: Mapping[str, Handler], most: int = 1000) -> int:
    """Do the due jobs for which there is a handler, one after the other; return how many were tried."""
    tried = 0
    while tried < most and (taken := _take(ctx, handlers, most - tried)):
        _do_all(ctx, taken, handlers)
        tried += len(taken)
    return tried


def tidy(ctx: Context) -> int:
    """Forget jobs that were done long ago, some thousands at a time so that no push waits long; how many."""
    if ctx.settings.keep_jobs_days <= 0:
        return 0
    before, dropped = ctx.now_ms() - ctx.settings.keep_jobs_days * DAY_MS, 0
    while True:
        with ctx.db.write() as session:
            some = jobs.drop_done(session, before, _DROPPED)
        dropped += some
        if some < _DROPPED:
            return dropped


def _take(ctx: Context, handlers: Mapping[str, Handler], most: int) -> list[JobRow]:
    """The job that has waited longest, and if it is a short one the short ones behind it; none when none is due.

    One that was tried before goes alone: should it end the worker, it takes nobody else's attempts with it.
    """
    while True:
        with ctx.db.read() as session:
            due = jobs.due(session, ctx.now_ms(), list(handlers), min(TOGETHER, most))
        if not due:
            return []
        short = list(takewhile(lambda job: job.kind in _SHORT and not job.attempts, due))
        with ctx.db.write() as session:
            lease = ctx.now_ms() + LEASE_MS
            taken = [job for job in short or due[:1] if jobs.claim(session, job, lease_until=lease)]
        if taken:
            return taken


def _do_all(ctx: Context, taken: Sequence[JobRow], handlers: Mapping[str, Handler]) -> None:
    reached("job.taken")
    done = [job for job in taken if _do(ctx, job, handlers)]
    reached("job.done")
    if done:
        with ctx.db.write() as session:
            for job in done:
                jobs.finish(session, job.id)
            if any(job.away_since is not None or job.kind in _SHORT for job in done):
                # It had met a store that was away, or opened a photo there: nobody need wait for it any longer.
                jobs.call_back(session, ctx.now_ms())
    reached("job.noted")


def _do(ctx: Context, job: JobRow, handlers: Mapping[str, Handler]) -> bool:
    """Do one job; whether it is done. One that fails is put back at once, and an outage is no failure of the job's."""
    handler = handlers[job.kind]
    try:
        handler(ctx, job.feed_id, job.payload)
    except ServerBusy as away:
        name, now = type(away).__name__, ctx.now_ms()
        since = now if job.away_since is None else job.away_since
        later = now + min(max(AWAY_MS, (now - since) // 4), MOST_AWAY_MS)
        log.warning("job put off", job=job.id, kind=job.kind, error=name)
        with ctx.db.write() as session:
            jobs.put_off(session, job.id, error=f"{name}: {away}"[:500], run_after=later, since=since)
        return False
    except Exception as error:  # the other jobs go on, and a person can read why this one did not
        name, attempt = type(error).__name__, job.attempts + 1
        again = None if attempt >= ATTEMPTS else ctx.now_ms() + 15_000 * 2**attempt
        log.warning("job failed", job=job.id, kind=job.kind, attempt=attempt, error=name)
        if again is None and isinstance(handler, Watched):
            handler.give_up(ctx, job.feed_id, job.payload)
        with ctx.db.write() as session:
            jobs.put_back(session, job.id, error=f"{name}: {error}"[:500], run_after=again)
        return False
    return True


def open_queue(database_url: str, folder: Path) -> Huey:
    """The queue that carries wake-ups from the web processes to the worker."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        # Without fsync: the job itself is in the database, only its wake-up is here.
        return SqliteHuey("fieldsvc", filename=str(folder / "wake.db"), fsync=False, results=False)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey("fieldsvc", dsn=dsn, results=False)


def on_wake(queue: Huey, run: Callable[[], object]) -> Callable[[], object]:
    """Declare what a wake-up does at this end of the queue; calling the result sends one."""

    def wake_up() -> None:
        run()

    return cast(Callable[[], object], queue.task()(wake_up))


@cache
def _sender(database_url: str, folder: Path) -> Callable[[], object]:
    queue = open_queue(database_url, folder)
    atexit.register(queue.storage.close)  # PostgreSQL's log calls a connection that vanishes an error
    return on_wake(queue, lambda: None)


def wake(ctx: Context) -> None:
    """Tell the worker that a job was committed; harmless when there is no worker."""
    try:
        _sender(ctx.settings.database_url, ctx.settings.data_folder)()
    except Exception as error:  # the job is safe; failing the request now would only make a phone repeat it
        log.warning("wake-up lost", error=type(error).__name__)
