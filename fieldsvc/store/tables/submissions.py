"""Submissions: finished visits and other filled-in forms. Documents never edited cannot conflict."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class SubmissionRow(Base):
    """One submission. `started_at`/`ended_at` are the phone's clock and never order anything.

    `month` is `yyyymm` of `received_at`'s visit month in the deployment's time zone: coverage counts by it.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index(None, "feed_id", "subject_id", "received_at"),
        Index(None, "feed_id", "month", "form_id", "subject_id"),
        Index(None, "feed_id", "review_state", "received_at"),
        Index(None, "feed_id", "area_id", "received_at"),
        Index(None, "feed_id", "author_id", "received_at"),
    )

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    form_version: Mapped[str]
    subject_id: Mapped[str]
    area_id: Mapped[str | None]
    author_id: Mapped[str]
    device_id: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    context: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any] | None]
    started_at: Mapped[int | None]
    ended_at: Mapped[int | None]
    received_at: Mapped[int]
    month: Mapped[int]
    replaces_id: Mapped[str | None]
    replaced_by_id: Mapped[str | None]
    withdrawn_at: Mapped[int | None]
    review_state: Mapped[str] = mapped_column(default="waiting")
    flags: Mapped[dict[str, Any] | None]
    position: Mapped[int] = mapped_column(default=0)
