"""A ledger as a file: the same columns, lines and totals as on screen, masked alike, on record before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fieldsvc.ledgers.model import Text
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.exports import mask
from fieldsvc.services.ledgers import shelf
from fieldsvc.services.ledgers.lines import Line
from fieldsvc.services.ledgers.reading import Wanted, every_line
from fieldsvc.services.ledgers.shelf import Heading, Opened
from fieldsvc.store import audit

NUMBER = {"zh": "序号", "en": "No."}
TOTAL = {"zh": "合计", "en": "Total"}


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """What is written: the title, the headings in order, which of them hold numbers, and the rows."""

    label: Text
    headings: Sequence[str]
    numeric: frozenset[str]
    rows: Iterator[dict[str, str]]


def export(ctx: Context, name: str, wanted: Wanted, language: str, *, by: Actor) -> LedgerFile:
    """Every line, and a last one with the totals, on record. Raises `not-allowed`, `not-found`."""
    access.require_anywhere(by, [Action.EXPORT])
    with ctx.db.write() as session:
        shelf.opened(ctx, session, name)
        detail = {"area": wanted.area, "month": wanted.month, "codes": dict(wanted.codes), "box": wanted.box}
        entry = audit.Entry(ctx.now_ms(), by.person_id, "export", f"ledger:{name}", detail=detail)
        audit.append(session, by.feed_id, [entry])
    return made(ctx, name, wanted, language, by=by)


def made(ctx: Context, name: str, wanted: Wanted, language: str, *, by: Actor, full: bool = False) -> LedgerFile:
    """The same for a caller who has checked the right and noted the export already; `full` shows what is masked, and
    its reason is noted too. Raises `not-found`."""
    with ctx.db.read() as session:
        found = shelf.opened(ctx, session, name)
    heads = headings(found, language)
    numeric = frozenset(
        text for text, one in zip(heads[1:], found.headings, strict=True) if one.column.numeric or one.total
    )
    return LedgerFile(
        found.ledger.label,
        heads,
        numeric | {heads[0]},
        _rows(found, heads, every_line(ctx, name, wanted, by=by), language, full),
    )


def headings(found: Opened, language: str) -> list[str]:
    """What stands over the columns, the running number first; two that say the same are told apart."""
    said = [NUMBER[language]]
    for one in found.headings:
        text = one.column.label[language]
        said.append(f"{text} [{one.of}]" if text in said else text)
    return said


def shown(heading: Heading, line: Line, language: str, *, full: bool = False) -> str:
    """A cell in words; what is secret is masked on every ledger, unless a file was ordered `full`."""
    value = line.values.get(heading.of)
    text = heading.column.shown(value, language)
    return mask(text) if heading.secret and not full else text


def _rows(
    found: Opened, heads: Sequence[str], every: Iterator[Line], language: str, full: bool
) -> Iterator[dict[str, str]]:
    sums = {one.of: Decimal(0) for one in found.headings if one.total}
    number = 0
    for number, line in enumerate(every, start=1):
        for of in sums:
            sums[of] += _amount(line.values.get(of))
        cells = [shown(one, line, language, full=full) for one in found.headings]
        yield dict(zip(heads, [str(number), *cells], strict=True))
    if number and sums:
        last = [str(sums[one.of]) if one.total else "" for one in found.headings]
        yield dict(zip(heads, [TOTAL[language], *last], strict=True))


def _amount(value: object) -> Decimal:
    try:
        found = Decimal(str(value or "0"))
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)
