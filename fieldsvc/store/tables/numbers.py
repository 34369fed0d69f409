"""How far the numbers go that the server has given to records."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class NumberRow(Base):
    """The last number given in one series: the problems of one source and year. `:2026` are those left out then."""

    __tablename__ = "numbers"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
