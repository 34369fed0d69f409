"""People who work with the system, the roles they hold, and the phones they carry."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class PersonRow(Base):
    """A cadre, checker, supervisor or administrator. Most have no password: they enrol by QR code."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("staff_no"), Index(None, "phone"), Index(None, "feed_id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str] = mapped_column(ForeignKey("feeds.id"))
    name: Mapped[str]
    staff_no: Mapped[str | None]
    phone: Mapped[str | None]
    unit: Mapped[str | None]
    password_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="zh")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[int]


class RoleRow(Base):
    """A role held in an area from one moment to another (open end: still held)."""

    __tablename__ = "roles"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    from_at: Mapped[int] = mapped_column(primary_key=True)
    to_at: Mapped[int | None]


class EnrolmentRow(Base):
    """A QR code that signs a phone in; usable a few times for a day. Only its digest is kept."""

    __tablename__ = "enrolments"

    code_sha256: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[int]
    uses_left: Mapped[int]
    created_at: Mapped[int]


class DeviceRow(Base):
    """One installation on one phone, signed in as one person. Only the token's digest is kept.

    `pending_*` is what the phone last said it still holds: a supervisor sees it when the phone is lost. `lost`: the
    office signed it out, so it shall forget what it fetched; `last_*` is what came from it since then. `told`: the
    mark of what it was told of its county (`services/telling.py`).
    """

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("token_sha256"), Index(None, "person_id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    install_id: Mapped[str]
    name: Mapped[str]
    token_sha256: Mapped[str]
    created_at: Mapped[int]
    last_seen_at: Mapped[int]
    revoked_at: Mapped[int | None]
    lost: Mapped[bool] = mapped_column(default=False, server_default=false())
    app_release: Mapped[str | None]
    told: Mapped[str | None]
    pending_operations: Mapped[int] = mapped_column(default=0)
    pending_photos: Mapped[int] = mapped_column(default=0)
    last_operations: Mapped[int] = mapped_column(default=0, server_default="0")
    last_bytes: Mapped[int] = mapped_column(default=0, server_default="0")


class SignInFailureRow(Base):
    """One failed sign-in for one account name, known or not: both count and answer alike."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "account", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str]
    at: Mapped[int]
