"""Who holds what there may be only one of: a claim for each record of a dataset that declares it."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class ClaimRow(Base):
    """A record's claim on one combination of values. Two rows of one key are a second that a supervisor let stand."""

    __tablename__ = "claims"
    __table_args__ = (Index(None, "feed_id", "entity_id"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
