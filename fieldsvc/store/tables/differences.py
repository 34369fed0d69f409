"""Where a roster of another office and the register differ, and what people decided about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class DifferenceRow(Base):
    """One difference between what a source says under a roster (a kind of sheet) and the register.

    `part`: `different` (values of a record), `here` (a record the source's list lacks) or `there` (a row that has no
    record). `ref` is the record's id, of `there` the digest of the source's own number after "key:"; `names` the
    properties, blank where the whole record is meant. `choice` is what was decided, empty while nobody has.
    """

    __tablename__ = "differences"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    roster: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str]
    area_id: Mapped[str | None]
    label: Mapped[str]
    recorded: Mapped[dict[str, Any]]
    imported: Mapped[dict[str, Any]]
    import_id: Mapped[str]
    choice: Mapped[str | None]
    by_id: Mapped[str | None]
    at: Mapped[int | None]
    reason: Mapped[str | None]
