"""Appending to a feed: positions in the order of commit, on both databases.

A sequence or a timestamp would let a lower position appear after a higher one was served, and a phone
that had passed it would never learn of that change. So positions come from the feed's counter row, whose
lock is held from there to the commit: **allocate as late as you can, and commit right after.**
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store import run
from fieldsvc.store.run import FEED, columns, many, table
from fieldsvc.store.tables import ChangeRow, FeedRow

FORMS_TOPIC = "forms"
#: Rows nobody pulls: they only give an operation a place in the feed, which its receipt then names.
RECEIPTS_TOPIC = "receipts"
#: The kind of a row that says: in which villages its reader may register a household may be another list now.
VILLAGES = "villages"
#: In the data of an entity's row: the area it lay in before this version ("": in none). No phone is sent it.
LEFT_AREA = "left_area"


_feeds, _changes = columns(FeedRow), columns(ChangeRow)
_ALLOCATE = (
    update(table(FeedRow))
    .where(_feeds.id == FEED)
    .values(position=_feeds.position + bindparam("number"))
    .returning(_feeds.position)
)
_INSERT = insert(table(ChangeRow))
_TAGS = select(_changes.position, _changes.tag).where(
    _changes.feed_id == FEED, _changes.position.in_(many("positions"))
)


def person_topic(person_id: str) -> str:
    """The topic of what is addressed to one person: scope and notices."""
    return f"person:{person_id}"


@dataclass(frozen=True, slots=True)
class NewChange:
    """A feed row before it has its position."""

    topic: str
    kind: str
    ref_id: str
    at: int
    version: int | None = None
    data: dict[str, Any] | None = None
    operation_id: str | None = None


def allocate(session: Session, feed_id: str, count: int) -> int:
    """The first of `count` consecutive positions. From here to the commit every other writer waits."""
    return int(run.first(session, _ALLOCATE, feed=feed_id, number=count).position) - count + 1


def write(session: Session, feed_id: str, first: int, rows: Sequence[NewChange]) -> list[str]:
    """Store rows at the positions from `first` on; answers their tags."""
    tags = [secrets.token_urlsafe(6) for _ in rows]
    if rows:
        session.connection().execute(
            _INSERT,
            [
                {
                    "feed_id": feed_id,
                    "position": first + offset,
                    "tag": tag,
                    "topic": row.topic,
                    "kind": row.kind,
                    "ref_id": row.ref_id,
                    "version": row.version,
                    "data": row.data,
                    "operation_id": row.operation_id,
                    "at": row.at,
                }
                for offset, (row, tag) in enumerate(zip(rows, tags, strict=True))
            ],
        )
    return tags


def append(session: Session, feed_id: str, rows: Sequence[NewChange]) -> list[int]:
    """Give the rows the next positions of the feed and store them. The last act before the commit."""
    if not rows:
        return []
    first = allocate(session, feed_id, len(rows))
    write(session, feed_id, first, rows)
    return list(range(first, first + len(rows)))


def tag_at(session: Session, feed_id: str, position: int) -> str | None:
    """The tag of the row at a position, if there is such a row."""
    return tags_at(session, feed_id, [position]).get(position)


def tags_at(session: Session, feed_id: str, positions: Sequence[int]) -> dict[int, str]:
    """The tags of the rows at these positions."""
    found = run.rows(session, _TAGS, feed=feed_id, positions=list(positions))
    return {row.position: row.tag for row in found}
