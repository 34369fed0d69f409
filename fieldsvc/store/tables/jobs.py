"""Work to do later: a row committed together with its cause, so that a crash cannot lose it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class JobRow(Base):
    """One job. `state` is waiting, running, done or failed; `run_after` spaces the attempts.

    `away_since`: when it first met a store or database that was away, as long as nothing else came of it since.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "run_after"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[int]
    error: Mapped[str | None]
    created_at: Mapped[int]
    away_since: Mapped[int | None]
