"""Campaigns: a list of households frozen at a moment, and towns that check each other's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class CampaignRow(Base):
    """One campaign of an area, from one moment to another. `form_id` empty: any visit covers a household.

    `drawn` says where the list came from: the filter (`area`, `name`, `code`) or the `file`.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index(None, "feed_id", "at", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    area_id: Mapped[str]
    name: Mapped[str]
    form_id: Mapped[str | None]
    drawn: Mapped[dict[str, Any]]
    from_at: Mapped[int]
    to_at: Mapped[int]
    by_id: Mapped[str]
    at: Mapped[int]


class CampaignTargetRow(Base):
    """One household of a campaign, its village and name as they were; `added_at`: it was not on the frozen list."""

    __tablename__ = "campaign_targets"

    campaign_id: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    area_id: Mapped[str | None]
    label: Mapped[str]
    added_at: Mapped[int | None]
    reason: Mapped[str | None]


class CrossingRow(Base):
    """Cadres of one area check the targets in another while the campaign lasts. `begun_at` empty: not yet begun.

    `counts`: how many `checkers` got how many `households`, and how many nobody could take (`left`).
    """

    __tablename__ = "crossings"
    __table_args__ = (Index(None, "campaign_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str]
    feed_id: Mapped[str]
    checkers_area_id: Mapped[str]
    checked_area_id: Mapped[str]
    by_id: Mapped[str]
    begun_at: Mapped[int | None]
    counts: Mapped[dict[str, Any]]
