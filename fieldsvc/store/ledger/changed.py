"""Where the records of a dataset changed since a position of the feed: which villages must be counted again.

No record changes without a row in the feed, or phones would not hear of it; one that moves is told to both households.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.ledger.where import is_gone
from fieldsvc.store.tables import ChangeRow, EntityRow, FeedRow

_CHANGED = aliased(EntityRow, name="changed")
Villages = set[str | None]


def standing(session: Session, feed_id: str) -> tuple[str, int]:
    """The feed's epoch and its last position."""
    epoch, position = session.execute(select(FeedRow.epoch, FeedRow.position).where(FeedRow.id == feed_id)).one()
    return str(epoch), int(position)


def villages(session: Session, feed_id: str, dataset: str, since: int) -> Villages:
    """The villages in which records of this dataset were written after that position."""
    query = (
        select(EntityRow.area_id)
        .distinct()
        .select_from(ChangeRow)
        .join(_CHANGED, and_(_CHANGED.feed_id == feed_id, _CHANGED.id == ChangeRow.ref_id))
        .join(EntityRow, and_(EntityRow.feed_id == feed_id, EntityRow.id == ChangeRow.topic))
        .where(ChangeRow.feed_id == feed_id, ChangeRow.position > since, _CHANGED.dataset == dataset)
    )
    return set(session.scalars(query))


def gone(session: Session, feed_id: str) -> frozenset[str]:
    """Everything that counts in no ledger, nor what is about it."""
    return frozenset(session.scalars(select(EntityRow.id).where(EntityRow.feed_id == feed_id, is_gone())))


def villages_of(session: Session, feed_id: str, ids: Collection[str]) -> Villages:
    """Where these records lie."""
    query = select(EntityRow.area_id).distinct().where(EntityRow.feed_id == feed_id, EntityRow.id.in_(list(ids)))
    return set(session.scalars(query))
