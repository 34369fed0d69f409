"""Phones that said they still hold something and were not heard of since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AssignmentRow, DeviceRow, EntityRow, PersonRow


@dataclass(frozen=True, slots=True)
class Silent:
    """One such phone, whose it is, and what it last said it holds."""

    device: str
    person: str
    unit: str
    number: str
    operations: int
    photos: int
    last_seen_at: int


def silent(
    session: Session, feed_id: str, areas: Sequence[str] | None, *, before: int, limit: int = 200
) -> list[Silent]:
    """Phones last heard of before that moment, by the names of those who carry them.

    With areas, only of people who have somebody there to visit. Sorted by name: it is a list to telephone by.
    """
    query = (
        select(DeviceRow, PersonRow)
        .join(PersonRow, PersonRow.id == DeviceRow.person_id)
        .where(
            DeviceRow.feed_id == feed_id,
            DeviceRow.revoked_at.is_(None),
            DeviceRow.last_seen_at < before,
            or_(DeviceRow.pending_operations > 0, DeviceRow.pending_photos > 0),
        )
        .order_by(PersonRow.name, DeviceRow.id)
        .limit(limit)
    )
    if areas is not None:
        visits_there = (
            select(AssignmentRow.id)
            .join(
                EntityRow,
                (EntityRow.feed_id == AssignmentRow.feed_id) & (EntityRow.id == AssignmentRow.subject_id),
                isouter=True,
            )
            .where(
                AssignmentRow.feed_id == feed_id,
                AssignmentRow.person_id == PersonRow.id,
                AssignmentRow.to_at.is_(None),
                or_(EntityRow.area_id.in_(areas), AssignmentRow.area_id.in_(areas)),
            )
            .correlate(PersonRow)
        )
        query = query.where(visits_there.exists())
    return [
        Silent(
            device.name,
            person.name,
            person.unit or "",
            person.phone or "",
            device.pending_operations,
            device.pending_photos,
            device.last_seen_at,
        )
        for device, person in session.execute(query)
    ]
