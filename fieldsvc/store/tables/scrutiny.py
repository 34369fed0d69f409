"""What a person should look at: fingerprints of photos, flags on visits, and how far the feed was looked through."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class FingerprintRow(Base):
    """A photo's 64 bits (as a signed number) and its four bands of 16, each with an index that holds all it answers.

    Two fingerprints that differ in at most 7 bits agree in one of their bands but for at most one bit.
    """

    __tablename__ = "fingerprints"
    __table_args__ = tuple(
        Index(f"ix_fingerprints_band{band}", "feed_id", f"band{band}", "bits", "sha256") for band in range(4)
    )

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    bits: Mapped[int]
    band0: Mapped[int]
    band1: Mapped[int]
    band2: Mapped[int]
    band3: Mapped[int]


class FlagRow(Base):
    """Something about a visit that a person should look at. `facts` are ids and numbers; words are made when shown.

    `id` follows from what the flag says, so that saying it again changes nothing. One that was dismissed stays so.
    One whose ground is gone, because the home point was moved, is withdrawn; once it is true again, it is open again.
    """

    __tablename__ = "flags"
    __table_args__ = (Index(None, "feed_id", "submission_id"),)

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str]
    code: Mapped[str]
    ref: Mapped[str]
    facts: Mapped[dict[str, Any]]
    raised_at: Mapped[int]
    withdrawn_at: Mapped[int | None]
    dismissed_at: Mapped[int | None]
    dismissed_by: Mapped[str | None]
    reason: Mapped[str | None]


class ScrutinyRow(Base):
    """Up to which position of the feed visits have been looked through."""

    __tablename__ = "scrutiny"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
