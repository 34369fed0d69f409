"""Versioned entities: households, members and whatever else a dataset holds. Every version is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class EntityRow(Base):
    """The current version of one entity. `subject_id` is the household (or other subject) it travels with.

    `decided` maps a property a person decided to the version that did it: an edit made without having seen
    that version asks again instead of replacing the decision. `practice`: a household to learn with, which no list,
    count or export of the office holds.
    """

    __tablename__ = "entities"
    __table_args__ = (
        Index(None, "feed_id", "subject_id"),
        # Coverage counts the living records of every village from this index alone.
        Index(
            "ix_entities_living",
            "feed_id",
            "dataset",
            "area_id",
            "id",
            "deleted",
            "merged_into",
            "practice",
            sqlite_where=text("deleted IS 0 AND merged_into IS NULL AND practice IS 0"),
            postgresql_where=text("deleted IS false AND merged_into IS NULL AND practice IS false"),
        ),
        # What no ledger counts, and what is about it neither: those to learn with, and those gone or merged away.
        # Boards leave out what is about the former alone.
        Index(
            "ix_entities_gone",
            "feed_id",
            "practice",
            "id",
            sqlite_where=text("deleted IS 1 OR merged_into IS NOT NULL OR practice IS 1"),
            postgresql_where=text("deleted IS true OR merged_into IS NOT NULL OR practice IS true"),
        ),
        Index(None, "feed_id", "dataset", "label"),
    )

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    subject_id: Mapped[str]
    area_id: Mapped[str | None]
    version: Mapped[int]
    properties: Mapped[dict[str, Any]]
    label: Mapped[str] = mapped_column(default="")
    deleted: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[str | None]
    practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    decided: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    created_at: Mapped[int]
    updated_at: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


class EntityVersionRow(Base):
    """One version of an entity as it was written: by whom, from what, and which properties it changed."""

    __tablename__ = "entity_versions"
    __table_args__ = (Index(None, "feed_id", "operation_id"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    properties: Mapped[dict[str, Any]]
    changed: Mapped[list[Any]]
    operation_id: Mapped[str | None]
    author_id: Mapped[str | None]
    device_id: Mapped[str | None]
    at: Mapped[int]
    source: Mapped[str]
    branch_id: Mapped[str | None]
    branch_version: Mapped[int | None]
    trunk_version: Mapped[int | None]
