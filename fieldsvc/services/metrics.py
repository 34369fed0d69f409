"""The server in numbers, for whoever watches several: what waits, what came, what is kept. Never who.

Everything is counted in the database when it is asked for, so that every process and machine tells the same. What
grows with the years is read by an index, with one exception: no index holds the bytes of photos, so that their number
and size read every row of `blobs`, one for each photo. Uploads are read whole too, and go when their days are over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from fieldsvc.ids import uuid7
from fieldsvc.services import store_watch
from fieldsvc.services.context import Context
from fieldsvc.store import feeds, pulse
from fieldsvc.store.pulse import Counts

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Measure:
    """One number: its name, what it counts, and its value under each set of labels."""

    name: str
    meaning: str
    values: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = field(default=())


def measure(ctx: Context) -> list[Measure]:
    """Every number, from one snapshot. Raises `database-away`."""
    with ctx.db.read() as session:
        return [*_work(ctx, session), *_intake(ctx, session), *_kept(session)]


def _work(ctx: Context, session: Session) -> Iterator[Measure]:
    yield Measure("jobs", "Jobs that are not done.", pulse.jobs(session), ("kind", "state"))
    waits = store_watch.waiting(ctx, session)
    yield Measure("jobs_waiting_for_store", "Jobs that the object store keeps waiting.", {(): waits.number})
    oldest = pulse.oldest_due_job(session, ctx.now_ms())
    late = 0.0 if oldest is None else (ctx.now_ms() - oldest) / 1000
    yield Measure("job_lag_seconds", "How long the job that waits longest has been due.", {(): late})


def _intake(ctx: Context, session: Session) -> Iterator[Measure]:
    positions: Counts = {(feed.id,): float(feed.position) for feed in feeds.all_feeds(session)}
    yield Measure("feed_position", "Changes each feed has had.", positions, ("feed",))
    yield Measure("feed_changed_at_ms", "When each feed last changed.", pulse.last_changes(session), ("feed",))
    since = uuid7(ctx.now_ms() - _DAY_MS, 0)
    yield Measure(
        "receipts", "Operations made in the last day, by verdict.", pulse.verdicts(session, since), ("status",)
    )
    yield Measure("operations_waiting", "Operations that wait.", pulse.waiting_operations(session), ("status",))
    yield Measure("conflicts_open", "Values that a person must decide.", {(): pulse.open_conflicts(session)})
    operations, photos, lag = pulse.on_phones(session, ctx.now_ms())
    yield Measure("phones_pending_operations", "Operations that phones said they still hold.", {(): operations})
    yield Measure("phones_pending_photos", "Photos that phones said they still hold.", {(): photos})
    yield Measure("feed_lag_seconds", "Silence of the longest silent phone that holds unsent work.", {(): lag})


def _kept(session: Session) -> Iterator[Measure]:
    number, size = pulse.blobs(session)
    yield Measure("blobs", "Photos and files kept.", {(): number})
    yield Measure("blob_bytes", "Their size.", {(): size})
    yield Measure("uploads_unfinished", "Uploads on their way.", {(): pulse.unfinished_uploads(session)})
