"""Spreadsheets that were imported: their rows with their fates, and what each source last said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class ImportRow(Base):
    """One import of one file. `finished_at` is empty while it runs, and stays so when the server was killed.

    `dataset` names its kind, which from the command line is the dataset. `state`: mapping, reading, checking, checked,
    writing, done, undoing, undone, dropped, failed, stopped (in writing), undo-stopped or closed (its sheet was
    purged). `headings` are the sheet's
    columns with what stands in them first, `mapping` says by place which field each is. Of `total` rows those up to
    number `done` of the sheet have been gone through in this state.
    """

    __tablename__ = "imports"
    __table_args__ = (Index(None, "feed_id", "source", "at"), Index(None, "feed_id", "at", "id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    source: Mapped[str]
    dataset: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[int]
    finished_at: Mapped[int | None]
    counts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="done")
    filename: Mapped[str] = mapped_column(server_default="")
    headings: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    mapping: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    total: Mapped[int] = mapped_column(server_default="0")
    done: Mapped[int] = mapped_column(server_default="0")
    problem: Mapped[str | None]


class ImportFileRow(Base):
    """The file of an import, until its rows have been taken out of it."""

    __tablename__ = "import_files"

    import_id: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class ImportLineRow(Base):
    """One row of an imported sheet and its fate; what it wrote, so that it can be taken back.

    `before` and `after` are the values it changes, `said` what the source had said of it (empty: nothing yet).
    """

    __tablename__ = "import_lines"
    __table_args__ = (Index(None, "import_id", "fate", "number"), Index(None, "import_id", "key"))

    import_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[list[Any]]
    key: Mapped[str]
    fate: Mapped[str]
    code: Mapped[str]
    field: Mapped[str]
    entity_id: Mapped[str | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


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
