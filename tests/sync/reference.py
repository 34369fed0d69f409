"""A server in a hundred lines: the engine with dictionaries for tables. What the real one must agree with.

It stores what outcomes say and nothing else; every decision is the engine's. Times are whatever the
test says, ids are counted.
"""

from dataclasses import dataclass, field, replace

from sync import branch, replica, resolve
from sync.branch import Link, as_said, base_view, place
from sync.decide import Case, Conflicted, Held, Outcome, Written, decide, status_of, target
from sync.feed import Change, Cursor, Page, page
from sync.merge import agree, edits
from sync.model import (
    Action,
    Conflict,
    Edit,
    Entity,
    HeldReason,
    Properties,
    Rules,
    Status,
    Superseded,
    Writer,
)
from tests.sync.strategies import RULES


@dataclass(frozen=True, slots=True)
class Operation:
    """One edit as a phone sends it."""

    id: str
    entity_id: str
    changes: Properties
    trunk_version: int = 0
    base_version: int = 0
    branch_id: str | None = None
    create: bool = False
    delete: bool = False
    writer: Writer = Writer.PHONE
    seen_version: int | None = None
    seen_base: int | None = None
    was: Properties | None = None


@dataclass
class Server:
    """Everything the server knows. Public attributes are for looking, methods for doing."""

    rules: Rules = RULES
    now: int = 0
    entities: dict[str, Entity] = field(default_factory=dict)
    versions: dict[tuple[str, int], Entity] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    closed: list[tuple[str, str]] = field(default_factory=list)
    superseded: list[Superseded] = field(default_factory=list)
    feed: list[Change] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    views: dict[str, Properties | None] = field(default_factory=dict)

    def receive(self, op: Operation) -> Status:
        """The operation's status: decided now, or what it was the first time."""
        if op.id not in self.operations:
            self.operations[op.id] = op
            self._decide(op)
            self.reprocess()
        return self.status(op.id)

    def status(self, operation_id: str) -> Status:
        """What a receipt says today."""
        return status_of(self.outcomes[operation_id])

    def open_conflicts(self) -> list[Conflict]:
        """The conflicts a person still has to decide."""
        return list(self.conflicts.values())

    def shown_conflicts(self) -> list[Conflict]:
        """The open conflicts as a page drawn now shows them."""
        shown = [resolve.refresh(c, self.entities[c.entity_id], self.rules) for c in self.open_conflicts()]
        return [answer.conflict for answer in shown]

    def result_of(self, operation_id: str) -> int | None:
        """The version a phone must have to see what became of its operation; `None` while it waits."""
        outcome = self.outcomes.get(operation_id)
        return outcome.entity.version if isinstance(outcome, Written) else None

    def reprocess(self) -> None:
        """Decide again every held operation whose wait may be over."""
        progress = True
        while progress:
            held = [op for op in self.operations.values() if self.status(op.id) is Status.HELD]
            progress = any(self._decide(op) is not Status.HELD for op in held)

    def force_overdue(self, *, days: int, now: int) -> None:
        """Give up waiting for what has not come in so many days."""
        for link in branch.overdue(self.links.values(), now=now, days=days):
            self._decide(self.operations[link.operation_id], forced=True)
        self.reprocess()

    def resolve(self, conflict: Conflict, choice: resolve.Choice, value: Properties | None = None) -> object:
        """A supervisor decides a conflict as it was shown."""
        entity = self.entities[conflict.entity_id]
        answer = resolve.resolve(conflict, choice, entity, self.rules, value)
        match answer:
            case resolve.Resolved(after):
                self._close(conflict.id, "resolved")
                self._store(after, operation_id=None)
                for other in [c for c in self.open_conflicts() if c.entity_id == after.id]:
                    if isinstance(resolve.refresh(other, after, self.rules), resolve.Settled):
                        self._close(other.id, "equal")
            case resolve.Settled():
                self._close(conflict.id, "equal")
        return answer

    def import_row(self, operation_id: str, entity_id: str, row: Properties, previous: Properties | None) -> Properties:
        """Read a row of a spreadsheet; what the next import must be given as `previous`."""
        entity = self.entities.get(entity_id)
        reading = replica.read_row(row, previous, entity, self.rules)
        edit = Edit(
            entity_id,
            reading.changes,
            Action.UPDATE if entity else Action.CREATE,
            operation_id,
            trunk_version=entity.version if entity else 0,
            writer=Writer.IMPORT,
        )
        self._write(operation_id, decide(Case(edit, entity, reading.seen, self.rules, self._open(entity_id))))
        return reading.remembered

    def pull(self, cursor: Cursor, limit: int) -> Page:
        """The next changes for a phone."""
        return page(self.feed, cursor, limit)

    def _decide(self, op: Operation, *, forced: bool = False) -> Status:
        link = Link(
            op.id,
            op.trunk_version,
            op.base_version,
            op.changes,
            op.branch_id,
            received_at=self.now,
            seen_version=op.seen_version,
            seen_base=op.seen_base,
        )
        where = place(link, self.links.values(), forced=forced)
        match where:
            case branch.Duplicate():
                raise AssertionError("operations are decided once")
            case branch.Waiting():
                outcome: Outcome = Held(HeldReason.EARLIER_LINK)
            case branch.Ready() as ready:
                outcome, link = self._outcome(op, link, ready, forced)
        self.links[op.id] = replace(link, status=status_of(outcome))
        self._write(op.id, outcome)
        return status_of(outcome)

    def _outcome(self, op: Operation, link: Link, ready: branch.Ready, forced: bool) -> tuple[Outcome, Link]:
        merged = {entity.id: entity.merged_into for entity in self.entities.values() if entity.merged_into}
        entity_id = target(op.entity_id, merged)
        shown = self.versions.get((op.entity_id, link.shown_version))
        held = {} if link.shown_version == 0 else shown.properties if shown else None
        said = as_said(held, op.changes, op.was)
        seen = self.views[op.id] = base_view(said, ready.earlier)
        action = Action.CREATE if op.create else Action.DELETE if op.delete else Action.UPDATE
        edit = Edit(
            entity_id,
            op.changes,
            action,
            op.id,
            link.shown_version if entity_id == op.entity_id else 0,
            op.base_version,
            op.branch_id,
            writer=op.writer,
        )
        case = Case(
            edit,
            self.entities.get(entity_id),
            seen,
            self.rules,
            self._open(entity_id),
            tuple(other.changes for other in ready.later),
            tuple(other.changes for other in ready.beside),
            tuple(other.changes for other in ready.apart),
            forced,
            elsewhere=said is not None and (held is None or not agree(said, held, said, self.rules)),
        )
        return decide(case), replace(link, changes=edits(seen, op.changes, self.rules))

    def _write(self, operation_id: str, outcome: Outcome) -> None:
        self.outcomes[operation_id] = outcome
        if not isinstance(outcome, Written):
            return
        for closed in outcome.closed:
            self._close(closed.conflict.id, closed.reason)
        if isinstance(outcome, Conflicted):
            for n, conflict in enumerate(outcome.opened):
                name = f"{operation_id}/{n}"
                self.conflicts[name] = replace(conflict, id=name)
        self.superseded.extend(outcome.superseded)
        if outcome.advanced:
            self._store(outcome.entity, operation_id)

    def _store(self, entity: Entity, operation_id: str | None) -> None:
        self.entities[entity.id] = self.versions[entity.id, entity.version] = entity
        position = len(self.feed) + 1
        self.feed.append(Change(position, f"tag{position}", entity.id, entity.version, operation_id))

    def _open(self, entity_id: str) -> tuple[Conflict, ...]:
        return tuple(conflict for conflict in self.open_conflicts() if conflict.entity_id == entity_id)

    def _close(self, conflict_id: str, reason: str) -> None:
        del self.conflicts[conflict_id]
        self.closed.append((conflict_id, reason))
