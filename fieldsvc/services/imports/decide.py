"""What becomes of each row of a sheet, decided without writing anything: a dry run and the import itself ask the same.

A source is one more party that edits what it once saw (`sync/replica.py`): only cells it changed itself since its last
file are edits, so the same file again, or one made before the phones' corrections, reverts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.claims import keys_of, lock_names
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.imports.known import Known, load
from fieldsvc.services.imports.model import Fate, Line, Row, Target
from fieldsvc.store import claims
from fieldsvc.store.entities import Stored
from fieldsvc.store.locks import lock_things
from sync.decide import Case, Conflicted, Held, Review, Written, decide
from sync.model import Action as Wanted
from sync.model import Edit, Entity, Properties, Writer
from sync.replica import Reading, read_row


@dataclass(frozen=True, slots=True)
class Decided:
    """A row with its fate, and what there is to write of it."""

    row: Row
    line: Line
    place: Stored | None = None
    was: Stored | None = None
    outcome: Written | None = None
    reading: Reading | None = None
    keys: frozenset[str] = frozenset()


@dataclass
class Deciding:
    """Some rows in one transaction."""

    ctx: Context
    session: Session
    by: Actor
    target: Target
    operation_id: str
    now: dict[str, Stored] = field(default_factory=dict)
    disputed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.datasets = datasets(self.ctx, self.session)
        self.rules = self.datasets.rules(self.target.dataset)
        self.unique = self.datasets.unique(self.target.dataset)

    def run(self, rows: Sequence[Row]) -> list[Decided]:
        """The fate of each row, in their order."""
        known = load(self.session, self.by, self.target, rows)
        done: set[str] = set()
        found = []
        for row in rows:
            found.append(refused(row, "key-twice") if row.key in done else self._row(row, known))
            done.add(row.key)
        return self._once(found)

    def _row(self, row: Row, known: Known) -> Decided:
        entity_id, was, wrong = known.record(row)
        if wrong:
            return refused(row, wrong)
        if was is not None:
            # Two rows of the sheet may be one household by now: the second meets what the first wrote.
            was = self.now.get(was.entity.id, was)
        place = was or self._new(row, entity_id, known)
        if place is None or place.area_id not in known.reached:
            return refused(row, "place-unknown")
        if place.entity.id in self.disputed:
            return refused(row, "record-twice")
        said = known.before[row.key][1] if row.key in known.before else None
        return self._decide(row, place, was, read_row(row.values, said, was.entity if was else None, self.rules), known)

    def _decide(self, row: Row, place: Stored, was: Stored | None, reading: Reading, known: Known) -> Decided:
        said = known.before[row.key][1] if row.key in known.before else None
        if was is not None and not reading.changes:
            differs = [one for each in reading.differences for one in each.names]
            # An empty cell says nothing that the register would have to be kept against.
            kept = {name: was.entity.properties.get(name) for name in differs if row.values.get(name)}
            after = {name: row.values[name] for name in kept}
            fate = Fate.KEPT if kept else Fate.UNCHANGED
            return Decided(row, Line(fate, "", place.entity.id, kept, after, said), place, was, None, reading)
        action = Wanted.UPDATE if was else Wanted.CREATE
        edit = Edit(place.entity.id, reading.changes, action, operation_id=self.operation_id, writer=Writer.IMPORT)
        open_ones = tuple(known.conflicts.get(place.entity.id, ()))
        outcome = decide(Case(edit, was.entity if was else None, reading.seen if was else {}, self.rules, open_ones))
        if isinstance(outcome, Held | Review):
            return refused(row, "record-removed")
        label = row.label or self.datasets.label(self.target.dataset, outcome.entity.properties) or place.label
        place = replace(place, label=label)
        self.now[place.entity.id] = replace(place, entity=outcome.entity)
        if isinstance(outcome, Conflicted):
            self.disputed.add(place.entity.id)
        line = _line(was, outcome, reading, said)
        keys = self._keys(place.subject_id, outcome.entity.properties) - (
            self._keys(place.subject_id, was.entity.properties) if was else frozenset()
        )
        return Decided(row, line, place, was, outcome, reading, keys)

    def _new(self, row: Row, entity_id: str | None, known: Known) -> Stored | None:
        """Where a record nobody has yet would belong; nothing when the sheet does not say."""
        made_id = entity_id or self.ctx.new_id()
        if row.subject_key is not None:
            subject = known.subjects.get(row.subject_key)
            if subject is None:
                return None
            place, subject_id = subject.area_id, subject.entity.id
        else:
            place, subject_id = known.areas_by_code.get(row.area_code or ""), made_id
        now = self.ctx.now_ms()
        return Stored(Entity(made_id, 0, {}), self.target.dataset, subject_id, place, row.label, now) if place else None

    def _keys(self, subject_id: str, properties: Properties) -> frozenset[str]:
        return frozenset(keys_of(self.unique, self.target.dataset, subject_id, properties))

    def _once(self, found: Sequence[Decided]) -> list[Decided]:
        """The same, without the rows that would write a second of what there may be only one."""
        wanted = {key for each in found for key in each.keys}
        if not wanted:
            return list(found)
        lock_things(self.session, lock_names(wanted))
        holders = {key: set(ids) for key, ids in claims.holders(self.session, self.by.feed_id, wanted).items()}
        gone: set[str] = set()
        kept = []
        for each in found:
            id_ = each.line.entity_id or ""
            if id_ in gone:
                each = refused(each.row, "record-twice")
            elif any(holders.get(key, set()) - {id_} for key in each.keys):
                gone.add(id_)
                each = refused(each.row, "not-unique")
            for key in each.keys:
                holders.setdefault(key, set()).add(id_)
            kept.append(each)
        return kept


def refused(row: Row, code: str) -> Decided:
    """A row that writes nothing, and why."""
    return Decided(row, Line(Fate.ERROR, code))


def _line(was: Stored | None, outcome: Written, reading: Reading, said: Properties | None) -> Line:
    fate = Fate.NEW if was is None else Fate.CONFLICT if isinstance(outcome, Conflicted) else Fate.CHANGED
    if fate is Fate.CHANGED and not outcome.advanced:
        fate = Fate.UNCHANGED
    # What is written, which a policy may have made of both sides; of what waits for a person, what the sheet says.
    asked = [name for one in outcome.opened for name in one.names] if isinstance(outcome, Conflicted) else []
    after = {name: reading.changes.get(name) for name in asked if name in reading.changes}
    after |= {name: outcome.entity.properties.get(name) for name in sorted(outcome.changed)}
    before = {name: was.entity.properties.get(name) for name in after} if was else None
    return Line(fate, "", outcome.entity.id, before, after, said)
