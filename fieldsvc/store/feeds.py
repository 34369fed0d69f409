"""The feed rows: which counties this database holds."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, first
from fieldsvc.store.tables import FeedRow

_EPOCH = select(columns(FeedRow).epoch).where(columns(FeedRow).id == FEED)


def add(session: Session, *, feed_id: str, name: str, epoch: str) -> None:
    """Begin an empty feed."""
    session.execute(insert(FeedRow).values(id=feed_id, name=name, epoch=epoch, position=0, audit_position=0))


def get(session: Session, feed_id: str) -> FeedRow:
    """One feed; it exists, because everybody who asks belongs to it."""
    return session.scalars(select(FeedRow).where(FeedRow.id == feed_id)).one()


def epoch(session: Session, feed_id: str) -> str:
    """The feed's epoch: another one after a restore."""
    return str(first(session, _EPOCH, feed=feed_id).epoch)


def any_feed(session: Session) -> str | None:
    """The id of some feed, or none in an empty database."""
    return session.scalars(select(FeedRow.id).limit(1)).first()


def all_feeds(session: Session) -> list[FeedRow]:
    """Every feed of this database."""
    return list(session.scalars(select(FeedRow).order_by(FeedRow.id)))
