"""Reports whose figures were frozen."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class ReportRow(Base):
    """One published report: an area, a period, and its figures as they were at the cut-off. Never written again.

    `frozen_by_id` is blank where the server published it by itself at the cut-off.

    `figures`: for each village its name and its numbers by code; sums in hundredths.
    """

    __tablename__ = "reports"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    area_id: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    figures: Mapped[list[Any]]
    cut_off_at: Mapped[int]
    frozen_by_id: Mapped[str]
