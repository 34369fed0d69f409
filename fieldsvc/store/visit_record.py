"""Everything the database holds about one submission: its chain of amendments, its effects, its photos."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    DeviceRow,
    EffectRow,
    EntityRow,
    EntityVersionRow,
    OperationRow,
    PersonRow,
    SubmissionRow,
)

# Amendments of amendments: a chain longer than this is a programming error somewhere, not a diligent cadre.
_LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class Photo:
    """A slot of a submission and how much of its photo has arrived: missing, thumbnail or present.

    `unshown` says why one that is present cannot be displayed (see `fieldsvc.media.Unreadable`), `codes` what bar codes
    in it say, `capture` how it was taken (see `fieldsvc.services.capture`).
    """

    ref: str
    sha256: str
    bytes: int
    type: str
    state: str
    unshown: str | None
    codes: tuple[str, ...] = ()
    capture: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What the submission did to one entity: the values it wrote, and what they were before."""

    entity_id: str
    dataset: str
    label: str
    status: str
    before: dict[str, Any]
    changes: dict[str, Any]
    created: bool
    result_version: int | None


def get(session: Session, feed_id: str, submission_id: str, *, lock: bool = False) -> SubmissionRow | None:
    """One submission; locked until the commit when two people must not decide on it at once."""
    return session.get(SubmissionRow, (feed_id, submission_id), with_for_update=lock or None)


def chain(session: Session, feed_id: str, submission: SubmissionRow) -> list[SubmissionRow]:
    """The submission with all it replaced and all that replaced it, oldest first."""
    links = [submission]
    while links[0].replaces_id and len(links) < _LONGEST_CHAIN:
        earlier = _displaced(session, feed_id, links[0]) or get(session, feed_id, links[0].replaces_id)
        if earlier is None or earlier in links:
            break
        links.insert(0, earlier)
    while links[-1].replaced_by_id and len(links) < _LONGEST_CHAIN:
        later = get(session, feed_id, links[-1].replaced_by_id)
        if later is None:
            break
        links.append(later)
    return links


def _displaced(session: Session, feed_id: str, link: SubmissionRow) -> SubmissionRow | None:
    """Another amendment of the same visit, which a person let this one stand for."""
    return session.scalars(
        select(SubmissionRow)
        .where(
            SubmissionRow.feed_id == feed_id,
            SubmissionRow.subject_id == link.subject_id,  # for its index
            SubmissionRow.replaced_by_id == link.id,
            SubmissionRow.id != link.replaces_id,
        )
        .order_by(SubmissionRow.received_at.desc(), SubmissionRow.id.desc())
        .limit(1)
    ).first()


def previous(session: Session, feed_id: str, first: SubmissionRow) -> SubmissionRow | None:
    """The last standing submission of the same form about the same subject before `first`."""
    return session.scalars(
        select(SubmissionRow)
        .where(
            SubmissionRow.feed_id == feed_id,
            SubmissionRow.subject_id == first.subject_id,
            SubmissionRow.form_id == first.form_id,
            SubmissionRow.received_at < first.received_at,
            SubmissionRow.replaced_by_id.is_(None),
            SubmissionRow.withdrawn_at.is_(None),
            SubmissionRow.review_state != "rejected",
        )
        .order_by(SubmissionRow.received_at.desc(), SubmissionRow.id.desc())
        .limit(1)
    ).first()


def whose(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Any]:
    """The author and the household of each of these submissions, as `author_id` and `subject_id`, by id."""
    if not ids:
        return {}
    found = session.execute(
        select(SubmissionRow.id, SubmissionRow.author_id, SubmissionRow.subject_id).where(
            SubmissionRow.feed_id == feed_id, SubmissionRow.id.in_(ids)
        )
    )
    return {row.id: row for row in found}


def photos(session: Session, feed_id: str, submissions: Sequence[str]) -> dict[str, list[Photo]]:
    """The photos of several submissions, each in the order of their slots."""
    rows = session.execute(
        select(AttachmentRow, BlobRow.unshown, BlobRow.codes)
        .outerjoin(BlobRow, (BlobRow.feed_id == AttachmentRow.feed_id) & (BlobRow.sha256 == AttachmentRow.sha256))
        .where(AttachmentRow.feed_id == feed_id, AttachmentRow.submission_id.in_(submissions))
        .order_by(AttachmentRow.submission_id, AttachmentRow.ref)
    )
    found: dict[str, list[Photo]] = {}
    for row, unshown, codes in rows:
        photo = Photo(row.ref, row.sha256, row.bytes, row.type, row.state, unshown, tuple(codes or ()), row.capture)
        found.setdefault(row.submission_id, []).append(photo)
    return found


def photo_subjects(session: Session, feed_id: str, sha256: str) -> list[str]:
    """The subjects whose submissions name this photo."""
    return list(
        session.scalars(
            select(AttachmentRow.subject_id)
            .distinct()
            .where(AttachmentRow.feed_id == feed_id, AttachmentRow.sha256 == sha256)
        )
    )


def effects(session: Session, feed_id: str, operation_id: str) -> list[Effect]:
    """What an operation did to entities, with the values they had before."""
    rows = session.execute(
        select(EffectRow, EntityRow.label)
        .join(
            EntityRow,
            (EntityRow.feed_id == EffectRow.feed_id) & (EntityRow.id == EffectRow.entity_id),
            isouter=True,
        )
        .where(EffectRow.feed_id == feed_id, EffectRow.operation_id == operation_id)
        .order_by(EffectRow.ordinal)
    ).all()
    found = []
    for row, label in rows:
        # What the form showed, which is newer than the trunk when the phone pulled in the middle of a branch.
        seen = row.seen_version or row.trunk_version
        before = session.get(EntityVersionRow, (feed_id, row.entity_id, seen)) if seen else None
        found.append(
            Effect(
                entity_id=row.entity_id,
                dataset=row.dataset,
                label=label or "",
                status=row.status,
                before=dict(before.properties) if before else {},
                changes=dict(row.changes),
                created=not row.trunk_version,
                result_version=row.result_version,
            )
        )
    return found


def operations(session: Session, feed_id: str, ids: Iterable[str]) -> dict[str, OperationRow]:
    """Operations by id."""
    rows = session.scalars(select(OperationRow).where(OperationRow.feed_id == feed_id, OperationRow.id.in_(list(ids))))
    return {row.id: row for row in rows}


def people(session: Session, ids: Iterable[str | None]) -> dict[str, PersonRow]:
    """People by id."""
    wanted = {one for one in ids if one}
    return {row.id: row for row in session.scalars(select(PersonRow).where(PersonRow.id.in_(wanted)))}


def devices(session: Session, ids: Iterable[str | None]) -> dict[str, DeviceRow]:
    """Devices by id."""
    wanted = {one for one in ids if one}
    return {row.id: row for row in session.scalars(select(DeviceRow).where(DeviceRow.id.in_(wanted)))}
