"""Everything the database holds as evidence about one subject: what was sent, its photos, and the log of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

from fieldsvc.store.tables import (
    AttachmentRow,
    AuditRow,
    BlobRow,
    EntityRow,
    FeedRow,
    FormVersionRow,
    OperationRow,
    PersonRow,
    SubmissionRow,
)


@dataclass(frozen=True, slots=True)
class PhotoFound:
    """A photo a submission names; `type` is None while its bytes are not here, `capture` says how it was taken."""

    submission_id: str
    ref: str
    sha256: str
    type: str | None
    capture: Mapping[str, Any] | None


def subject(session: Session, feed_id: str, name: str) -> EntityRow | None:
    """A subject by its id, or by its household number."""
    found = session.get(EntityRow, (feed_id, name))
    if found is not None:
        return found
    by_number = select(EntityRow).where(
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == "households",
        EntityRow.properties["hh_no"].as_string() == name,
    )
    return session.scalars(by_number.limit(1)).first()


def operations(session: Session, feed_id: str, subject_id: str) -> Sequence[OperationRow]:
    """All that phones sent about the subject, in the order in which it was received."""
    query = select(OperationRow).where(OperationRow.feed_id == feed_id, OperationRow.subject_id == subject_id)
    return session.scalars(query.order_by(OperationRow.received_at, OperationRow.id)).all()


def submissions(session: Session, feed_id: str, subject_id: str) -> dict[str, SubmissionRow]:
    """The subject's submissions by id, replaced and withdrawn ones too."""
    query = select(SubmissionRow).where(SubmissionRow.feed_id == feed_id, SubmissionRow.subject_id == subject_id)
    return {row.id: row for row in session.scalars(query)}


def photos(session: Session, feed_id: str, subject_id: str) -> list[PhotoFound]:
    """The photos of the subject's submissions, those that have not arrived too."""
    query = (
        select(AttachmentRow, BlobRow.type)
        .outerjoin(BlobRow, (BlobRow.feed_id == AttachmentRow.feed_id) & (BlobRow.sha256 == AttachmentRow.sha256))
        .where(AttachmentRow.feed_id == feed_id, AttachmentRow.subject_id == subject_id)
        .order_by(AttachmentRow.submission_id, AttachmentRow.ref)
    )
    return [
        PhotoFound(row.submission_id, row.ref, row.sha256, kind if row.state == "present" else None, row.capture)
        for row, kind in session.execute(query)
    ]


def forms(session: Session, versions: Collection[tuple[str, str]]) -> Sequence[FormVersionRow]:
    """Published form versions by form and version."""
    if not versions:
        return ()
    key = tuple_(FormVersionRow.form_id, FormVersionRow.version)
    return session.scalars(select(FormVersionRow).where(key.in_(list(versions)))).all()


def log(session: Session, feed_id: str, subject_id: str, sent: Sequence[OperationRow]) -> list[AuditRow]:
    """The rows of the audit log about the subject and what was sent, in their order."""
    things = [f"subject:{subject_id}"]
    things += [f"{kind}:{row.id}" for row in sent for kind in ("submission", "operation")]
    about = _rows(session, feed_id, things)
    ids = {row.id for row in sent}
    devices = sorted({f"device:{row.device_id}" for row in sent})
    pushes = [
        row
        for row in _rows(session, feed_id, devices)
        if row.action == "push" and ids & {pair[0] for pair in (row.detail or {}).get("operations", ())}
    ]
    return sorted([*about, *pushes], key=lambda row: row.position)


def head(session: Session, feed_id: str) -> AuditRow | None:
    """The newest row of the audit log."""
    newest = select(AuditRow).where(AuditRow.feed_id == feed_id).order_by(AuditRow.position.desc()).limit(1)
    return session.scalars(newest).first()


def logged(session: Session, feed_id: str) -> Iterator[tuple[str, str]]:
    """The id and digest of everything the log says was sent."""
    query = select(AuditRow.detail).where(AuditRow.feed_id == feed_id, AuditRow.action == "push")
    for detail in session.scalars(query).yield_per(1000):
        yield from ((str(id_), str(sha256)) for id_, sha256 in (detail or {}).get("operations", ()))


def all_sent(session: Session, feed_id: str) -> Iterator[Row[str, bytes, str]]:
    """Id, bytes and digest of all that was sent by phones."""
    query = select(OperationRow.id, OperationRow.body, OperationRow.sha256)
    sent = query.where(OperationRow.feed_id == feed_id, OperationRow.device_id.is_not(None))
    yield from session.execute(sent).yield_per(500)


def all_blobs(session: Session, feed_id: str) -> Iterator[str]:
    """The digests of all bytes that are held."""
    yield from session.scalars(select(BlobRow.sha256).where(BlobRow.feed_id == feed_id)).yield_per(1000)


def feed(session: Session, feed_id: str) -> FeedRow | None:
    """The feed itself."""
    return session.get(FeedRow, feed_id)


def people(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The names of these people by id."""
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def _rows(session: Session, feed_id: str, things: Sequence[str]) -> list[AuditRow]:
    found: list[AuditRow] = []
    for start in range(0, len(things), 500):
        query = select(AuditRow).where(AuditRow.feed_id == feed_id, AuditRow.thing.in_(things[start : start + 500]))
        found += session.scalars(query)
    return found
