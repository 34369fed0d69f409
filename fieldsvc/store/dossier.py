"""A household's photos and pairings over time, each in a fixed number of statements however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from fieldsvc.store.tables import AssignmentRow, AttachmentRow, EffectRow, EntityRow, PersonRow, SubmissionRow

#: Two photos a month for twelve years, and a renovation: nobody looks further back on one page.
MOST_PHOTOS = 600
MOST_PAIRINGS = 200


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo with the visit it came in; `at` is when that visit ended by the phone's clock, or arrived.

    `capture` is how it was taken, as stored with the link; `stamp` what its form asks to be said over it.
    """

    subject_id: str
    visit_id: str
    form_id: str
    form_version: str
    ref: str
    sha256: str
    state: str
    at: int
    capture: Mapping[str, Any] | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Somebody who was given this household, alone or with its whole area, from one moment to another."""

    person: str
    unit: str
    role: str
    area_id: str | None
    from_at: int
    to_at: int | None
    reason: str | None


def photos(session: Session, feed_id: str, subject_ids: Collection[str]) -> list[Shot]:
    """The photos of these subjects from visits that stand, oldest first; of an amended visit those of its last link."""
    of = AttachmentRow.subject_id.in_(sorted(subject_ids))
    return _photos(session, feed_id, of, MOST_PHOTOS * len(subject_ids))


def photos_of_visits(session: Session, feed_id: str, visit_ids: Collection[str]) -> list[Shot]:
    """The photos of those of these visits that stand, oldest first."""
    of = AttachmentRow.submission_id.in_(sorted(visit_ids))
    return _photos(session, feed_id, of, MOST_PHOTOS * max(1, len(visit_ids)))


def _photos(session: Session, feed_id: str, of: ColumnElement[bool], most: int) -> list[Shot]:
    at = SubmissionRow.ended_at
    query = (
        select(
            AttachmentRow.subject_id,
            SubmissionRow.id,
            SubmissionRow.form_id,
            SubmissionRow.form_version,
            AttachmentRow.ref,
            AttachmentRow.sha256,
            AttachmentRow.state,
            at,
            SubmissionRow.received_at,
            AttachmentRow.capture,
        )
        .join(
            SubmissionRow,
            (SubmissionRow.feed_id == AttachmentRow.feed_id) & (SubmissionRow.id == AttachmentRow.submission_id),
        )
        .where(
            AttachmentRow.feed_id == feed_id,
            of,
            SubmissionRow.withdrawn_at.is_(None),
            SubmissionRow.replaced_by_id.is_(None),
            SubmissionRow.review_state != "rejected",
        )
        .order_by(SubmissionRow.received_at.desc(), SubmissionRow.id.desc(), AttachmentRow.ref.desc())
        .limit(most)
    )
    rows = session.execute(query)
    found = [
        Shot(
            subject_id=row.subject_id,
            visit_id=row.id,
            form_id=row.form_id,
            form_version=row.form_version,
            ref=row.ref,
            sha256=row.sha256,
            state=row.state,
            at=row.ended_at or row.received_at,
            capture=row.capture,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.at, one.visit_id, one.ref))


def touched(session: Session, feed_id: str, operation_ids: Collection[str]) -> dict[str, set[str]]:
    """The records that each of these operations wrote to or was about."""
    return _effects(session, feed_id, EffectRow.operation_id, operation_ids)


def touching(session: Session, feed_id: str, record_ids: Collection[str]) -> dict[str, set[str]]:
    """The operations that wrote to these records or were about them, each with those records."""
    return _effects(session, feed_id, EffectRow.entity_id, record_ids)


def _effects(
    session: Session, feed_id: str, of: InstrumentedAttribute[str], ids: Collection[str]
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    if ids:
        query = select(EffectRow.operation_id, EffectRow.entity_id).where(
            EffectRow.feed_id == feed_id, of.in_(sorted(ids))
        )
        for operation, entity in session.execute(query):
            found.setdefault(operation, set()).add(entity)
    return found


def pairings(session: Session, feed_id: str, subject_id: str, area_ids: Sequence[str]) -> list[Pairing]:
    """Everybody who was given this subject or an area it lies in, the newest first."""
    query = (
        select(
            PersonRow.name,
            PersonRow.unit,
            AssignmentRow.role,
            AssignmentRow.area_id,
            AssignmentRow.from_at,
            AssignmentRow.to_at,
            AssignmentRow.reason,
        )
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .where(
            AssignmentRow.feed_id == feed_id,
            or_(AssignmentRow.subject_id == subject_id, AssignmentRow.area_id.in_(area_ids)),
        )
        .order_by(AssignmentRow.from_at.desc(), AssignmentRow.id.desc())
        .limit(MOST_PAIRINGS)
    )
    return [Pairing(row[0], row[1] or "", *row[2:]) for row in session.execute(query)]


def registered(session: Session, feed_id: str, people: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these names and telephones a member of a helped household has. Found by the name, which is indexed."""
    member, home = aliased(EntityRow), aliased(EntityRow)
    phones = [one.properties["phone"].as_string() for one in (member, home)]
    query = (
        select(member.label, *phones)
        .join(home, and_(home.feed_id == member.feed_id, home.id == member.subject_id))
        .where(
            member.feed_id == feed_id,
            member.dataset == "members",
            member.label.in_({name for name, _ in people}),
            home.properties["hh_type"].as_string() != "general",
            *(one.deleted.is_(False) for one in (member, home)),
            *(one.merged_into.is_(None) for one in (member, home)),
        )
    )
    return {(name, phone) for name, *said in session.execute(query) for phone in said} & set(people)
