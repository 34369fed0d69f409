"""A ledger as somebody reads it: a page of its lines within reach, and what all of them come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.ledgers.model import Ledger, Source, Text
from fieldsvc.problems import NotFound
from fieldsvc.services import reach
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.ledgers import shelf, stored
from fieldsvc.services.ledgers.lines import Line, lines
from fieldsvc.services.ledgers.rows import Key, Rows
from fieldsvc.services.ledgers.shelf import Opened
from fieldsvc.services.workdays import day_of
from fieldsvc.store.ledger import where as store
from fieldsvc.store.ledger.where import Where
from fieldsvc.store.places.read import Box


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a ledger: an area within reach, a month (yyyymm), a code for each filter, a box on the map."""

    area: str | None = None
    month: int | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """How many lines (of a repeat: how many submissions), the shares with their counts, the totals by column."""

    rows: int
    shares: Sequence[tuple[Text, int]]
    totals: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of a ledger; `next` is the key of the last line when more follow."""

    opened: Opened
    lines: Sequence[Line]
    next: Key | None
    sums: Sums
    wanted: Wanted
    choices: Mapping[str, tuple[Text, Mapping[str, Text]]]
    reach: reach.Reach


def shelf_of(ctx: Context, *, by: Actor) -> tuple[list[Ledger], list[str]]:
    """The ledgers there are, in the order of their files, and what is wrong with the others.

    Raises `not-found` for somebody who reviews nothing.
    """
    with ctx.db.read() as session:
        reach.of(session, by)
        found, refused = shelf.ledgers(ctx, session)
        return list(found.values()), refused


def page(
    ctx: Context, name: str, wanted: Wanted, *, by: Actor, after: Key | None = None, limit: int = 50
) -> LedgerPage:
    """A page of the ledger, the filters applied. Raises `not-found` for a ledger or an area out of reach."""
    with ctx.db.read() as session:
        found, wanted, rows = _asked(ctx, session, by, name, wanted)
        counted = rows.counted()
        read = rows.page(counted, after, limit + 1)
        zone = ZoneInfo(ctx.settings.time_zone)
        shown = list(lines(session, by.feed_id, found, read[:limit], rows.within, zone, ctx.now_ms()))
        return LedgerPage(
            opened=found,
            lines=shown,
            next=rows.key(read[limit - 1]) if len(read) > limit else None,
            sums=_sums(found.ledger, counted.whole),
            wanted=wanted,
            choices=shelf.choices(ctx, session, found.ledger),
            reach=rows.within,
        )


def number(ctx: Context, session: Session, name: str, *, by: Actor) -> int | None:
    """How many lines a ledger has within reach, from what is kept of it; nothing where there is no such ledger."""
    try:
        _, _, rows = _asked(ctx, session, by, name, Wanted())
    except NotFound:
        return None
    return rows.counted().whole.rows


def every_line(ctx: Context, name: str, wanted: Wanted, *, by: Actor) -> Iterator[Line]:
    """All lines of the ledger within reach, read in batches."""
    with ctx.db.read() as session:
        found, _, rows = _asked(ctx, session, by, name, wanted)
        every, zone = rows.every(rows.counted()), ZoneInfo(ctx.settings.time_zone)
        yield from lines(session, by.feed_id, found, every, rows.within, zone, ctx.now_ms())


def settled(ctx: Context, ledger: Ledger, wanted: Wanted) -> Wanted:
    """What is asked, with only what this ledger can be asked; a ledger of visits is always of one month."""
    month = wanted.month
    if ledger.source is Source.FORM and month is None:
        day = day_of(ctx.now_ms(), ctx.settings.time_zone)
        month = day.year * 100 + day.month
    if ledger.source is not Source.FORM and not ledger.month:
        month = None
    codes = {name: code for name, code in wanted.codes.items() if name in ledger.filters and code}
    return Wanted(wanted.area, month, codes, wanted.box)


def key_of(text: str | None) -> Key | None:
    """The place in a ledger that an address names."""
    return tuple(text.split("~")) if text else None


def _asked(ctx: Context, session: Session, by: Actor, name: str, wanted: Wanted) -> tuple[Opened, Wanted, Rows]:
    within = reach.of(session, by)
    found = shelf.opened(ctx, session, name)
    wanted = settled(ctx, found.ledger, wanted)
    where = Where(within.narrowed(wanted.area), wanted.box)
    asked = (wanted.month, wanted.codes, where, within, ctx.now_ms(), partial(stored.find, ctx.blobs))
    return found, wanted, Rows(ctx.db, session, by.feed_id, found.ledger, *asked)


def _sums(ledger: Ledger, found: store.Sums) -> Sums:
    if ledger.source is not Source.DATASET:
        return Sums(found.rows, [], {})
    totalled = [one.of for one in ledger.columns if one.total]
    return Sums(
        found.rows,
        [(share.label, number) for share, number in zip(ledger.shares, found.shares, strict=True)],
        {name: Decimal(amount) / 100 for name, amount in zip(totalled, found.totals, strict=True)},
    )
