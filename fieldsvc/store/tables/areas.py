"""The tree of administrative areas. Codes change and merge; rows refer to the permanent id."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class AreaRow(Base):
    """One area. `path` is its ancestors' ids and its own, `/a/b/c/`: a prefix test finds a whole branch."""

    __tablename__ = "areas"
    __table_args__ = (Index(None, "feed_id", "code"), Index(None, "path"))

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str] = mapped_column(ForeignKey("feeds.id"))
    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("areas.id"))
    path: Mapped[str]
    merged_into_id: Mapped[str | None]
    valid_from: Mapped[int | None]
    valid_to: Mapped[int | None]
