"""The visit log: submissions in the order the server received them, filtered, a page at a time.

Pages are keyed by (received_at, id), never by an offset: a visit that arrives while somebody reads page two
must not push a line onto page three a second time. Only the last link of each chain of amendments is listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AttachmentRow, EntityRow, PersonRow, SubmissionRow

# SQLite refuses a compound SELECT of more than 500 parts; a supervisor of more villages than this gets the
# slower form of the same query.
_MOST_BRANCHES = 200

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """Which visits are wanted. `areas` None means the whole feed; an empty tuple means none at all."""

    areas: tuple[str, ...] | None
    month: int | None = None
    author_id: str | None = None
    form_id: str | None = None
    state: str | None = None
    flagged: bool = False
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One line of the log: the visit, the household it was to, and who went."""

    id: str
    form_id: str
    form_version: str
    subject_id: str
    label: str
    properties: dict[str, Any]
    area_id: str | None
    author_id: str
    author: str
    started_at: int | None
    received_at: int
    state: str
    withdrawn: bool
    amends: bool
    flags: dict[str, Any]
    photos: int = 0
    photos_missing: int = 0

    @property
    def key(self) -> Key:
        """Where this line stands in the log."""
        return self.received_at, self.id


def page(
    session: Session, feed_id: str, wanted: VisitFilter, *, after: Key | None = None, limit: int = 50
) -> list[VisitLine]:
    """At most `limit` visits that follow `after` in the filter's order."""
    ids = [row.id for row in session.execute(_keys(feed_id, wanted, after, limit))]
    found = {line.id: line for line in _lines(session, feed_id, ids)}
    return [found[one] for one in ids if one in found]


def count(session: Session, feed_id: str, wanted: VisitFilter, *, at_most: int = 1000) -> int:
    """How many visits the filter holds, counted no further than `at_most`."""
    few = _keys(feed_id, wanted, None, at_most).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


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


def _keys(feed_id: str, wanted: VisitFilter, after: Key | None, limit: int) -> Select[str, int]:
    table = SubmissionRow
    order = [table.received_at, table.id] if wanted.oldest_first else [table.received_at.desc(), table.id.desc()]

    def branch(*extra: Any) -> Select[str, int]:
        query = select(table.id, table.received_at).where(table.feed_id == feed_id, *extra, *_conditions(wanted))
        if after is not None:
            place, key = tuple_(table.received_at, table.id), tuple_(*after)
            query = query.where(place > key if wanted.oldest_first else place < key)
        return query.order_by(*order).limit(limit)

    if wanted.areas is None:
        return branch()
    if not 1 < len(wanted.areas) <= _MOST_BRANCHES:
        return branch(table.area_id.in_(wanted.areas))
    # One ordered index range per village, merged: a single IN (…) would sort every visit of the whole town.
    parts = [select(branch(table.area_id == area).subquery()) for area in wanted.areas]
    merged = union_all(*parts).subquery()
    columns = [merged.c.received_at, merged.c.id]
    return (
        select(merged.c.id, merged.c.received_at)
        .order_by(*(columns if wanted.oldest_first else [column.desc() for column in columns]))
        .limit(limit)
    )


def _conditions(wanted: VisitFilter) -> list[Any]:
    table = SubmissionRow
    conditions: list[Any] = [table.replaced_by_id.is_(None)]
    if wanted.month is not None:
        conditions.append(table.month == wanted.month)
    if wanted.author_id is not None:
        conditions.append(table.author_id == wanted.author_id)
    if wanted.form_id is not None:
        conditions.append(table.form_id == wanted.form_id)
    if wanted.state == "withdrawn":
        conditions.append(table.withdrawn_at.is_not(None))
    elif wanted.state is not None:
        conditions += [table.review_state == wanted.state, table.withdrawn_at.is_(None)]
    if wanted.flagged:
        conditions.append(table.flags.is_not(None))
    return conditions


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
            started_at=visit.started_at,
            received_at=visit.received_at,
            state=visit.review_state,
            withdrawn=visit.withdrawn_at is not None,
            amends=visit.replaces_id is not None,
            flags=visit.flags or {},
            photos=photos.get(visit.id, (0, 0))[0],
            photos_missing=photos.get(visit.id, (0, 0))[1],
        )
        for visit, label, properties, author in rows
    ]
