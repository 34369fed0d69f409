"""What people in the field have to say about the system itself, and what the office answered."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class FeedbackRow(Base):
    """One message, under the id of the operation that brought it. `area_id` says which office it is for.

    `answer` is empty until somebody has handled it; both stay for ever.
    """

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "feed_id", "answered_at", "received_at"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    author_id: Mapped[str]
    device_id: Mapped[str | None]
    area_id: Mapped[str | None]
    text: Mapped[str]
    created_at: Mapped[int | None]
    received_at: Mapped[int]
    answer: Mapped[str | None]
    answered_at: Mapped[int | None]
    answered_by_id: Mapped[str | None]
