"""Rows of a ledger from the store. Records and pairings are walked village by village, in the order of their codes.

The villages' codes are in another table than the rows, so that no index has a ledger's whole order: asked for in one
go, all rows of a county were joined and sorted for a page of fifty. What the villages hold is counted anyway, for the
totals; so a page reads only the villages it lies in, and a file one village after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.ledgers.model import OF_HOUSEHOLD, Condition, Ledger, Source
from fieldsvc.problems import NotFound
from fieldsvc.services.ledgers import kept
from fieldsvc.services.ledgers.kept import Kept, Question
from fieldsvc.services.reach import Reach
from fieldsvc.store.engine import Database
from fieldsvc.store.ledger import forms, pairings, records, unpaired
from fieldsvc.store.ledger.where import Sums, Test, Where

#: Where a row stands: (village code, household, row), or (moment of arrival, submission).
Key = tuple[str, ...]
Village = str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What all rows come to, and how many of them each village holds; of submissions no village is known."""

    whole: Sums
    villages: Mapping[Village, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one ledger as they are asked for: `month` yyyymm, `codes` by property.

    `found` is asked for sums that others have counted.
    """

    db: Database
    session: Session
    feed_id: str
    ledger: Ledger
    month: int | None
    codes: Mapping[str, str]
    where: Where
    within: Reach
    at_ms: int
    found: Callable[[Question], Kept | None] = lambda _: None

    def counted(self) -> Counted:
        """How many rows there are, and what they come to."""
        if self.ledger.source is Source.FORM:
            number = forms.number(self.session, self.feed_id, *self._form(), self.where, _holds(self.ledger))
            return Counted(Sums(number, [], []))
        if self.ledger.source is Source.PAIRINGS:
            paired = pairings.number(self.session, self.feed_id, self.at_ms, self.where)
            return Counted(Sums(sum(paired.values()), [], []), paired)
        if self.ledger.source is Source.UNPAIRED:
            alone = unpaired.number(self.session, self.feed_id, self.at_ms, self.where, self._of_household())
            return Counted(Sums(sum(alone.values()), [], []), alone)
        question = replace(whole(self.feed_id, self.ledger), tests=tuple(self._tests()))
        # A box is drawn anew each time: nobody asks for the same one again.
        if self.where.box is None:
            found = kept.sums(self.db, self.session, question, self.where.areas, self.found)
        else:
            found = question.asked(self.session, self.where)
        every = _sum(found.values(), len(question.shares), len(question.totals))
        return Counted(every, {area: one.rows for area, one in found.items()})

    def page(self, counted: Counted, after: Key | None, limit: int) -> Sequence[Any]:
        """So many rows after a place; raises `not-found` for what is no place in this ledger."""
        if after is not None and not _is_place(self.ledger, after):
            raise NotFound()
        if self.ledger.source is Source.FORM:
            at = (int(after[0]), after[1]) if after else None
            return list(self._of_form(after=at, limit=limit))
        place = (after[0], after[1], after[2]) if after else None
        villages = [one for together in self._villages(counted, after, limit) for one in together]
        return list(self._of_villages(villages, after=place, limit=limit)) if villages else []

    def every(self, counted: Counted) -> Iterator[Any]:
        """All rows, in batches."""
        if self.ledger.source is Source.FORM:
            yield from self._of_form()
        for together in self._villages(counted, None, None):
            yield from self._of_villages(together)

    def key(self, row: Any) -> Key:
        """Where a row stands."""
        if self.ledger.source is Source.FORM:
            return (str(row.received_at), row.id)
        return (row.code, row.subject_id, row.id)

    def _villages(self, counted: Counted, after: Key | None, limit: int | None) -> Iterator[list[Village]]:
        """The villages that hold so many rows after a place, those of one code together, in the order of the codes."""

        def code(village: Village) -> str:
            area = self.within.areas.get(village or "")
            return area.code if area else ""

        found = 0
        for of, together in groupby(sorted(counted.villages, key=code), key=code):
            if after is not None and of < after[0]:
                continue
            villages = list(together)
            yield villages
            if after is None or of != after[0]:  # of the village that the last page ended in, an unknown part is left
                found += sum(counted.villages[one] for one in villages)
            if limit is not None and found >= limit:
                return

    def _of_villages(self, villages: Collection[Village], **part: Any) -> Iterator[Any]:
        if self.ledger.source is Source.PAIRINGS:
            return pairings.rows(self.session, self.feed_id, self.at_ms, villages, self.where, **part)
        if self.ledger.source is Source.UNPAIRED:
            alone = self._of_household()
            return unpaired.rows(self.session, self.feed_id, self.at_ms, villages, self.where, alone, **part)
        tests = self._tests()
        return records.rows(self.session, self.feed_id, self.ledger.of, villages, self.where, tests, **part)

    def _of_form(self, **part: Any) -> Iterator[Any]:
        return forms.rows(self.session, self.feed_id, *self._form(), self.where, _holds(self.ledger), **part)

    def _form(self) -> tuple[str, int]:
        assert self.month is not None  # a ledger of submissions is always of one month
        return self.ledger.of, self.month

    def _of_household(self) -> list[Test]:
        """The conditions of a ledger of households, on their own properties."""
        return [replace(one, of=one.of.removeprefix(OF_HOUSEHOLD)) for one in map(_test, self.ledger.where)]

    def _tests(self) -> list[Test]:
        found = [_test(one) for one in self.ledger.where]
        found += [Test(name, "has", frozenset({code})) for name, code in self.codes.items()]
        if self.month is not None:
            year, month = divmod(self.month, 100)
            found.append(Test(self.ledger.month, "month", frozenset({f"{year:04}-{month:02}"})))
        return found


def whole(feed_id: str, ledger: Ledger) -> Question:
    """What all records of a ledger come to, unfiltered."""
    return Question(
        feed_id,
        ledger.of,
        tuple(_test(one) for one in ledger.where),
        tuple(tuple(_test(one) for one in share.where) for share in ledger.shares),
        tuple(one.of for one in ledger.columns if one.total),
    )


def _sum(parts: Collection[Sums], shares: int, totals: int) -> Sums:
    return Sums(
        sum(one.rows for one in parts),
        [sum(one.shares[place] for one in parts) for place in range(shares)],
        [sum(one.totals[place] for one in parts) for place in range(totals)],
    )


def _test(one: Condition) -> Test:
    return Test(one.of, one.how.value, one.values)


def _holds(ledger: Ledger) -> tuple[str, ...]:
    return tuple(ledger.repeat.strip("/").split("/")) if ledger.repeat else ()


def _is_place(ledger: Ledger, key: Key) -> bool:
    if ledger.source is Source.FORM:
        return len(key) == 2 and key[0].isascii() and key[0].isdigit() and len(key[0]) < 17
    return len(key) == 3
