"""What happens at a desk: decisions, returns, merging of records. One person with a role in an area."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, true

from fieldsvc.problems import PreconditionFailed
from fieldsvc.services import feedback, merging, register, review
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake import accept_reviewed, refuse_reviewed
from fieldsvc.store.feedback import FeedbackLine
from fieldsvc.store.tables import ConflictRow, EntityRow, OperationRow, SubmissionRow
from tests.world.outbox import Entry
from tests.world.places import Household


@dataclass
class Desk:
    """A supervisor or administrator in the office. Conflicts are shown as rows of the moment they were asked for."""

    ctx: Callable[[], Context]
    who: Callable[[], Actor]

    def open_conflicts(self, about: Collection[str] | None = None) -> list[Shown]:
        """Hard conflicts that wait for a person, of all subjects or these, the oldest first, as the page shows them."""
        these = true() if about is None else ConflictRow.subject_id.in_(about)
        with self.ctx().db.read() as session:
            rows = session.execute(
                select(ConflictRow, EntityRow.version, EntityRow.properties)
                .join(EntityRow, EntityRow.id == ConflictRow.entity_id)
                .where(ConflictRow.state == "open", ConflictRow.severity == "hard", these)
                .order_by(ConflictRow.opened_at, ConflictRow.id)
            )
            return [
                Shown(
                    row.id,
                    sorted(row.names),
                    {name: properties.get(name) for name in row.names},
                    dict(row.candidate),
                    row.version,
                    version,
                    dict(row.base),
                )
                for row, version, properties in rows
            ]

    def resolves(self, conflict: Shown, reason: str = "seen on the spot", **values: str | None) -> None:
        """Decide a conflict by naming the values that hold."""
        choice = "candidate" if values == conflict.candidate else "current" if values == conflict.current else "other"
        self._decides(conflict, choice, values if choice == "other" else None, reason)

    def keeps_current(self, conflict: Shown, reason: str = "seen on the spot") -> None:
        """Decide that what stands is right."""
        self._decides(conflict, "current", None, reason)

    def tries_to_resolve(self, conflict: Shown, **values: str | None) -> bool:
        """Decide, unless something moved since the page was drawn. Whether it was decided."""
        try:
            self.resolves(conflict, **values)
        except PreconditionFailed:
            return False
        return True

    def returns(self, visit: Entry, comment: str, comments: Mapping[str, str]) -> None:
        """Send a visit back to the phone with comments."""
        self._reviews(visit, "return", comment, comments)

    def rejects(self, visit: Entry, comment: str) -> None:
        """Let a visit count as none."""
        self._reviews(visit, "reject", comment, {})

    def approves(self, visit: Entry) -> None:
        """Approve a visit."""
        self._reviews(visit, "approve", None, {})

    def operations_in_review(self) -> set[str]:
        """Ids of the operations that wait for a person."""
        with self.ctx().db.read() as session:
            return set(session.scalars(select(OperationRow.id).where(OperationRow.status == "review")))

    def accepts(self, entry: Entry, reason: str = "") -> None:
        """Let an operation in review take effect."""
        accept_reviewed(self.ctx(), entry.id, by=self.who(), reason=reason)

    def answers(self, operation_id: str, *, accepted: bool) -> None:
        """Let an operation in review take effect, or say that it shall not."""
        if accepted:
            accept_reviewed(self.ctx(), operation_id, by=self.who())
        else:
            refuse_reviewed(self.ctx(), operation_id, by=self.who(), reason="not this household")

    def corrects(self, home: Household, **changes: str | None) -> None:
        """Correct a record at a desk, as it stands."""
        register.edit(self.ctx(), self.who(), home.id, changes, seen_version=self._version(home))

    def merges(self, home: Household, into: Household) -> None:
        """Make one record of two."""
        merging.merge(self.ctx(), self.who(), home.id, into.id)

    def deletes(self, home: Household) -> None:
        """Remove a record."""
        register.delete(self.ctx(), self.who(), home.id, seen_version=self._version(home))

    def _version(self, home: Household) -> int:
        with self.ctx().db.read() as session:
            return session.scalars(select(EntityRow.version).where(EntityRow.id == home.id)).one()

    def complaints(self, *, answered: bool = False) -> Sequence[FeedbackLine]:
        """What people in the field have to say."""
        return feedback.queue(self.ctx(), by=self.who(), answered=answered).lines

    def answers_complaint(self, complaint: FeedbackLine, text: str) -> None:
        """Answer one of them."""
        feedback.answer(self.ctx(), complaint.id, text, by=self.who())

    def _decides(self, conflict: Shown, choice: str, value: Mapping[str, Any] | None, reason: str) -> None:
        review.decide_conflict(
            self.ctx(),
            conflict.id,
            choice,
            by=self.who(),
            seen_version=conflict.version,
            seen_entity_version=conflict.entity_version,
            value=dict(value) if value is not None else None,
            reason=reason,
        )

    def _reviews(self, visit: Entry, action: str, comment: str | None, comments: Mapping[str, str]) -> None:
        with self.ctx().db.read() as session:
            seen = session.scalars(select(SubmissionRow.review_state).where(SubmissionRow.id == visit.id)).one()
        review.decide_visit(
            self.ctx(), visit.id, action, by=self.who(), seen=seen, comment=comment, comments=dict(comments)
        )


@dataclass(frozen=True)
class Shown:
    """A conflict as it stood on the page when somebody looked."""

    id: str
    names: list[str]
    current: dict[str, str | None]
    candidate: dict[str, str | None]
    version: int
    entity_version: int
    base: dict[str, str | None]
