"""Where the records of a dataset changed since a position of the feed: which villages must be counted again.

No record changes without a row in the feed, or phones would not hear of it; one that moves is told to both households.
A household's own row may say that it went or came back: then what is about it counts no longer, or again.
"""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.changes import LEFT_AREA
from fieldsvc.store.tables import ChangeRow, EntityRow, FeedRow

_CHANGED = aliased(EntityRow, name="changed")
Villages = set[str | None]


def standing(session: Session, feed_id: str) -> tuple[str, int]:
    """The feed's epoch and its last position."""
    epoch, position = session.execute(select(FeedRow.epoch, FeedRow.position).where(FeedRow.id == feed_id)).one()
    return str(epoch), int(position)


def villages(session: Session, feed_id: str, dataset: str, since: int) -> Villages:
    """The villages in which the records of this dataset may count otherwise than at that position.

    Where a changed record lies, where the household it was told to lies, and where it lay before it changed its area.
    """
    left = ChangeRow.data[LEFT_AREA].as_string()
    # Outer joins, though every row has both: SQLite would begin with all records of the county and look for their rows.
    query = (
        select(_CHANGED.area_id, EntityRow.area_id, left)
        .distinct()
        .select_from(ChangeRow)
        .outerjoin(_CHANGED, and_(_CHANGED.feed_id == feed_id, _CHANGED.id == ChangeRow.ref_id))
        .outerjoin(EntityRow, and_(EntityRow.feed_id == feed_id, EntityRow.id == ChangeRow.topic))
        .where(
            ChangeRow.feed_id == feed_id,
            ChangeRow.position > since,
            ChangeRow.kind == "entity",
            or_(_CHANGED.dataset == dataset, ChangeRow.topic == ChangeRow.ref_id),
        )
    )
    found: Villages = set()
    for lies, told, lay in session.execute(query):
        found |= {lies, told} if lay is None else {lies, told, lay or None}
    return found
