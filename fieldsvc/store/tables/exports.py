"""Files that somebody ordered and a worker makes: what is wanted, how far it is, and until when it may be fetched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class ExportRow(Base):
    """One ordered file. `state` is waiting, making, ready, failed or gone; `done` of `total` steps are taken.

    `wanted` says what goes in, so that a worker that died is continued from the start by the next. The bytes lie in
    the blob store under `exports/` and the row's id until `expires_at`.
    """

    __tablename__ = "exports"
    __table_args__ = (Index(None, "feed_id", "by_id", "at"), Index(None, "state", "expires_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    by_id: Mapped[str]
    kind: Mapped[str]
    wanted: Mapped[dict[str, Any]]
    label: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]
    at: Mapped[int]
    expires_at: Mapped[int]
