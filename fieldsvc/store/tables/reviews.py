"""What supervisors decided: on visits (reviews) and on values two people saw differently (conflicts)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class ReviewRow(Base):
    """One action of a supervisor on one submission; `comments` maps an answer's path to a remark.

    `bulk` is there for one of many approved at once: the filter in words, and how many they were.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "feed_id", "submission_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    submission_id: Mapped[str]
    action: Mapped[str]
    comment: Mapped[str | None]
    comments: Mapped[dict[str, Any] | None]
    by_id: Mapped[str]
    at: Mapped[int]
    bulk: Mapped[dict[str, Any] | None]


class ConflictRow(Base):
    """Values that differ and who must decide. The current value stays until a person chooses.

    While it is open it may be put aside (`held_at`) or handed to somebody (`assignee_id`), with a `note` on why.

    `version` guards two supervisors deciding at once. A hard conflict closes by a person or equal values.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        Index(None, "feed_id", "entity_id"),
        Index(None, "feed_id", "state", "opened_at"),
        Index(
            "ix_conflicts_open",
            "feed_id",
            "entity_id",
            "severity",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        Index(
            "ix_conflicts_handed",
            "feed_id",
            "assignee_id",
            postgresql_where=text("assignee_id IS NOT NULL AND state = 'open'"),
            sqlite_where=text("assignee_id IS NOT NULL AND state = 'open'"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    entity_id: Mapped[str]
    subject_id: Mapped[str]
    dataset: Mapped[str]
    names: Mapped[list[Any]]
    base: Mapped[dict[str, Any]]
    current: Mapped[dict[str, Any]]
    candidate: Mapped[dict[str, Any]]
    base_version: Mapped[int | None]
    current_version: Mapped[int]
    candidate_operation_id: Mapped[str]
    current_operation_id: Mapped[str | None]
    branch_id: Mapped[str | None]
    severity: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    choice: Mapped[str | None]
    value: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]
    opened_at: Mapped[int]
    decided_at: Mapped[int | None]
    decided_by_id: Mapped[str | None]
    held_at: Mapped[int | None]
    assignee_id: Mapped[str | None]
    moved_by_id: Mapped[str | None]
    note: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
