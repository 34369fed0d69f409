"""The visit log: submissions in a fixed order, filtered, a page at a time, with what a line of it shows.

Pages are keyed by the last line shown, never by an offset: a visit that arrives while somebody reads page two
must not push a line onto page three a second time. Only the last link of each chain of amendments is listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from fieldsvc.store import visit_order
from fieldsvc.store.tables import AttachmentRow, EntityRow, PersonRow, SubmissionRow
from fieldsvc.store.visit_order import Key, VisitFilter


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One line of the log: the visit, the household it was to, and who went.

    `handbook`: what the booklet says of it, which the form composes from the answers; empty for other forms.
    """

    id: str
    form_id: str
    form_version: str
    subject_id: str
    label: str
    properties: dict[str, Any]
    area_id: str | None
    author_id: str
    author: str
    month: int
    started_at: int | None
    received_at: int
    state: str
    handbook: str
    withdrawn: bool
    amends: bool
    flags: dict[str, Any]
    photos: int = 0
    photos_missing: int = 0

    @property
    def key(self) -> Key:
        """Where this line stands in the log."""
        return self.month, self.received_at, self.id


def page(
    session: Session, feed_id: str, wanted: VisitFilter, *, after: Key | None = None, limit: int = 50
) -> list[VisitLine]:
    """At most `limit` visits that follow `after` in the filter's order."""
    ids = [row.id for row in session.execute(visit_order.keys(feed_id, wanted, after, limit))]
    found = {line.id: line for line in _lines(session, feed_id, ids)}
    return [found[one] for one in ids if one in found]


def keys(session: Session, feed_id: str, wanted: VisitFilter, *, limit: int) -> list[Key]:
    """Where the first `limit` visits of the filter stand: their months, times and ids, and nothing else of them."""
    return [(row[0], row[1], row[2]) for row in session.execute(visit_order.keys(feed_id, wanted, None, limit))]


def count(session: Session, feed_id: str, wanted: VisitFilter, *, at_most: int = 1000) -> int:
    """How many visits the filter holds, counted no further than `at_most`."""
    return visit_order.number(session, feed_id, wanted, at_most)


def of_subject(session: Session, feed_id: str, subject_id: str, *, limit: int = 100) -> list[VisitLine]:
    """The visits to one subject, newest first."""
    ids = session.scalars(
        select(SubmissionRow.id)
        .where(
            SubmissionRow.feed_id == feed_id,
            SubmissionRow.subject_id == subject_id,
            SubmissionRow.replaced_by_id.is_(None),
        )
        .order_by(SubmissionRow.received_at.desc(), SubmissionRow.id.desc())
        .limit(limit)
    ).all()
    found = {line.id: line for line in _lines(session, feed_id, ids)}
    return [found[one] for one in ids if one in found]


def _lines(session: Session, feed_id: str, ids: Iterable[str]) -> list[VisitLine]:
    wanted = list(ids)
    if not wanted:
        return []
    photos = {
        row.submission_id: (row.total, row.missing)
        for row in session.execute(
            select(
                AttachmentRow.submission_id,
                func.count().label("total"),
                func.count().filter(AttachmentRow.state != "present").label("missing"),
            )
            .where(AttachmentRow.feed_id == feed_id, AttachmentRow.submission_id.in_(wanted))
            .group_by(AttachmentRow.submission_id)
        )
    }
    rows = session.execute(
        select(SubmissionRow, EntityRow.label, EntityRow.properties, PersonRow.name)
        .join(
            EntityRow,
            and_(EntityRow.feed_id == SubmissionRow.feed_id, EntityRow.id == SubmissionRow.subject_id),
            isouter=True,
        )
        .join(PersonRow, PersonRow.id == SubmissionRow.author_id, isouter=True)
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.id.in_(wanted))
    )
    return [
        VisitLine(
            id=visit.id,
            form_id=visit.form_id,
            form_version=visit.form_version,
            subject_id=visit.subject_id,
            label=label or "",
            properties=properties or {},
            area_id=visit.area_id,
            author_id=visit.author_id,
            author=author or "",
            month=visit.month,
            started_at=visit.started_at,
            received_at=visit.received_at,
            state=visit.review_state,
            handbook=str(visit.answers.get("handbook") or ""),
            withdrawn=visit.withdrawn_at is not None,
            amends=visit.replaces_id is not None,
            flags=visit.flags or {},
            photos=photos.get(visit.id, (0, 0))[0],
            photos_missing=photos.get(visit.id, (0, 0))[1],
        )
        for visit, label, properties, author in rows
    ]
