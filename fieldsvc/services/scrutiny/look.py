"""When visits are looked at: as the feed grows, and again when a photo arrives. Doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import definitions, jobs
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake.documents import photos_in
from fieldsvc.services.scrutiny import moved, reuse, visit
from fieldsvc.services.scrutiny.reuse import Alike
from fieldsvc.store import feeds, flags, household_record, submissions
from fieldsvc.store.flags import Flag
from fieldsvc.store.tables import SubmissionRow

#: Few enough that no phone's push waits long behind the flags of a stretch.
STRETCH = 200


def sweep(ctx: Context, most_stretches: int = 20) -> int:
    """Look at the visits that came or changed since the last time, feed by feed; return how many were looked at."""
    with ctx.db.read() as session:
        ids = [feed.id for feed in feeds.all_feeds(session)]
    looked = 0
    alike = Alike(ctx)
    for feed_id in ids:
        for _ in range(most_stretches):
            number = _stretch(ctx, feed_id, alike)
            if number is None:
                break
            looked += number
    return looked


def _stretch(ctx: Context, feed_id: str, alike: Alike) -> int | None:
    """Look at the visits in the next stretch of a feed; how many, or None at its end."""
    with ctx.db.read() as session:
        start = flags.seen_up_to(session, feed_id)
        stretch = flags.unseen(session, feed_id, start, STRETCH)
        known = definitions.datasets(ctx, session)
        home_of = cache(partial(moved.home_of, session, feed_id, known))
        visits = submissions.get_many(session, feed_id, stretch.visits)
        pictures = flags.photos_of(session, feed_id, stretch.visits)
        found = [
            flag
            for each in stretch.visits
            if each in visits
            for flag in _of_visit(ctx, session, home_of, alike, visits[each], pictures.get(each, ()))
        ]
        again, untrue = moved.look(ctx, session, feed_id, known, stretch.records)
    if stretch.end == start:
        return None
    with ctx.db.write() as session:
        flags.raise_all(session, feed_id, [*found, *again], ctx.now_ms())
        for each in flags.flagged(session, feed_id, stretch.visits):
            flags.count(session, feed_id, each)
        flags.seen_to(session, feed_id, stretch.end)
        moved.withdraw(ctx, session, feed_id, untrue)
    return len(stretch.visits)


def look_at_photo(ctx: Context, feed_id: str, sha256: str) -> None:
    """A photo was opened: compare it with the others."""
    with ctx.db.read() as session:
        found = list(reuse.of_photo(ctx, session, feed_id, sha256, Alike(ctx)))
    if found:
        with ctx.db.write() as session:
            flags.raise_all(session, feed_id, found, ctx.now_ms())


def clock_is_off(ctx: Context, by: Actor, sent_at: int, operations: Sequence[str]) -> None:
    """Note for later that these operations came from a phone whose clock is wrong by more than the setting."""
    off = sent_at - ctx.now_ms()
    if operations and abs(off) > ctx.settings.flag_clock_minutes * 60_000:
        with ctx.db.write() as session:
            jobs.add(session, ctx, by.feed_id, "clock", {"operations": list(operations), "off_ms": off})


def look_at_clock(ctx: Context, feed_id: str, payload: Mapping[str, Any]) -> None:
    """Job: flag the visits among operations that a phone with a wrong clock sent."""
    with ctx.db.write() as session:
        visits = submissions.get_many(session, feed_id, payload["operations"])
        facts = {"minutes": round(payload["off_ms"] / 60_000)}
        flags.raise_all(session, feed_id, [Flag(each, "clock", "", facts) for each in visits], ctx.now_ms())


def _of_visit(
    ctx: Context,
    session: Session,
    home_of: Callable[[str], Any],
    alike: Alike,
    row: SubmissionRow,
    pictures: Sequence[str],
) -> Iterator[Flag]:
    if row.replaced_by_id or row.withdrawn_at or "trial" in (row.flags or {}):
        return
    feed_id = row.feed_id
    definition = definitions.form(ctx, session, row.form_id, row.form_version) or {}
    # Most visits have no photo, and most households many records.
    named = next(photos_in(row.answers), None)
    records = household_record.members(session, feed_id, row.subject_id) if named else ()
    yield from visit.far(row, definition, home_of(row.subject_id), ctx.settings)
    yield from visit.photos(row, definition, records, ctx.settings)
    for sha256 in pictures:
        yield from reuse.of_photo(ctx, session, feed_id, sha256, alike, row.id)
