"""Where households live, apart from their records, so that a map reads an index and not fifty thousand documents."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class PlaceRow(Base):
    """The place of one living household: millionths of a degree (WGS-84), and the accuracy in metres, 0 if unknown."""

    __tablename__ = "places"
    # Everything a map counts stands in the index: the rows themselves are not read.
    __table_args__ = (Index("ix_places_map", "feed_id", "longitude", "latitude", "area_id", "entity_id"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    area_id: Mapped[str | None]
    latitude: Mapped[int]
    longitude: Mapped[int]
    accuracy: Mapped[int]
