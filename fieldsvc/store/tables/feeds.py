"""Feeds, the change log each of them is, and the audit log beside it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class FeedRow(Base):
    """One county's feed. `position` is the counter that orders every change of that county.

    The row is updated as the last act before a commit, so its lock makes positions appear in commit order.
    `epoch` is minted anew when a backup is restored; `audit_position` counts the audit log.
    """

    __tablename__ = "feeds"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    epoch: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    audit_position: Mapped[int] = mapped_column(default=0)


class ChangeRow(Base):
    """One entry of a feed. `topic` decides who pulls it: a subject's id, `person:<id>`, or `forms`.

    `tag` is random: a restored server has another row, or none, at a position a phone remembers.
    """

    __tablename__ = "changes"
    __table_args__ = (Index(None, "feed_id", "topic", "position"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[str]
    topic: Mapped[str]
    kind: Mapped[str]
    ref_id: Mapped[str]
    version: Mapped[int | None]
    data: Mapped[dict[str, Any] | None]
    operation_id: Mapped[str | None]
    at: Mapped[int]


class AuditRow(Base):
    """Who wrote what, who viewed whom, and why; each row hashes the one before it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "feed_id", "thing", "position"),
        Index(None, "feed_id", "actor_id", "position"),
        Index(None, "feed_id", "action", "position"),
    )

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[int]
    actor_id: Mapped[str | None]
    device_id: Mapped[str | None]
    action: Mapped[str]
    thing: Mapped[str]
    detail: Mapped[dict[str, Any] | None]
    previous: Mapped[str]
    hash: Mapped[str]
