"""Working days, and the deadlines of processes that run."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class CalendarDayRow(Base):
    """One day that is not what its weekday says: a public holiday, or a weekend day that is worked."""

    __tablename__ = "calendar_days"

    day: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")


class DeadlineRow(Base):
    """A clock that runs for one record, due at the end of `due` (`2026-11-25`). A clock that is met has no row."""

    __tablename__ = "deadlines"
    __table_args__ = (Index(None, "feed_id", "due"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    subject_id: Mapped[str]
    area_id: Mapped[str | None]
    due: Mapped[str]
