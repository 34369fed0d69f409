"""What one push will write, gathered while deciding and written at the end in a few statements.

Positions are taken from the feed in `write`, the last act before the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.failpoints import reached
from fieldsvc.services.intake.arrival import Decision, Effect
from fieldsvc.store import audit, changes, conflict_rows, entities, feedback, operations, scope, submissions
from fieldsvc.store.changes import NewChange, person_topic
from fieldsvc.store.entities import NewVersion
from sync.model import Status


@dataclass
class Plan:
    """Rows to write. Every list is in the order in which things were decided."""

    feed_id: str
    at: int
    decisions: dict[str, Decision] = field(default_factory=dict)
    unreadable: list[dict[str, Any]] = field(default_factory=list)
    #: Of those what waits for a person as it came: what it wants, by its id.
    places: dict[str, tuple[Effect, ...]] = field(default_factory=dict)
    versions: list[NewVersion] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    closed: list[tuple[str, str, str]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    submission_values: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    grants: dict[tuple[str, str], str] = field(default_factory=dict)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    changes: list[NewChange] = field(default_factory=list)
    audit: list[audit.Entry] = field(default_factory=list)

    def change(self, topic: str, kind: str, ref_id: str, operation_id: str | None, **more: Any) -> None:
        """Tell the holders of a topic that something changed."""
        self.changes.append(NewChange(topic, kind, ref_id, self.at, operation_id=operation_id, **more))

    def notice(self, person_id: str, data: dict[str, Any]) -> None:
        """Tell one person something."""
        self.change(person_topic(person_id), "notice", person_id, None, data=data)

    def grant(self, person_id: str, subject_id: str, role: str) -> None:
        """Let a person hold a subject from here on."""
        if (person_id, subject_id) not in self.grants:
            self.grants[person_id, subject_id] = role
            data = {"op": "add", "subject": subject_id, "role": role}
            self.change(person_topic(person_id), "scope", subject_id, None, data=data)

    def assign(self, assignment_id: str, person_id: str, subject_id: str, role: str) -> None:
        """Give a person a subject from here on, as an office does it: it can be ended, handed over and listed."""
        self.grant(person_id, subject_id, role)
        given = {"id": assignment_id, "person_id": person_id, "subject_id": subject_id, "area_id": None, "role": role}
        self.assignments.append({**given, "feed_id": self.feed_id, "from_at": self.at})
        detail = {"assignment": assignment_id}
        self.audit.append(audit.Entry(self.at, person_id, "assign", f"person:{person_id}", detail=detail))

    def write(self, session: Session) -> dict[str, int]:
        """Write everything; answers the feed position of each operation decided here."""
        placed = {change.operation_id for change in self.changes}
        for id_ in [*self.decisions, *(row["id"] for row in self.unreadable)]:
            if id_ not in placed:
                # Its receipt names a place in the feed even if nobody else learns anything from it.
                self.change(changes.RECEIPTS_TOPIC, "operation", id_, id_)
        first = changes.allocate(session, self.feed_id, len(self.changes)) if self.changes else 0
        of_operation, of_entity, of_submission, of_grant = self._positions(first)
        reached("push.decided")
        self._write_operations(session, of_operation)
        reached("push.receipted")
        entities.write_versions(session, self.feed_id, self.versions, of_entity)
        conflict_rows.add(session, self.conflicts)
        for conflict_id, state, reason in self.closed:
            conflict_rows.end(session, conflict_id, state=state, reason=reason, at=self.at)
        for row in self.submissions:
            row["position"] = of_submission.get(row["id"], 0)
        submissions.add(session, self.submissions, self.attachments)
        feedback.add(session, self.feedback)
        for submission_id, values in self.submission_values:
            position = {"position": of_submission[submission_id]} if submission_id in of_submission else {}
            submissions.set_values(session, self.feed_id, submission_id, **values, **position)
        for (person_id, subject_id), role in self.grants.items():
            scope.grant(session, self.feed_id, person_id, role, [(subject_id, of_grant[subject_id])])
        for row in self.assignments:
            begins = {"from_pos": of_grant[row["subject_id"]], "to_at": None, "to_pos": None, "reason": None}
            scope.add_assignment(session, **row, **begins)
        reached("push.effected")
        changes.write(session, self.feed_id, first, self.changes)
        audit.append(session, self.feed_id, self.audit)
        reached("push.fed")
        return of_operation

    def _positions(self, first: int) -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]:
        """The last position about each operation, entity, submission and granted subject."""
        of_operation: dict[str, int] = {}
        by_kind: dict[str, dict[str, int]] = {"entity": {}, "submission": {}, "scope": {}}
        for position, change in enumerate(self.changes, start=first):
            if change.operation_id is not None:
                of_operation[change.operation_id] = position
            if change.kind in by_kind:
                by_kind[change.kind][change.ref_id] = position
        return of_operation, by_kind["entity"], by_kind["submission"], by_kind["scope"]

    def _write_operations(self, session: Session, positions: dict[str, int]) -> None:
        rows, effects = [], []
        for id_, decision in self.decisions.items():
            arrival = decision.arrival
            wanted = self._effect_rows(id_, decision.effects)
            if arrival.stored is None:
                rows.append(self._operation_row(decision, positions[id_]))
                effects += wanted
            else:
                values = {
                    "status": decision.status,
                    "problem": decision.problem_json,
                    "subject_id": decision.subject_id,
                    "position": positions[id_],
                }
                if decision.status != arrival.stored.status:  # of what waits on it says since when
                    values["updated_at"] = self.at
                operations.set_verdict(session, self.feed_id, id_, self.at, **values)
                operations.replace_effects(session, self.feed_id, id_, wanted)
        for row in self.unreadable:
            row["position"] = positions[row["id"]]
        effects += [row for id_, places in self.places.items() for row in self._effect_rows(id_, places)]
        operations.add(session, [*rows, *self.unreadable], effects)
        for id_, values in self.verdicts:
            operations.set_verdict(session, self.feed_id, id_, self.at, **values)
            operations.set_effects_status(session, self.feed_id, id_, str(values["status"]))

    def _operation_row(self, decision: Decision, position: int) -> dict[str, Any]:
        arrival, operation = decision.arrival, decision.arrival.operation
        return {
            "feed_id": self.feed_id,
            "id": operation.id,
            "kind": operation.kind,
            "subject_id": decision.subject_id,
            "author_id": arrival.author_id,
            "device_id": arrival.device_id,
            "body": operation.body,
            "sha256": operation.sha256,
            "status": decision.status,
            "problem": decision.problem_json,
            "received_at": arrival.received_at,
            "created_at": operation.created_at,
            "cursor_position": None,
            "position": position,
            "answered_at": None if decision.status is Status.HELD else self.at,
            "updated_at": self.at,
        }

    def _effect_rows(self, operation_id: str, effects: Sequence[Effect]) -> list[dict[str, Any]]:
        return [
            {
                "feed_id": self.feed_id,
                "operation_id": operation_id,
                "ordinal": ordinal,
                "entity_id": effect.wish.entity_id,
                "dataset": effect.wish.dataset,
                "status": effect.status,
                "base_version": effect.wish.base_version,
                "trunk_version": effect.wish.trunk_version,
                "branch_id": effect.wish.branch_id,
                "seen_version": effect.wish.seen_version,
                "seen_base": effect.wish.seen_base,
                "changes": effect.changes,
                "result_version": effect.version,
            }
            for ordinal, effect in enumerate(effects)
        ]
