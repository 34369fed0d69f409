"""Deciding who is right: their value is written like any correction at a desk, ours stays, the village is asked, or a
row that only they have becomes a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, NotUnique, PreconditionFailed, Problem, ProcessBroken, ReasonMissing
from fieldsvc.services import access, register, workdays
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.comparison.question import sentence
from fieldsvc.services.comparison.reading import CHOICES, TAKEN, opened
from fieldsvc.services.comparison.taking import taking
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.desk_writing import attempt
from fieldsvc.services.imports.kinds import Kind
from fieldsvc.store import areas, audit, differences, entities
from fieldsvc.store.comparisons import Wanted
from fieldsvc.store.entities import Stored
from fieldsvc.store.tables import DifferenceRow

#: At most so many at a time: a person answers for a number she can still picture.
MOST = 500
PROBLEMS = "problems"


@dataclass(frozen=True, slots=True)
class Item:
    """One difference as a page showed it: whose it is, of which properties, and in which import it was found."""

    ref: str
    names: str
    import_id: str


def decide(
    ctx: Context,
    wanted: Wanted,
    items: Sequence[Item],
    choice: str,
    reason: str,
    *,
    by: Actor,
    words: str = "",
    household: str = "",
) -> Counter[str]:
    """Decide these differences one by one, each in a transaction of its own; how many were `done`, `stale`, `refused`.

    What changed since the page was drawn is left open (`stale`), and so is what would break a rule of the register
    (`refused`): neither harms the others. `words` is the filter as the page said it, kept with each decision;
    `household` is the number of the family into which members are taken. Raises `reason-missing`, `not-found`.
    """
    reason = reason.strip()[:1000]
    if choice not in CHOICES:
        raise Problem("There is no such choice.")
    if not reason:
        raise ReasonMissing
    with ctx.db.read() as session:
        kind = opened(session, wanted, by)
    counted: Counter[str] = Counter()
    for item in items[:MOST]:
        deciding = _One(ctx, by, kind, wanted, item, choice, reason, words[:300], household.strip())
        try:
            attempt(ctx, deciding.run)
            counted["done"] += 1
        except PreconditionFailed:
            counted["stale"] += 1
        except (NotUnique, ProcessBroken, NotFound):
            counted["refused"] += 1
    return counted


@dataclass(frozen=True, slots=True)
class _One:
    """One difference to be decided."""

    ctx: Context
    by: Actor
    kind: Kind
    wanted: Wanted
    item: Item
    choice: str
    reason: str
    words: str
    household: str

    def run(self, session: Session) -> None:
        by, item = self.by, self.item
        row = differences.get(session, by.feed_id, self.wanted.source, self.wanted.roster, item.ref, item.names)
        if row is None or not _reaches(session, by, row):
            raise NotFound
        if row.choice is not None or row.import_id != item.import_id:
            raise PreconditionFailed(state=row.choice, by=row.by_id)
        write = self._writing(session, row)
        if write is not None:
            # First, so that claims, log and feed are locked in the order in which everybody locks them.
            write()
        now = self.ctx.now_ms()
        differences.decide(session, row, choice=self.choice, by_id=by.person_id, at=now, reason=self.reason)
        thing = f"difference:{row.source}/{row.roster}/{row.ref}"
        detail = {"names": row.names, "choice": self.choice, "reason": self.reason}
        detail |= {"filter": self.words} if self.words else {}
        audit.append(
            session, by.feed_id, [audit.Entry(now, by.person_id, "decide-difference", thing, by.device_id, detail)]
        )

    def _writing(self, session: Session, row: DifferenceRow) -> Callable[[], object] | None:
        """What the decision does to the register, if anything."""
        ctx, by, reason = self.ctx, self.by, self.reason
        stored = entities.load(session, by.feed_id, [row.ref]).get(row.ref)
        if self.choice == "ours":
            return None
        if self.choice == TAKEN:
            if row.part != differences.THERE:
                raise NotFound
            return taking(ctx, session, by, self.kind, row, self.household)
        if self.choice == "asked":
            known = datasets(ctx, session)
            if stored is None or PROBLEMS not in known:
                return None
            said = sentence(known, self.kind, row, stored)
            today = workdays.day_of(ctx.now_ms(), ctx.settings.time_zone).isoformat()
            asked = {"source": "comparison", "found_on": today, "category": "files", "status": "to_verify"}
            asked |= {"scope": "person" if stored.subject_id != stored.entity.id else "household", "problem": said}
            return lambda: register.create_within(ctx, session, by, PROBLEMS, asked, subject_id=stored.subject_id)
        theirs = dict(self.kind.absent) if row.part == differences.HERE else dict(row.imported)
        if stored is None or not theirs:
            # A row without a record is no household yet: who it is has to be found out at the door.
            raise NotFound
        if row.part == differences.DIFFERENT and not _stands(stored, row):
            raise PreconditionFailed(entity_version=stored.entity.version)
        version = stored.entity.version
        return lambda: register.edit_within(ctx, session, by, row.ref, theirs, seen_version=version, reason=reason)


def _reaches(session: Session, by: Actor, row: DifferenceRow) -> bool:
    """Whether they review where the difference is; one without a place concerns whoever reviews everything."""
    stored = entities.load(session, by.feed_id, [row.ref]).get(row.ref)
    if stored is not None:
        return access.may(session, by, Action.REVIEW, stored.subject_id)
    path = areas.paths(session, by.feed_id, [row.area_id]).get(row.area_id) if row.area_id else None
    return access.may_in_area(by, Action.REVIEW, path) if path else access.has_last_word(by)


def _stands(stored: Stored, row: DifferenceRow) -> bool:
    """Whether the record still says what the comparison shows."""
    current = stored.entity.properties
    return all((current.get(name) or None) == (value or None) for name, value in row.recorded.items())
