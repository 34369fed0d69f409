"""Uploads on their way: one row each, one row per durable part, and the compare-and-set that moves the offset."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import UploadPartRow, UploadRow


def find(session: Session, upload_id: str) -> UploadRow | None:
    """The upload, or None."""
    return session.get(UploadRow, upload_id)


def find_open(session: Session, feed_id: str, person_id: str, sha256: str, now: int) -> UploadRow | None:
    """This person's unfinished, unexpired upload of these bytes: creating it again must not leak a second one."""
    return session.scalars(
        select(UploadRow).where(
            UploadRow.feed_id == feed_id,
            UploadRow.person_id == person_id,
            UploadRow.sha256 == sha256,
            UploadRow.finished_at.is_(None),
            UploadRow.expires_at > now,
        )
    ).first()


def fence(session: Session, upload_id: str) -> int:
    """The upload's next generation. Whoever writes with an older one has lost the upload to a newer connection."""
    statement = (
        update(UploadRow)
        .where(UploadRow.id == upload_id)
        .values(generation=UploadRow.generation + 1)
        .returning(UploadRow.generation)
    )
    return session.execute(statement).scalar_one()


def advance(session: Session, upload_id: str, generation: int, offset: int, part: UploadPartRow) -> bool:
    """Count a durable part in, if the upload still stands at that offset and generation; say whether it did."""
    moved = session.execute(
        update(UploadRow)
        .where(
            UploadRow.id == upload_id,
            UploadRow.generation == generation,
            UploadRow.offset == offset,
            UploadRow.finished_at.is_(None),
        )
        .values(offset=offset + part.bytes)
        .returning(UploadRow.id)
    ).first()
    if moved is None:
        return False
    session.add(part)
    session.flush()
    return True


def complete(session: Session, upload_id: str, generation: int, length: int) -> bool:
    """Count all bytes in at once, if nothing was counted yet and the generation is still that; say whether it did."""
    moved = session.execute(
        update(UploadRow)
        .where(
            UploadRow.id == upload_id,
            UploadRow.generation == generation,
            UploadRow.offset == 0,
            UploadRow.finished_at.is_(None),
        )
        .values(offset=length)
        .returning(UploadRow.id)
    ).first()
    return moved is not None


def parts(session: Session, upload_id: str) -> Sequence[UploadPartRow]:
    """The parts received so far, in the order of the file."""
    query = select(UploadPartRow).where(UploadPartRow.upload_id == upload_id).order_by(UploadPartRow.offset)
    return session.scalars(query).all()


def named(session: Session, upload_ids: Collection[str]) -> Set[str]:
    """The keys of all parts of these uploads."""
    return set(session.scalars(select(UploadPartRow.key).where(UploadPartRow.upload_id.in_(upload_ids))))


def clear(session: Session, row: UploadRow) -> list[str]:
    """Drop the part rows of an upload that is finished or starts again; return the keys of their objects."""
    keys = [part.key for part in parts(session, row.id)]
    session.execute(delete(UploadPartRow).where(UploadPartRow.upload_id == row.id))
    return keys


def expired(session: Session, now: int, limit: int) -> Sequence[UploadRow]:
    """Uploads whose time is over, finished or not."""
    query = select(UploadRow).where(UploadRow.expires_at <= now).limit(limit)
    return session.scalars(query).all()
