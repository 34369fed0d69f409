"""People as a sheet names them: by their staff numbers, some hundred at a time."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AssignmentRow, DeviceRow, PersonRow


def by_staff_no(session: Session, feed_id: str, numbers: Collection[str]) -> dict[str, PersonRow]:
    """The people with these staff numbers, retired or not."""
    rows = session.scalars(select(PersonRow).where(PersonRow.feed_id == feed_id, PersonRow.staff_no.in_(list(numbers))))
    return {str(row.staff_no): row for row in rows}


def logins(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """Whose these staff and telephone numbers are, of those who may sign in."""
    given = list(numbers)
    rows = session.execute(
        select(PersonRow.id, PersonRow.staff_no, PersonRow.phone).where(
            PersonRow.active.is_(True), or_(PersonRow.staff_no.in_(given), PersonRow.phone.in_(given))
        )
    )
    return {number: row.id for row in rows for number in (row.staff_no, row.phone) if number in numbers}


def has_begun(session: Session, person_id: str) -> bool:
    """Whether somebody has signed in on a phone, or anything was assigned to them."""
    queries = (
        select(DeviceRow.id).where(DeviceRow.person_id == person_id),
        select(AssignmentRow.id).where(AssignmentRow.person_id == person_id),
    )
    return any(session.scalars(query.limit(1)).first() is not None for query in queries)
