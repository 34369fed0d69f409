"""How what an office does to records reaches the database and the feed: versions, feed rows, rights, audit, in order.

The order matters: the audit log and the feed's counter are locked last, right before the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from fieldsvc.services import claims, deadlines, definitions, numbering
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.workdays import day_of
from fieldsvc.store import audit, conflict_rows, entities, pairings
from fieldsvc.store.changes import LEFT_AREA, NewChange
from fieldsvc.store.entities import NewVersion, StaleVersion, Stored
from sync.decide import Conflicted, Written
from sync.model import Conflict, Entity

T = TypeVar("T")
_ATTEMPTS = 5
#: What one of two that meet is told, by us or by the database: a key that is there by now, or that it was ended.
RACES = (StaleVersion, IntegrityError, OperationalError)


@dataclass
class Writing:
    """What one action at a desk will write. Collect it, then `finish` as the last act of the transaction."""

    ctx: Context
    session: Session
    feed_id: str
    actor_id: str | None
    source: str
    operation_id: str | None = None
    versions: list[NewVersion] = field(default_factory=list)
    rows: list[NewChange] = field(default_factory=list)
    entries: list[audit.Entry] = field(default_factory=list)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)
    revokes: dict[str, set[str]] = field(default_factory=dict)
    above: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def by(cls, ctx: Context, session: Session, by: Actor, source: str = "office") -> Writing:
        """What this person at a desk will write."""
        return cls(ctx, session, by.feed_id, by.person_id, source)

    def version(self, stored: Stored, was: Stored | None, changed: Sequence[str] = ()) -> None:
        """The next version of a record; one that leaves its subject leaves a tombstone there, one its area a note."""
        entity, now = stored.entity, self.ctx.now_ms()
        self.versions.append(
            NewVersion(
                stored,
                was.entity.version if was else 0,
                changed,
                self.source,
                now,
                operation_id=self.operation_id,
                author_id=self.actor_id,
            )
        )
        if was is not None and was.subject_id != stored.subject_id:
            self._row(was.subject_id, entity)
        # Only the feed remembers where it lay; what is kept of that village's ledgers must be counted again.
        left = {LEFT_AREA: was.area_id or ""} if was is not None and was.area_id != stored.area_id else None
        self._row(stored.subject_id, entity, left)
        if was is None and stored.subject_id == entity.id and stored.area_id and stored.dataset != pairings.TEAM:
            self._give_to_people_of_the_area(stored)

    def outcome(self, stored: Stored, was: Stored | None, written: Written) -> None:
        """What the engine decided of one record: its next version, and the conflicts that ended with it."""
        if written.advanced:
            self.version(replace(stored, entity=written.entity), was, written.changed)
        for closed in written.closed:
            conflict_rows.end(
                self.session,
                closed.conflict.id,
                state="resolved" if closed.reason == "equal" else "superseded",
                reason=closed.reason,
                at=self.ctx.now_ms(),
            )
        if isinstance(written, Conflicted):
            conflict_rows.add(self.session, [self._conflict(stored, conflict) for conflict in written.opened])
            if not written.advanced:
                self._row(stored.subject_id, written.entity)

    def note(self, action: str, thing: str, detail: Mapping[str, str] | None = None) -> None:
        """A line for the audit log."""
        self.entries.append(
            audit.Entry(self.ctx.now_ms(), self.actor_id, action, thing, detail=dict(detail) if detail else None)
        )

    def finish(self) -> None:
        """Write everything. Raises `StaleVersion` when somebody was quicker."""
        known = definitions.datasets(self.ctx, self.session)
        today = day_of(self.ctx.now_ms(), self.ctx.settings.time_zone)
        numbering.give(self.session, self.feed_id, known, self.versions, today)
        deadlines.refresh(self.session, self.feed_id, known, self.versions)
        claims.refresh(self.session, self.feed_id, known, self.versions)
        audit.append(self.session, self.feed_id, self.entries)
        positions = pairings.rescope(
            self.session, self.feed_id, self.ctx.now_ms(), grants=self.grants, revokes=self.revokes, also=self.rows
        )
        placed = {
            row.ref_id: position for row, position in zip(self.rows, positions, strict=False) if row.kind == "entity"
        }
        entities.write_versions(self.session, self.feed_id, self.versions, placed)

    def _conflict(self, stored: Stored, conflict: Conflict) -> dict[str, Any]:
        return {
            "id": self.ctx.new_id(),
            "feed_id": self.feed_id,
            "entity_id": conflict.entity_id,
            "subject_id": stored.subject_id,
            "dataset": stored.dataset,
            "names": list(conflict.names),
            "base": dict(conflict.base),
            "current": dict(conflict.current),
            "candidate": dict(conflict.candidate),
            "base_version": conflict.base_version,
            "current_version": conflict.current_version,
            "candidate_operation_id": conflict.operation_id,
            "severity": "hard",
            "opened_at": self.ctx.now_ms(),
        }

    def _row(self, topic: str, entity: Entity, data: dict[str, Any] | None = None) -> None:
        row = NewChange(topic, "entity", entity.id, self.ctx.now_ms(), version=entity.version, data=data)
        self.rows.append(replace(row, operation_id=self.operation_id))

    def _give_to_people_of_the_area(self, stored: Stored) -> None:
        area = stored.area_id or ""
        if area not in self.above:
            path = pairings.area_path(self.session, self.feed_id, area)
            self.above[area] = pairings.people_above(self.session, self.feed_id, path or "")
        for person_id, role in self.above[area].items():
            self.grants.setdefault(person_id, {})[stored.entity.id] = role


def attempt(ctx: Context, work: Callable[[Session], T]) -> T:
    """Run the work in a transaction, and a few times more from the start when it meets another writer and loses."""
    for _ in range(_ATTEMPTS - 1):
        try:
            with ctx.db.write() as session:
                return work(session)
        except RACES:
            continue
    with ctx.db.write() as session:
        return work(session)
