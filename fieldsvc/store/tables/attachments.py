"""Photos and files: the slots that name them, the bytes by digest, and uploads on their way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class AttachmentRow(Base):
    """A slot of a submission names a file by digest. Links are never rewritten: a new photo is a new link.

    `capture`: when, where and how the phone says it was taken, as `fieldsvc.services.capture` stores it.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index(None, "feed_id", "sha256"), Index(None, "feed_id", "subject_id"))

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[int]
    type: Mapped[str]
    subject_id: Mapped[str]
    state: Mapped[str] = mapped_column(default="missing")
    capture: Mapped[dict[str, Any] | None]


class BlobRow(Base):
    """Bytes the server holds, verified against their digest before this row existed.

    Width and height are the picture's, upright, once it was opened; `unshown` says why it cannot be. `codes` are the
    texts of bar codes in it, where a form asks for one.
    """

    __tablename__ = "blobs"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[int]
    type: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    unshown: Mapped[str | None]
    codes: Mapped[list[Any] | None]
    stored_at: Mapped[int]


class DerivativeRow(Base):
    """A smaller picture of a photo, `thumb` or `screen`, itself a blob. `made_here`: from the photo's own bytes,
    not sent ahead by a phone."""

    __tablename__ = "derivatives"

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    blob_sha256: Mapped[str]
    bytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    made_here: Mapped[bool] = mapped_column(default=False, server_default=false())


class UploadRow(Base):
    """One resumable upload. `generation` fences an older connection the server still believes alive."""

    __tablename__ = "uploads"
    __table_args__ = (Index(None, "feed_id", "person_id", "sha256"), Index(None, "expires_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str]
    person_id: Mapped[str]
    device_id: Mapped[str | None]
    sha256: Mapped[str]
    bytes: Mapped[int]
    type: Mapped[str]
    offset: Mapped[int] = mapped_column(default=0)
    generation: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[int]
    created_at: Mapped[int]
    finished_at: Mapped[int | None]


class UploadPartRow(Base):
    """A durable piece of an upload: any process or machine may receive the next one."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[str] = mapped_column(primary_key=True)
    offset: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bytes: Mapped[int]
    key: Mapped[str]
