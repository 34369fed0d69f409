"""What a ledger of records comes to, kept by village from one reading to the next.

Totals and shares need every record of a county, a third of a second of a processor however they are asked for. So a
process keeps what it counted, and counts again only the villages in which the feed says something was written since.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from fieldsvc.store.engine import Database
from fieldsvc.store.ledger import changed, records
from fieldsvc.store.ledger.where import Sums, Test, Where

Village = str | None
#: So many ledgers with their filters: about two hundred kilobytes each in a county of six hundred villages.
MOST = 32
#: Counting anew is quicker than reading more of the feed than this.
MOST_CHANGES = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is added up: records of a dataset that pass all tests, those that pass each share, and each total."""

    feed_id: str
    dataset: str
    tests: tuple[Test, ...]
    shares: tuple[tuple[Test, ...], ...]
    totals: tuple[str, ...]

    def asked(self, session: Session, where: Where, villages: set[Village] | None = None) -> dict[Village, Sums]:
        """The answer from the rows themselves, of some villages or of all."""
        parts = (where, self.tests, self.shares, self.totals, villages)
        return records.sums(session, self.feed_id, self.dataset, *parts)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was counted, and the position of the feed it was true at: a few numbers a village, no record."""

    epoch: str
    position: int
    sums: Mapping[Village, Sums]


@dataclass(slots=True)
class _Shelf:
    lock: Lock = field(default_factory=Lock)
    kept: OrderedDict[Question, Kept] = field(default_factory=OrderedDict)


_SHELVES: WeakKeyDictionary[Database, _Shelf] = WeakKeyDictionary()


def sums(
    db: Database,
    session: Session,
    question: Question,
    areas: Sequence[str] | None,
    found: Callable[[Question], Kept | None] = lambda _: None,
) -> dict[Village, Sums]:
    """What each village comes to that has rows, of these areas alone; `session` is a snapshot of `db`.

    `found` is asked for what others have counted, where this process has not yet.
    """
    shelf = _SHELVES.setdefault(db, _Shelf())
    now = brought_up(session, question, held(db, question) or found(question))
    with shelf.lock:
        shelf.kept[question] = now
        shelf.kept.move_to_end(question)
        while len(shelf.kept) > MOST:
            shelf.kept.popitem(last=False)
    within = None if areas is None else set(areas)
    return {village: one for village, one in now.sums.items() if within is None or village in within}


def held(db: Database, question: Question) -> Kept | None:
    """What this process keeps of a question."""
    shelf = _SHELVES.setdefault(db, _Shelf())
    with shelf.lock:
        return shelf.kept.get(question)


def brought_up(session: Session, question: Question, was: Kept | None) -> Kept:
    """What was counted, as it is now: `was` itself where nothing is written since, else the changed villages anew."""
    feed = question.feed_id
    epoch, position = changed.standing(session, feed)
    if was is not None and was.epoch == epoch and was.position >= position:
        return was
    if was is None or was.epoch != epoch or position - was.position > MOST_CHANGES:
        return Kept(epoch, position, question.asked(session, Where()))
    stale = changed.villages(session, feed, question.dataset, was.position)
    if not stale:
        return Kept(epoch, position, was.sums)
    others = {village: one for village, one in was.sums.items() if village not in stale}
    return Kept(epoch, position, {**others, **question.asked(session, Where(), stale)})
