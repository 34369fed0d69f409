"""Who reviews in a place: the people whose role there, or in an area above it, lets them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AreaRow, PersonRow, RoleRow


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role in an area; without a password they cannot sit down at an office desk."""

    person_id: str
    name: str
    unit: str
    role: str
    area_path: str
    can_sign_in: bool


def holders(session: Session, feed_id: str, roles: Collection[str], at: int) -> list[Holder]:
    """The active people who hold one of these roles at that moment, by name; one line for each role and area."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, PersonRow.unit, RoleRow.role, AreaRow.path, PersonRow.password_hash)
        .join(RoleRow, RoleRow.person_id == PersonRow.id)
        .join(AreaRow, AreaRow.id == RoleRow.area_id)
        .where(
            PersonRow.feed_id == feed_id,
            PersonRow.active,
            RoleRow.role.in_(roles),
            RoleRow.from_at <= at,
            or_(RoleRow.to_at.is_(None), RoleRow.to_at > at),
        )
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [Holder(row.id, row.name, row.unit or "", row.role, row.path, row.password_hash is not None) for row in rows]
