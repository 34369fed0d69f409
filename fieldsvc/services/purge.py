"""Lets go what is kept no longer than the settings say; looks first, and then does it, with a line in the log.

What was sent is never touched: operations, visits, decisions and the log of who wrote stay, and so do photos of every
household that is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy.orm import Session

from fieldsvc.services import aside
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.exporting import orders
from fieldsvc.services.imports import expiry
from fieldsvc.store import audit, form_shelf, import_lines
from fieldsvc.store.purging import gone, views

_DAY_MS = 24 * 60 * 60 * 1000
#: So many rows are named in one statement.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Due:
    """How much is over: lines about who looked, values of deleted records, photos of deleted households, old orders,
    sheets that were imported."""

    views: int
    tombstones: int
    photos: int
    exports: int
    imports: int


def look(ctx: Context, by: Actor) -> Due:
    """How much would go now."""
    with ctx.db.read() as session:
        return _look(session, ctx, by.feed_id)


def carry_out(ctx: Context, by: Actor) -> Due:
    """Let it go, in one commit with its line in the log; files last, so that no row ever names one that is gone.

    The rows of sheets go after that, some at a time: a county's would hold every phone's push. Should this end before
    they are gone, the log has said so, and the next purge goes on. Where nothing is over, nothing is written.
    """
    feed, kept = by.feed_id, ctx.settings
    orders.sweep(ctx)
    with ctx.db.write() as session:
        closed = expiry.close(session, feed, _before(ctx, kept.keep_imports_days))
        due = replace(_look(session, ctx, feed), imports=len(closed))
        if not any(asdict(due).values()):
            return due
        files: set[str] = set()
        for ids in _slices(gone.photos(session, feed, _before(ctx, kept.keep_evidence_days))):
            files |= gone.forget(session, feed, ids)
        files -= form_shelf.pictures(session) if files else set()
        for ids in _slices(gone.tombstones(session, feed, _before(ctx, kept.keep_tombstones_days))):
            gone.empty(session, feed, ids)
        for ids in _slices(gone.exports(session, feed, _before(ctx, kept.keep_exports_days))):
            gone.drop_exports(session, ids)
        seal = views.empty(session, feed, _before(ctx, kept.keep_views_days))
        said = asdict(due) | seal.detail
        audit.append(session, feed, [audit.Entry(ctx.now_ms(), by.person_id, views.PURGE, f"feed:{feed}", None, said)])
    expiry.empty(ctx, closed)
    for names in _slices(sorted(files)):
        with ctx.db.read() as session:
            back = gone.named(session, names)  # a phone has sent the same photo again meanwhile
        for name in sorted(set(names) - back):
            aside.remove(ctx, name)
    return due


def _look(session: Session, ctx: Context, feed: str) -> Due:
    kept = ctx.settings
    return Due(
        views=views.count(session, feed, _before(ctx, kept.keep_views_days)),
        tombstones=len(gone.tombstones(session, feed, _before(ctx, kept.keep_tombstones_days))),
        photos=len(gone.photos(session, feed, _before(ctx, kept.keep_evidence_days))),
        exports=len(gone.exports(session, feed, _before(ctx, kept.keep_exports_days))),
        imports=len(import_lines.over(session, feed, _before(ctx, kept.keep_imports_days))),
    )


def _before(ctx: Context, days: int) -> int:
    """What is older than this is over; with 0 days nothing ever is."""
    return ctx.now_ms() - days * _DAY_MS if days > 0 else 0


def _slices(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]
