"""A board as a supervisor reads it: figures for each area one level below the chosen one, and a page of its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import definitions, reach, workdays
from fieldsvc.services.access import Actor
from fieldsvc.services.boards.model import Board, boards
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets
from fieldsvc.services.dossier import series
from fieldsvc.services.dossier.series import Series
from fieldsvc.services.reach import Reach
from fieldsvc.store import boards as rows
from fieldsvc.store.boards import Key, Line


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a board: an area, a code of its column, an item, only what is overdue."""

    area: str | None = None
    code: str | None = None
    overdue: bool = False


@dataclass
class Figures:
    """The figures of one area with everything below it; money in yuan."""

    area_id: str | None
    name: str
    codes: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    planned: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @property
    def total(self) -> int:
        """How many records there are; each stands under exactly one code."""
        return self.codes.total()


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One board: the whole, its parts, and a page of records.

    `line`: the codes in their order; `counted`: the codes that each share counts.
    """

    board: Board
    whole: Figures
    parts: Sequence[Figures]
    line: Sequence[str]
    counted: Sequence[frozenset[str]]
    lines: Sequence[Line]
    next: Key | None
    series: Mapping[str, Series]
    reach: Reach
    wanted: Wanted
    definition: Mapping[str, Any]


def shelf(ctx: Context, *, by: Actor) -> list[Board]:
    """The boards whose records this county keeps. Raises `not-found` for somebody who reviews nothing."""
    with ctx.db.read() as session:
        reach.of(session, by)
        known = definitions.datasets(ctx, session)
        return [one for one in boards().values() if one.dataset in known and not known.is_off(one.dataset)]


def page(ctx: Context, name: str, wanted: Wanted, *, by: Actor, after: Key | None = None, limit: int = 50) -> BoardPage:
    """One board within a supervisor's areas. Raises `not-found`, also for an area out of reach."""
    board = boards().get(name)
    today = workdays.day_of(ctx.now_ms(), ctx.settings.time_zone).isoformat()
    with ctx.db.read() as session:
        within = reach.of(session, by)
        known = definitions.datasets(ctx, session)
        if board is None or board.dataset not in known or known.is_off(board.dataset):
            raise NotFound
        areas, feed = within.narrowed(wanted.area), by.feed_id
        parts = _parts(session, feed, board, within, wanted.area, areas, today)
        where = {board.by: wanted.code} if wanted.code is not None else {}
        found = rows.page(
            session,
            feed,
            board.dataset,
            areas,
            where,
            overdue_on=today if wanted.overdue else None,
            after=after,
            limit=limit + 1,
        )
        lines = found[:limit]
        process = known.processes.get(board.dataset)
        line = tuple(process.line) if process else ()
        return BoardPage(
            board=board,
            whole=_sum(parts),
            parts=parts,
            line=list(dict.fromkeys([*line, *_codes(known, board)])),
            counted=[share.counts(line) for share in board.shares],
            lines=lines,
            next=lines[-1].key if len(found) > limit else None,
            series=series.of_records(ctx, session, feed, [one.id for one in lines]) if board.gallery else {},
            reach=within,
            wanted=wanted,
            definition=known.definition(board.dataset),
        )


def _parts(
    session: Session,
    feed: str,
    board: Board,
    within: Reach,
    chosen: str | None,
    areas: Sequence[str] | None,
    today: str,
) -> list[Figures]:
    """The figures of each area directly below the chosen one that has records."""
    found: dict[str | None, Figures] = {}

    def of(area_id: str) -> Figures:
        above = _below(within, chosen, area_id)
        return found.setdefault(above, Figures(above, within.areas[above].name if above else ""))

    for area, code, number in rows.counts(session, feed, board.dataset, board.by, areas, {}):
        of(area).codes[code] += number
    for area, number in rows.overdue(session, feed, board.dataset, today, areas).items():
        of(area).overdue += number
    if board.items:
        for area, codes, number in rows.counts(session, feed, board.dataset, board.items, areas, {}):
            for code in codes.split():
                of(area).items[code] += number
    if board.planned:
        for area, value, number in rows.counts(session, feed, board.dataset, board.planned, areas, {}):
            of(area).planned += _yuan(value) * number
    if board.paid:
        for area, value, number in rows.counts(session, feed, *board.paid, areas, {}):
            of(area).paid += _yuan(value) * number
    order = {area_id: place for place, area_id in enumerate(within.areas)}
    return sorted(found.values(), key=lambda one: order.get(one.area_id or "", -1))


def _below(within: Reach, chosen: str | None, area_id: str) -> str | None:
    """The area one level below the chosen one (or the topmost) in which this area lies; itself when there is none."""
    area = within.areas.get(area_id)
    if area is None:
        return None
    top = within.areas[chosen].depth if chosen else min(one.depth for one in within.areas.values())
    above = [one for one in within.areas.values() if area.path.startswith(one.path) and one.depth in (top, top + 1)]
    return max(above, key=lambda one: one.depth).id if above else area_id


def _sum(parts: Iterable[Figures]) -> Figures:
    whole = Figures(None, "")
    for one in parts:
        whole.codes += one.codes
        whole.items += one.items
        whole.overdue += one.overdue
        whole.planned += one.planned
        whole.paid += one.paid
    return whole


def _codes(known: Datasets, board: Board) -> list[str]:
    """The codes that the board's property may have, in the order of their list."""
    listed = known.properties(board.dataset).get(board.by, {}).get("choices") or ()
    if isinstance(listed, str):
        listed = known.definition(board.dataset).get("choices", {}).get(listed, ())
    return [str(one["value"]) for one in listed]


def _yuan(value: str) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        return Decimal(0)
