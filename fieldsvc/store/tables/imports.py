"""Spreadsheets that were imported: what each source last said, and where it still differs from the record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class ImportRow(Base):
    """One import of one file. `finished_at` is empty while it runs, and stays so when the server was killed."""

    __tablename__ = "imports"
    __table_args__ = (Index(None, "feed_id", "source", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    source: Mapped[str]
    dataset: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[int]
    finished_at: Mapped[int | None]
    counts: Mapped[dict[str, Any]]


class ImportedRowRow(Base):
    """What a source said of one thing the last time: the base from which its next file is read."""

    __tablename__ = "imported_rows"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str]
    remembered: Mapped[dict[str, Any]]
    import_id: Mapped[str]


class ImportDifferenceRow(Base):
    """Values in which a source and the record disagree although the source did not change them."""

    __tablename__ = "import_differences"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[str] = mapped_column(primary_key=True)
    recorded: Mapped[dict[str, Any]]
    imported: Mapped[dict[str, Any]]
    import_id: Mapped[str]
