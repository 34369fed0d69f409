"""Messages about the system itself: kept as they came, listed a page at a time, answered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, insert, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.run import table, write_all
from fieldsvc.store.scope import OWN
from fieldsvc.store.tables import DeviceRow, EntityRow, FeedbackRow, PersonRow, ScopeRow

Key = tuple[int, str]
_INSERT = insert(table(FeedbackRow))


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """One message: who said what when, on which phone, and what was answered by whom."""

    id: str
    author_id: str
    author: str
    unit: str
    device: str
    release: str
    area_id: str | None
    text: str
    received_at: int
    answer: str | None
    answered_at: int | None
    answered_by: str

    @property
    def key(self) -> Key:
        """Where this message stands in its list."""
        return self.received_at, self.id


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep these messages."""
    write_all(session, _INSERT, rows)


def usual_area(session: Session, feed_id: str, person_id: str) -> str | None:
    """The area most of a person's households are in; whoever holds none belongs to the whole feed."""
    count = func.count()
    query = (
        select(EntityRow.area_id)
        .join(ScopeRow, (ScopeRow.feed_id == EntityRow.feed_id) & (ScopeRow.subject_id == EntityRow.id))
        .where(
            ScopeRow.feed_id == feed_id,
            ScopeRow.person_id == person_id,
            ScopeRow.revoked_pos.is_(None),
            ScopeRow.role != OWN,
            EntityRow.area_id.is_not(None),
        )
        .group_by(EntityRow.area_id)
        .order_by(count.desc(), EntityRow.area_id)
    )
    return session.scalars(query.limit(1)).first()


def page(
    session: Session,
    feed_id: str,
    areas: Sequence[str] | None,
    *,
    answered: bool,
    after: Key | None = None,
    limit: int = 50,
) -> list[FeedbackLine]:
    """Messages that wait, the longest waiting first; or those with an answer, the newest first."""
    query = _of(feed_id, areas, answered=answered)
    key = tuple_(FeedbackRow.received_at, FeedbackRow.id)
    if answered:
        query = query.order_by(FeedbackRow.received_at.desc(), FeedbackRow.id.desc())
        query = query.where(key < tuple_(*after)) if after else query
    else:
        query = query.order_by(FeedbackRow.received_at, FeedbackRow.id)
        query = query.where(key > tuple_(*after)) if after else query
    return [FeedbackLine(*row) for row in session.execute(query.limit(limit))]


def number(session: Session, feed_id: str, areas: Sequence[str] | None) -> int:
    """How many messages wait for an answer."""
    query = _of(feed_id, areas, answered=False)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def get(session: Session, feed_id: str, feedback_id: str) -> FeedbackRow | None:
    """One message."""
    return session.get(FeedbackRow, (feed_id, feedback_id))


def answer(session: Session, feed_id: str, feedback_id: str, *, text: str, at: int, by_id: str) -> bool:
    """Write the answer, unless there is one already; says whether it did."""
    done = session.execute(
        update(FeedbackRow)
        .where(FeedbackRow.feed_id == feed_id, FeedbackRow.id == feedback_id, FeedbackRow.answered_at.is_(None))
        .values(answer=text, answered_at=at, answered_by_id=by_id)
        .returning(FeedbackRow.id)
    ).first()
    return done is not None


def _of(feed_id: str, areas: Sequence[str] | None, *, answered: bool) -> Select[*tuple[Any, ...]]:
    author, answerer = aliased(PersonRow), aliased(PersonRow)
    query = (
        select(
            FeedbackRow.id,
            FeedbackRow.author_id,
            func.coalesce(author.name, ""),
            func.coalesce(author.unit, ""),
            func.coalesce(DeviceRow.name, ""),
            func.coalesce(DeviceRow.app_release, ""),
            FeedbackRow.area_id,
            FeedbackRow.text,
            FeedbackRow.received_at,
            FeedbackRow.answer,
            FeedbackRow.answered_at,
            func.coalesce(answerer.name, ""),
        )
        .join(author, author.id == FeedbackRow.author_id, isouter=True)
        .join(answerer, answerer.id == FeedbackRow.answered_by_id, isouter=True)
        .join(DeviceRow, DeviceRow.id == FeedbackRow.device_id, isouter=True)
        .where(
            FeedbackRow.feed_id == feed_id,
            FeedbackRow.answered_at.is_not(None) if answered else FeedbackRow.answered_at.is_(None),
        )
    )
    return query if areas is None else query.where(FeedbackRow.area_id.in_(areas))
