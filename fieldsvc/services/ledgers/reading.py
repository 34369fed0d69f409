"""A ledger as somebody reads it: a page of its lines within reach, and what all of them come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.ledgers.model import Condition, Ledger, Source, Text
from fieldsvc.problems import NotFound
from fieldsvc.services import reach
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.ledgers import shelf
from fieldsvc.services.ledgers.lines import Key, Line, lines
from fieldsvc.services.ledgers.shelf import Opened
from fieldsvc.services.workdays import day_of
from fieldsvc.store import ledger_rows
from fieldsvc.store.ledger_rows import Test, Where
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
        within = reach.of(session, by)
        found = shelf.opened(ctx, session, name)
        wanted = settled(ctx, found.ledger, wanted)
        where = Where(within.narrowed(wanted.area), wanted.box)
        rows = list(_rows(ctx, session, by, found.ledger, wanted, where, after, limit + 1))
        zone = ZoneInfo(ctx.settings.time_zone)
        shown = list(lines(session, by.feed_id, found, rows[:limit], within, zone, ctx.now_ms()))
        return LedgerPage(
            opened=found,
            lines=shown,
            next=_key(found.ledger, rows[limit - 1]) if len(rows) > limit else None,
            sums=_sums(ctx, session, by, found.ledger, wanted, where),
            wanted=wanted,
            choices=shelf.choices(ctx, session, found.ledger),
            reach=within,
        )


def every_line(ctx: Context, name: str, wanted: Wanted, *, by: Actor) -> Iterator[Line]:
    """All lines of the ledger within reach, read in batches."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        found = shelf.opened(ctx, session, name)
        wanted = settled(ctx, found.ledger, wanted)
        where = Where(within.narrowed(wanted.area), wanted.box)
        rows = _rows(ctx, session, by, found.ledger, wanted, where, None, None)
        yield from lines(session, by.feed_id, found, rows, within, ZoneInfo(ctx.settings.time_zone), ctx.now_ms())


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


def _rows(
    ctx: Context,
    session: Session,
    by: Actor,
    ledger: Ledger,
    wanted: Wanted,
    where: Where,
    after: Key | None,
    limit: int | None,
) -> Iterable[Any]:
    feed = by.feed_id
    if after is not None and not _is_place(ledger, after):
        raise NotFound()
    if ledger.source is Source.FORM:
        assert wanted.month is not None
        at = (int(after[0]), after[1]) if after else None
        holds = _holds(ledger)
        return ledger_rows.of_form(session, feed, ledger.of, wanted.month, where, holds, after=at, limit=limit)
    place = (after[0], after[1], after[2]) if after else None
    if ledger.source is Source.PAIRINGS:
        return ledger_rows.pairings(session, feed, ctx.now_ms(), where, after=place, limit=limit)
    tests = _tests(ledger, wanted)
    return ledger_rows.of_dataset(session, feed, ledger.of, where, tests, after=place, limit=limit)


def _sums(ctx: Context, session: Session, by: Actor, ledger: Ledger, wanted: Wanted, where: Where) -> Sums:
    feed = by.feed_id
    if ledger.source is Source.FORM:
        assert wanted.month is not None
        holds = _holds(ledger)
        return Sums(ledger_rows.number_of_form(session, feed, ledger.of, wanted.month, where, holds), [], {})
    if ledger.source is Source.PAIRINGS:
        return Sums(ledger_rows.number_of_pairings(session, feed, ctx.now_ms(), where), [], {})
    totalled = [one.of for one in ledger.columns if one.total]
    shares = [[_test(one) for one in share.where] for share in ledger.shares]
    found = ledger_rows.sums_of_dataset(session, feed, ledger.of, where, _tests(ledger, wanted), shares, totalled)
    return Sums(
        found.rows,
        [(share.label, number) for share, number in zip(ledger.shares, found.shares, strict=True)],
        {name: Decimal(amount) / 100 for name, amount in zip(totalled, found.totals, strict=True)},
    )


def _tests(ledger: Ledger, wanted: Wanted) -> list[Test]:
    found = [_test(one) for one in ledger.where]
    found += [Test(name, "has", frozenset({code})) for name, code in wanted.codes.items()]
    if wanted.month is not None:
        year, month = divmod(wanted.month, 100)
        found.append(Test(ledger.month, "month", frozenset({f"{year:04}-{month:02}"})))
    return found


def _test(one: Condition) -> Test:
    return Test(one.of, one.how.value, one.values)


def _holds(ledger: Ledger) -> tuple[str, ...]:
    return tuple(ledger.repeat.strip("/").split("/")) if ledger.repeat else ()


def _is_place(ledger: Ledger, key: Key) -> bool:
    if ledger.source is Source.FORM:
        return len(key) == 2 and key[0].isascii() and key[0].isdigit() and len(key[0]) < 17
    return len(key) == 3


def _key(ledger: Ledger, row: Any) -> Key:
    if ledger.source is Source.FORM:
        return (str(row.received_at), row.id)
    return (row.code, row.subject_id, row.id)
