"""The guards of processes, with what the server holds: loaded for many moves at once, then asked move by move.

A county's phones send thousands of visits that move nothing: for those, this asks the database nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from fieldsvc.problems import (
    ProcessBroken,
    ProcessClause,
    ProcessDate,
    ProcessEvidence,
    ProcessMoney,
    ProcessNotice,
    ProcessOrder,
    ProcessPerson,
)
from fieldsvc.processes import judge as moves
from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.findings import Finding, Guard
from fieldsvc.processes.judge import Facts, Move, Mover
from fieldsvc.processes.model import Process, Sum, Text
from fieldsvc.processes.sums import judge_sum
from fieldsvc.services import definitions, slots, workdays
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets
from fieldsvc.store import entities, processes
from fieldsvc.store.entities import Stored
from sync.model import Properties

ROLES: Mapping[str, Text] = {
    "cadre": {"zh": "帮扶责任人", "en": "cadres"},
    "checker": {"zh": "核查人员", "en": "checkers"},
    "supervisor": {"zh": "主管", "en": "supervisors"},
    "administrator": {"zh": "管理员", "en": "administrators"},
}


_PROBLEMS: Mapping[Guard, type[ProcessBroken]] = {
    Guard.ORDER: ProcessOrder,
    Guard.DATE: ProcessDate,
    Guard.EVIDENCE: ProcessEvidence,
    Guard.PERSON: ProcessPerson,
    Guard.NOTICE: ProcessNotice,
    Guard.MONEY: ProcessMoney,
    Guard.CLAUSE: ProcessClause,
}


def problem_of(found: Sequence[Finding]) -> ProcessBroken | None:
    """The problem of these findings, if there are any: the kind of the first, with the sentences of all."""
    if not found:
        return None
    sentences = list({one.sentence["zh"]: one.sentence for one in found}.values())
    guards = sorted({str(one.guard) for one in found})
    return _PROBLEMS[found[0].guard](sentences, stage=found[0].stage, guards=guards)


@dataclass(frozen=True, slots=True)
class Thing:
    """A record that may be about to move, and the subject it travels with."""

    dataset: str
    id: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One record before and after; `photos` and `moved_by` are what the database does not hold yet."""

    thing: Thing
    before: Properties | None
    after: Properties
    photos: frozenset[str] = frozenset()
    moved_by: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Guards:
    """What is known of the records a batch touches. `load` first, in bulk; `findings` asks nothing more."""

    ctx: Context
    session: Session
    feed_id: str
    datasets: Datasets
    relatives: dict[str, Stored] = field(default_factory=dict)
    _movers: dict[str, dict[str, str]] = field(default_factory=dict)
    _photos: dict[str, set[str]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _subjects: set[str] = field(default_factory=set)
    _calendar: Calendar | None = None

    def concerns(self, dataset: str) -> bool:
        """Whether records of this dataset move through a process, or count in one."""
        return self.datasets.is_guarded(dataset)

    def load(self, things: Iterable[Thing]) -> None:
        """Read what judging these needs and is not known yet: at most three statements, none without a process."""
        concerned = [thing for thing in things if self.concerns(thing.dataset) and thing.id not in self._asked]
        if not concerned:
            return
        self._asked |= {thing.id for thing in concerned}
        named = [(thing, process) for thing in concerned if (process := self.datasets.processes.get(thing.dataset))]
        self._load_movers([thing.id for thing, process in named if _asks_who(process)])
        self._load_photos([thing.id for thing, process in named if _asks_for_photos(process)])
        subjects = {thing.subject_id for thing in concerned if any(self._sums(thing.dataset))} - self._subjects
        parts = {
            name
            for process in self.datasets.processes.values()
            for rule in process.sums
            for name in (process.dataset, rule.dataset)
        }
        self._subjects |= subjects
        self.relatives |= entities.of_subjects(self.session, self.feed_id, subjects, parts)

    def findings(self, wanted: Wanted, who: Mover, day: date, present: Mapping[str, Stored]) -> list[Finding]:
        """Every guard that this move breaks. `present`: records as they are in memory, newer than what was loaded."""
        thing = wanted.thing
        found: list[Finding] = []
        process = self.datasets.processes.get(thing.dataset)
        if process is not None:
            facts = Facts(
                moved_by={**self._movers.get(thing.id, {}), **wanted.moved_by},
                photos=frozenset(self._photos.get(thing.id, ())) | wanted.photos,
                roles=ROLES,
            )
            move = Move(wanted.before, wanted.after, who, day)
            found += moves.judge(process, move, facts, self.calendar)
        return [*found, *self._money(wanted, {**self.relatives, **present})]

    def photos_of(self, entity_id: str) -> frozenset[str]:
        """The slots of which a photo has come with a form about this record."""
        return frozenset(self._photos.get(entity_id, ()))

    @property
    def calendar(self) -> Calendar:
        """The working days, read once."""
        if self._calendar is None:
            self._calendar = workdays.calendar(self.session)
        return self._calendar

    def _money(self, wanted: Wanted, records: Mapping[str, Stored]) -> Iterator[Finding]:
        """The sums this record is counted in or limits, if it changed what they count."""
        for process, rule, case_id in self._rules_for(wanted):
            own = {wanted.thing.id: (wanted.thing.dataset, wanted.after)}
            known = {id_: (s.dataset, s.entity.properties) for id_, s in records.items() if _stands(s)} | own
            case = known.get(case_id)
            if case is None or case[0] != process.dataset:
                continue
            parts = [
                held for dataset, held in known.values() if dataset == rule.dataset and held.get(rule.link) == case_id
            ]
            yield from judge_sum(process, rule, case[1], parts)

    def _rules_for(self, wanted: Wanted) -> Iterator[tuple[Process, Sum, str]]:
        before, after = wanted.before or {}, wanted.after
        for process, rule in self._sums(wanted.thing.dataset):
            if rule.dataset == wanted.thing.dataset:
                early = (rule.early.property,) if rule.early else ()
                counted = (rule.amount, rule.link, *early)
                if any(before.get(name) != after.get(name) for name in counted) and after.get(rule.link):
                    yield process, rule, after.get(rule.link) or ""
            elif before.get(rule.most) != after.get(rule.most):
                yield process, rule, wanted.thing.id

    def _sums(self, dataset: str) -> Iterator[tuple[Process, Sum]]:
        for process in self.datasets.processes.values():
            for rule in process.sums:
                if dataset in (rule.dataset, process.dataset):
                    yield process, rule

    def _load_movers(self, ids: list[str]) -> None:
        for row in processes.moves(self.session, self.feed_id, ids):
            for code in self._moved_into(row.properties, row.changed):
                self._movers.setdefault(row.entity_id, {})[code] = row.author_id or ""

    def _moved_into(self, properties: Properties, changed: list[str]) -> list[str]:
        """The stages a stored version moved its record into."""
        names = {process.stage_property for process in self.datasets.processes.values()}
        return [code for name in names & set(changed) if (code := properties.get(name))]

    def _load_photos(self, ids: list[str]) -> None:
        for row in processes.photos(self.session, self.feed_id, ids):
            form = definitions.form(self.ctx, self.session, row.form_id, row.form_version)
            slot = slots.of_form(form).get(slots.without_places(row.ref)) if form else None
            if slot:
                self._photos.setdefault(row.entity_id, set()).add(slot)


def _asks_who(process: Process) -> bool:
    return any(other.startswith("stage:") for stage in process.stages.values() for other in stage.other_than)


def _asks_for_photos(process: Process) -> bool:
    return any(stage.photos for stage in process.stages.values())


def _stands(stored: Stored) -> bool:
    return not stored.entity.deleted and stored.entity.merged_into is None
