"""Operations exactly as phones sent them, and what each one did to entities."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class OperationRow(Base):
    """One operation: its bytes as received, their SHA-256, and its current verdict.

    The primary key is what makes a repeated delivery a duplicate: it is inserted in the same transaction as
    the effects, so sixteen copies arriving at once still have one winner.
    """

    __tablename__ = "operations"
    __table_args__ = (
        Index(
            "ix_operations_waiting",
            "feed_id",
            "status",
            "received_at",
            postgresql_where=text("status IN ('held', 'review')"),
            sqlite_where=text("status IN ('held', 'review')"),
        ),
        Index(None, "feed_id", "subject_id"),
    )

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[str | None]
    author_id: Mapped[str]
    device_id: Mapped[str | None]
    body: Mapped[bytes]
    sha256: Mapped[str]
    status: Mapped[str]
    problem: Mapped[dict[str, Any] | None]
    received_at: Mapped[int]
    created_at: Mapped[int | None]
    cursor_position: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    #: When anything but "held" was said of it first; nothing for what is held, and of a time before this was kept.
    answered_at: Mapped[int | None]
    updated_at: Mapped[int]


class EffectRow(Base):
    """What one operation wants of one entity, and what became of it."""

    __tablename__ = "effects"
    __table_args__ = (
        Index(None, "feed_id", "entity_id"),
        Index(None, "feed_id", "branch_id"),
        Index(
            "ix_effects_held",
            "feed_id",
            "entity_id",
            postgresql_where=text("status = 'held'"),
            sqlite_where=text("status = 'held'"),
        ),
    )

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    operation_id: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity_id: Mapped[str]
    dataset: Mapped[str]
    status: Mapped[str]
    base_version: Mapped[int | None]
    trunk_version: Mapped[int | None]
    branch_id: Mapped[str | None]
    seen_version: Mapped[int | None]
    seen_base: Mapped[int | None]
    changes: Mapped[dict[str, Any]]
    result_version: Mapped[int | None]
