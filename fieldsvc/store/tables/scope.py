"""Who may hold which subject on a phone, and since which place in the feed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class AssignmentRow(Base):
    """A person is given a subject or a whole area, in a role, for a time. History is kept for ever."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index(None, "feed_id", "person_id"),
        # The ledger of pairings counts a county's from this index alone (store/ledger/pairings.py).
        Index("ix_assignments_by_subject", "feed_id", "subject_id", "role", "from_at", "to_at", "person_id", "id"),
        # The few that are of a whole area: a household's page asks for its own and those of the areas above it.
        Index(
            "ix_assignments_of_areas",
            "feed_id",
            "area_id",
            sqlite_where=text("area_id IS NOT NULL"),
            postgresql_where=text("area_id IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    person_id: Mapped[str]
    subject_id: Mapped[str | None]
    area_id: Mapped[str | None]
    role: Mapped[str]
    from_at: Mapped[int]
    to_at: Mapped[int | None]
    from_pos: Mapped[int | None]
    to_pos: Mapped[int | None]
    reason: Mapped[str | None]


class ScopeRow(Base):
    """Materialised right: this person's phones hold this subject (`revoked_pos` empty) or held it until then.

    Positions, not dates: late work is judged by what the phone had *received*, never by its clock.
    """

    __tablename__ = "scope"
    __table_args__ = (Index(None, "feed_id", "subject_id"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(default="cadre", server_default="cadre")
    granted_pos: Mapped[int]
    revoked_pos: Mapped[int | None]


class HandoverRow(Base):
    """Households that go from one person to another on a day: planned, done or cancelled, and kept.

    `subjects` empty: whatever the giver holds on that day and the planner may then assign. `moved` is how many went.
    """

    __tablename__ = "handovers"
    __table_args__ = (Index(None, "feed_id", "giver_id"), Index(None, "feed_id", "state", "at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    giver_id: Mapped[str]
    taker_id: Mapped[str]
    subjects: Mapped[list[Any] | None]
    at: Mapped[int]
    reason: Mapped[str | None]
    by_id: Mapped[str]
    state: Mapped[str]
    moved: Mapped[int | None]
    created_at: Mapped[int]
