"""Phones in a list: when each was heard of last, and what it said it still holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session

from fieldsvc.store import staff
from fieldsvc.store.tables import DeviceRow, PersonRow

#: Where a phone stands in its list: when it was heard of last, and its id.
Key = tuple[int, str]
UNSENT = or_(DeviceRow.pending_operations > 0, DeviceRow.pending_photos > 0)
#: What a list may be narrowed to. A phone that was signed out is in none but its own.
STATES: Mapping[str, ColumnElement[bool]] = {
    "in-use": DeviceRow.revoked_at.is_(None),
    "unsent": DeviceRow.revoked_at.is_(None) & UNSENT,
    "revoked": DeviceRow.revoked_at.is_not(None),
}


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone and whose it is."""

    row: DeviceRow
    person: PersonRow

    @property
    def key(self) -> Key:
        """Where it stands in its list."""
        return self.row.last_seen_at, self.row.id


def page(
    session: Session,
    feed_id: str,
    own: Collection[str] | None,
    *,
    state: str,
    text: str = "",
    at: int,
    after: Key | None = None,
    limit: int = 50,
) -> list[Phone]:
    """Phones of people who are wholly within these areas, the one heard of last first."""
    query = (
        select(DeviceRow, PersonRow)
        .join(PersonRow, PersonRow.id == DeviceRow.person_id)
        .where(DeviceRow.feed_id == feed_id, STATES[state], *staff.wholly_within(own, at))
        .order_by(DeviceRow.last_seen_at.desc(), DeviceRow.id.desc())
    )
    if text:
        query = query.where(staff.called(text))
    if after:
        query = query.where(tuple_(DeviceRow.last_seen_at, DeviceRow.id) < tuple_(*after))
    return [Phone(row, person) for row, person in session.execute(query.limit(limit))]
