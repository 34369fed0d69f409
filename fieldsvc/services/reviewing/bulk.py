"""Approving many visits at once: those of a queue's filter about which nothing asks for a person.

Left out is whatever a person has to open: a visit with a flag, one whose values are in an open conflict, one that was
drawn for the random share (to approve it unread would make the share worthless), and one whose second approval this
reader may not give. Every visit gets a decision, a notice and an audit row of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fieldsvc.services import reach, review
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.reviewing import levels, queue, share
from fieldsvc.services.visits import COUNTED_TO, LogQuery
from fieldsvc.store import conflicts, visit_log, visit_record

#: At most so many at a time: a person answers for a number she can still picture.
MOST = 500
#: So many decisions to a transaction, so that phones that sync meanwhile do not wait for all of them.
_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Selection:
    """What would be approved, oldest first, and how many are left out by why: flagged, drawn, conflict, second."""

    ids: Sequence[str]
    left_out: Counter[str]
    more: bool


def selection(ctx: Context, query: LogQuery, *, by: Actor, until: int) -> Selection:
    """The visits of a filter that were received up to `until` and may be approved at once."""
    with ctx.db.read() as session:
        return _select(session, ctx, query, by, until)


def approve(ctx: Context, query: LogQuery, *, by: Actor, until: int, words: str) -> int:
    """Approve them; how many were. `words` is the filter as the page said it, kept in every visit's history.

    A visit that changed since, or was flagged, is left as it is: it stays in the queue.
    """
    chosen = selection(ctx, query, by=by, until=until)
    bulk, done = {"filter": words[:300], "number": len(chosen.ids)}, 0
    for ids in _portions(chosen.ids):
        with ctx.db.write() as session:
            for visit_id in ids:
                row = visit_record.get(session, by.feed_id, visit_id, lock=True)
                stage = query.state or levels.WAITING
                if row is None or row.replaced_by_id or row.withdrawn_at or row.flags or row.review_state != stage:
                    continue
                review.write(session, ctx, row, "approve", by, bulk=bulk)
                done += 1
    return done


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _TOGETHER):
        yield ids[start : start + _TOGETHER]


def _select(session: Session, ctx: Context, query: LogQuery, by: Actor, until: int) -> Selection:
    everything = queue.waiting(query, reach.of(session, by))
    left_out: Counter[str] = Counter()
    left_out["flagged"] = visit_log.count(
        session, by.feed_id, replace(everything, flagged=True, until=until), at_most=COUNTED_TO
    )
    wanted = replace(everything, flagged=False, until=until)
    keys = visit_log.keys(session, by.feed_id, wanted, limit=MOST + 1)
    ids = [key[2] for key in keys]
    not_theirs = levels.not_theirs(session, ctx.settings, by, ids) if query.state == levels.PASSED else frozenset()
    standing = conflicts.operations_in_conflict(session, by.feed_id, ids)
    percent, chosen = ctx.settings.review_share_percent, []
    for month, _, visit_id in keys[:MOST]:
        if visit_id in standing:
            left_out["conflict"] += 1
        elif visit_id in not_theirs:
            left_out["second"] += 1
        elif share.is_drawn(ctx.settings.secret_key, by.feed_id, month, percent, visit_id):
            left_out["drawn"] += 1
        else:
            chosen.append(visit_id)
    return Selection(chosen, left_out, more=len(keys) > MOST)
