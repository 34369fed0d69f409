"""The first page: what waits for this reader, and how far the month is. It says nothing about anybody's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldsvc.services import coverage, deadlines, reach
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.coverage import VillageCoverage
from fieldsvc.services.ledgers import reading
from fieldsvc.services.reviewing import levels
from fieldsvc.store import conflicts, feedback, unsent, visit_log
from fieldsvc.store import waiting as waiting_operations
from fieldsvc.store.conflicts import Only
from fieldsvc.store.unsent import Silent
from fieldsvc.store.visit_order import VisitFilter

#: The ledger of households that are gone and still counted.
GONE = "gone_households"
_DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Home:
    """What waits, each as a number, and this month's coverage by town or by village.

    `gone` are households to be closed, where the county has their ledger, `mine` conflicts handed to the reader,
    `amended` returned visits that came back, `phones` those that hold something and were silent for days.
    """

    to_review: int
    amended: int
    flagged: int
    conflicts: int
    mine: int
    waiting: int
    returned: int
    feedback: int
    overdue: int
    soon: int
    phones: int
    gone: int | None
    places: Sequence[VillageCoverage]
    area_names: Sequence[str]


def of(ctx: Context, month: int, *, by: Actor) -> Home:
    """The first page's numbers. The statements are as many, however much waits."""
    with ctx.db.read() as session:
        within, feed = reach.of(session, by), by.feed_id
        stage = levels.first_stage(ctx.settings, by)
        phones = unsent.silent(session, feed, within.ids, before=_silent_before(ctx))

        def number(state: str, *, flagged: bool | None = None, amended: bool | None = None) -> int:
            wanted = VisitFilter(areas=within.ids, state=state, flagged=flagged, amended=amended)
            return visit_log.count(session, feed, wanted)

        overdue, soon = deadlines.counts(ctx, session, feed, within.ids)
        villages = coverage.villages(session, feed, within, month)
        return Home(
            to_review=number(stage),
            amended=number(stage, amended=True),
            flagged=number(stage, flagged=True),
            conflicts=conflicts.open_number(session, feed, within.ids, Only(held=False)),
            mine=conflicts.open_number(session, feed, within.ids, Only(assignee_id=by.person_id)),
            waiting=waiting_operations.number(session, feed, within.ids),
            returned=number("returned"),
            feedback=feedback.number(session, feed, within.ids),
            overdue=overdue,
            soon=soon,
            phones=len(phones),
            gone=reading.number(ctx, session, GONE, by=by),
            places=coverage.by_town(villages, within),
            area_names=within.roots(),
        )


def silent_phones(ctx: Context, *, by: Actor) -> tuple[Sequence[Silent], int]:
    """Phones with something unsent that were silent for so many days, by the names of those who carry them."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        return unsent.silent(session, by.feed_id, within.ids, before=_silent_before(ctx)), ctx.settings.unsent_days


def _silent_before(ctx: Context) -> int:
    return ctx.now_ms() - ctx.settings.unsent_days * _DAY
