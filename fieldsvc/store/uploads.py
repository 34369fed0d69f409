"""Uploads on their way: one row each, one row per durable part, and the compare-and-set that moves the offset."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, first, table, write_all
from fieldsvc.store.tables import UploadPartRow, UploadRow

# Two thousand phones move four hundred offsets a second between them: these are built once.
_OF = columns(UploadRow)
_RAISED = update(table(UploadRow)).values(generation=_OF.generation + 1)
_FENCE = _RAISED.where(_OF.id == bindparam("upload")).returning(_OF.generation)
_TAKE = _RAISED.where(
    _OF.id == bindparam("upload"),
    _OF.feed_id == FEED,
    _OF.person_id == bindparam("person"),
    _OF.expires_at > bindparam("now"),
).returning(*_OF)
_STANDS = (
    _OF.id == bindparam("upload"),
    _OF.generation == bindparam("owned"),
    _OF.offset == bindparam("at"),
    _OF.finished_at.is_(None),
)
_ADVANCE = update(table(UploadRow)).where(*_STANDS).values(offset=bindparam("reached")).returning(_OF.id)
_COMPLETE = (
    update(table(UploadRow))
    .where(*_STANDS)
    .values(offset=_OF.bytes, finished_at=bindparam("now"))
    .returning(_OF.feed_id, _OF.person_id, _OF.type)
)
_PART = insert(table(UploadPartRow))


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
    generation: int = first(session, _FENCE, upload=upload_id).generation
    return generation


def take(session: Session, upload_id: str, feed_id: str, person_id: str, now: int) -> Any:
    """The upload, fenced and of the next generation, if it is this person's and its time is not over; else nothing."""
    return first(session, _TAKE, upload=upload_id, feed=feed_id, person=person_id, now=now)


def advance(session: Session, upload_id: str, generation: int, offset: int, *, length: int, key: str) -> bool:
    """Count a durable part in, if the upload still stands at that offset and generation; say whether it did."""
    if first(session, _ADVANCE, upload=upload_id, owned=generation, at=offset, reached=offset + length) is None:
        return False
    write_all(session, _PART, [{"upload_id": upload_id, "offset": offset, "bytes": length, "key": key}])
    return True


def complete(session: Session, upload_id: str, generation: int, now: int) -> Any:
    """Count all bytes in at once and end the upload, if nothing was counted yet and the generation is still that: whose
    it was and of which type; else nothing."""
    return first(session, _COMPLETE, upload=upload_id, owned=generation, at=0, now=now)


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


def finished(session: Session, feed_id: str, person_id: str, digests: Collection[str]) -> Set[str]:
    """Which of these bytes have come whole from this person, as far as it is remembered."""
    query = select(UploadRow.sha256).where(
        UploadRow.feed_id == feed_id,
        UploadRow.person_id == person_id,
        UploadRow.sha256.in_(list(digests)),
        UploadRow.finished_at.is_not(None),
    )
    return set(session.scalars(query))


def expired(session: Session, now: int, limit: int) -> Sequence[UploadRow]:
    """Uploads whose time is over, finished or not."""
    query = select(UploadRow).where(UploadRow.expires_at <= now).limit(limit)
    return session.scalars(query).all()
