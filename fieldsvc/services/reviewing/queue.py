"""The review queue: visits that wait, in three orders, and the one before and after a visit in each.

A queue is a row of segments, read one after the other: of `flags` the flagged visits and then the rest, of `share`
the month's drawn visits, of `all` everything. Within a segment the longest waiting visit comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fieldsvc.services import reach, visits
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake.documents import month_of
from fieldsvc.services.reviewing import levels, share
from fieldsvc.services.visits import COUNTED_TO, LogPage, LogQuery
from fieldsvc.store import visit_log
from fieldsvc.store.visit_log import VisitLine
from fieldsvc.store.visit_order import VisitFilter

#: Flags first (the default), a random share, everything by age.
MODES = ("flags", "share", "all")

#: (segment, month, received_at, id): where a visit stands in a queue.
Place = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue. `numbers` are how many visits each mode has to offer under the same filter, `stages`
    how many wait for each approval, where there are two.

    `month` is the month of the share, `percent` how large a share was asked for.
    """

    log: LogPage
    next: Place | None
    numbers: dict[str, int]
    stages: dict[str, int]
    month: int
    percent: int


def page(ctx: Context, query: LogQuery, *, by: Actor, after: Place | None = None, limit: int = 50) -> QueuePage:
    """A page of the queue within the supervisor's areas. Raises `not-found` for an area out of reach."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        segments = _segments(ctx, query, by, within)
        found = _walk(session, by.feed_id, segments, after, limit + 1)
        shown = found[:limit]
        numbers = {
            mode: _number(session, by.feed_id, _segments(ctx, replace(query, queue=mode), by, within)[:1])
            for mode in MODES
        }
        cadres, forms = visits.choices(session, by, within, query.area)
        return QueuePage(
            log=LogPage([line for _, line in shown], None, numbers[query.queue or MODES[0]], within, cadres, forms),
            next=(shown[-1][0], *shown[-1][1].key) if len(found) > limit else None,
            numbers=numbers,
            stages=_stages(session, ctx, by, replace(query, queue="all"), within),
            month=query.month or _this_month(ctx),
            percent=ctx.settings.review_share_percent,
        )


def neighbours(ctx: Context, visit_id: str, query: LogQuery, *, by: Actor) -> tuple[str | None, str | None]:
    """The visits before and after this one in the queue. Raises `not-found`, also for what is forbidden."""
    with ctx.db.read() as session:
        row = visits.readable(session, visit_id, by)
        segments = _segments(ctx, query, by, reach.of(session, by))
        segment = 1 if len(segments) > 1 and row.flags is None else 0
        key = (row.month, row.received_at, row.id)
        after = _walk(session, by.feed_id, segments, (segment, *key), 1)
        turned = [replace(one, oldest_first=False) for one in reversed(segments)]
        before = _walk(session, by.feed_id, turned, (len(turned) - 1 - segment, *key), 1)
    return (before[0][1].id if before else None), (after[0][1].id if after else None)


def waiting(query: LogQuery, within: reach.Reach) -> VisitFilter:
    """What waits under the filter, whatever the order: for a first approval, or in the stage the query names."""
    return VisitFilter(
        areas=within.narrowed(query.area),
        month=query.month,
        author_id=query.cadre,
        form_id=query.form,
        state=query.state or levels.WAITING,
        amended=query.amended or None,
        oldest_first=True,
    )


def _segments(ctx: Context, query: LogQuery, by: Actor, within: reach.Reach) -> Sequence[VisitFilter]:
    everything = waiting(query, within)
    match query.queue:
        case "all":
            return (everything,)
        case "share":
            # A share of several months would be no share of any of them.
            month = query.month or _this_month(ctx)
            percent = ctx.settings.review_share_percent
            lots = share.drawn(ctx.settings.secret_key, by.feed_id, month, percent)
            return (replace(everything, month=month, lots=lots),)
        case _:
            return replace(everything, flagged=True), replace(everything, flagged=False)


def _walk(
    session: Session, feed_id: str, segments: Sequence[VisitFilter], after: Place | None, limit: int
) -> list[tuple[int, VisitLine]]:
    """At most `limit` visits that follow `after`, each with its segment. Only the segments add statements."""
    found: list[tuple[int, VisitLine]] = []
    start = after[0] if after else 0
    for number, wanted in enumerate(segments[start:], start):
        key = after[1:] if after and number == start else None
        lines = visit_log.page(session, feed_id, wanted, after=key, limit=limit - len(found))
        found += [(number, line) for line in lines]
        if len(found) == limit:
            break
    return found


def _number(session: Session, feed_id: str, segments: Sequence[VisitFilter]) -> int:
    return sum(visit_log.count(session, feed_id, wanted, at_most=COUNTED_TO) for wanted in segments)


def _stages(session: Session, ctx: Context, by: Actor, query: LogQuery, within: reach.Reach) -> dict[str, int]:
    stages = levels.stages(ctx.settings)
    if len(stages) < 2:
        return {}
    of_stage = {stage: _segments(ctx, replace(query, state=stage), by, within) for stage in stages}
    return {stage: _number(session, by.feed_id, segments) for stage, segments in of_stage.items()}


def _this_month(ctx: Context) -> int:
    return month_of(None, ctx.now_ms(), ctx.settings.time_zone)
