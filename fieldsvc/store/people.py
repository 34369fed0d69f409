"""People, their roles and devices, enrolment codes and failed sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import columns, first, rows
from fieldsvc.store.tables import (
    AreaRow,
    DeviceRow,
    EnrolmentRow,
    PersonRow,
    RoleRow,
    SignInFailureRow,
)

#: A role, and the id and path of the area it is held in.
Held = tuple[str, str, str]

_people, _devices, _held = columns(PersonRow), columns(DeviceRow), columns(RoleRow)
_areas, _survivors = columns(AreaRow), AreaRow.__table__.alias()
_OF_TOKEN = _devices.token_sha256 == bindparam("token")
_WHOSE = DeviceRow.__table__.join(PersonRow.__table__, _people.id == _devices.person_id)
_PHONE = (
    _devices.id.label("device_id"),
    _devices.revoked_at,
    _devices.lost,
    _people.id.label("person_id"),
    _people.name,
    _people.feed_id,
    _people.active,
)
_SESSION = select(*_PHONE).select_from(_WHOSE).where(_OF_TOKEN)
_ROLE = (
    _held.role,
    func.coalesce(_survivors.c.id, _areas.id).label("area_id"),
    func.coalesce(_survivors.c.path, _areas.path).label("path"),
)
_HELD_AT = (_held.from_at <= bindparam("at"), or_(_held.to_at.is_(None), _held.to_at > bindparam("at")))
_AREA = _areas.id == _held.area_id
_SURVIVOR = _survivors.c.id == _areas.merged_into_id
_ROLES = (
    select(*_ROLE)
    .select_from(RoleRow.__table__.join(AreaRow.__table__, _AREA).outerjoin(_survivors, _SURVIVOR))
    .where(_held.person_id == bindparam("person"), *_HELD_AT)
    .order_by(_held.role, _areas.path)
)
#: Every request of a phone asks both, and a statement costs more than the rows it finds.
_SESSION_AND_ROLES = (
    select(*_PHONE, *_ROLE)
    .select_from(
        _WHOSE.outerjoin(RoleRow.__table__, and_(_held.person_id == _people.id, *_HELD_AT))
        .outerjoin(AreaRow.__table__, _AREA)
        .outerjoin(_survivors, _SURVIVOR)
    )
    .where(_OF_TOKEN)
    .order_by(_held.role, _areas.path)
)


def add(session: Session, **values: Any) -> None:
    """Add a person."""
    session.execute(insert(PersonRow).values(**values))


def get(session: Session, person_id: str) -> PersonRow | None:
    """One person."""
    return session.scalars(select(PersonRow).where(PersonRow.id == person_id)).first()


def names(session: Session, person_ids: Sequence[str]) -> dict[str, str]:
    """The names of these people, by id."""
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def by_login(session: Session, login: str) -> PersonRow | None:
    """The active person with this staff number or phone; nobody, when a phone number is shared by two."""
    found = session.scalars(
        select(PersonRow).where(or_(PersonRow.staff_no == login, PersonRow.phone == login), PersonRow.active).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def set_password(session: Session, person_id: str, password_hash: str) -> None:
    """Replace a person's password."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(password_hash=password_hash))


def add_role(session: Session, person_id: str, role: str, area_id: str, from_at: int) -> None:
    """Give a role in an area from now on."""
    session.execute(insert(RoleRow).values(person_id=person_id, role=role, area_id=area_id, from_at=from_at))


def end_role(session: Session, person_id: str, role: str, area_id: str, to_at: int) -> None:
    """Take a role in an area away."""
    session.execute(
        update(RoleRow)
        .where(
            RoleRow.person_id == person_id,
            RoleRow.role == role,
            RoleRow.area_id == area_id,
            RoleRow.to_at.is_(None),
        )
        .values(to_at=to_at)
    )


def roles(session: Session, person_id: str, at: int) -> list[Held]:
    """`(role, area id, area path)` of each role the person holds at that moment.

    A role in an area that was merged into another is held in the survivor.
    """
    return [(row.role, row.area_id, row.path) for row in rows(session, _ROLES, person=person_id, at=at)]


def add_device(session: Session, **values: Any) -> None:
    """Add a signed-in installation."""
    session.execute(insert(DeviceRow).values(**values))


def session_of_token(session: Session, token_sha256: str) -> Any:
    """The device a token belongs to, revoked or not, and its person; nothing for an unknown token."""
    return first(session, _SESSION, token=token_sha256)


def session_and_roles(session: Session, token_sha256: str, at: int) -> tuple[Any, list[Held]]:
    """`session_of_token`, and the `roles` that its person holds at that moment, in one statement."""
    found = rows(session, _SESSION_AND_ROLES, token=token_sha256, at=at)
    return next(iter(found), None), [(row.role, row.area_id, row.path) for row in found if row.role is not None]


def device(session: Session, device_id: str) -> DeviceRow | None:
    """One device."""
    return session.get(DeviceRow, device_id)


def devices_of(session: Session, person_id: str) -> list[DeviceRow]:
    """A person's devices, newest first."""
    return list(
        session.scalars(select(DeviceRow).where(DeviceRow.person_id == person_id).order_by(DeviceRow.created_at.desc()))
    )


def revoke_devices(
    session: Session,
    at: int,
    *,
    device_id: str | None = None,
    install_of: tuple[str, str] | None = None,
    lost: bool = False,
) -> None:
    """Sign out one device, or one person's earlier sign-ins of one installation."""
    query = update(DeviceRow).where(DeviceRow.revoked_at.is_(None)).values(revoked_at=at, lost=lost)
    if device_id is not None:
        query = query.where(DeviceRow.id == device_id)
    if install_of is not None:
        query = query.where(DeviceRow.person_id == install_of[0], DeviceRow.install_id == install_of[1])
    if device_id is not None or install_of is not None:
        session.execute(query)


def count_last_words(
    session: Session, device_id: str, operations: int, size: int, *, most: tuple[int, int], since: int
) -> bool:
    """Add what came from a lost device; false beyond `most` operations or bytes, or where it was lost before `since`.

    Compared and written in one step: two requests at once have no more room than one.
    """
    query = update(DeviceRow).where(DeviceRow.id == device_id, DeviceRow.lost, DeviceRow.revoked_at >= since)
    query = query.where(DeviceRow.last_operations + operations <= most[0], DeviceRow.last_bytes + size <= most[1])
    added = {"last_operations": DeviceRow.last_operations + operations, "last_bytes": DeviceRow.last_bytes + size}
    return cast("CursorResult[Any]", session.execute(query.values(added))).rowcount == 1


def device_seen(session: Session, device_id: str, **values: Any) -> None:
    """Note when a device was seen and what it said it still holds."""
    session.execute(update(DeviceRow).where(DeviceRow.id == device_id).values(**values))


def add_enrolment(session: Session, **values: Any) -> None:
    """Keep an enrolment code's digest."""
    session.execute(insert(EnrolmentRow).values(**values))


def void_enrolments(session: Session, person_id: str, at: int) -> None:
    """Let every code of a person that may still be used have ended."""
    session.execute(
        update(EnrolmentRow)
        .where(EnrolmentRow.person_id == person_id, EnrolmentRow.expires_at > at)
        .values(expires_at=at)
    )


def use_enrolment(session: Session, code_sha256: str, at: int) -> PersonRow | None:
    """Spend one use of a code; the person it is for, or nobody when it is unknown, old or used up."""
    person_id = session.execute(
        update(EnrolmentRow)
        .where(
            EnrolmentRow.code_sha256 == code_sha256,
            EnrolmentRow.expires_at > at,
            EnrolmentRow.uses_left > 0,
        )
        .values(uses_left=EnrolmentRow.uses_left - 1)
        .returning(EnrolmentRow.person_id)
    ).scalar()
    if person_id is None:
        return None
    return session.scalars(select(PersonRow).where(PersonRow.id == person_id, PersonRow.active)).first()


def count_failures(session: Session, account: str, since: int) -> int:
    """How often signing in to this account failed since then."""
    return session.execute(
        select(func.count())
        .select_from(SignInFailureRow)
        .where(SignInFailureRow.account == account, SignInFailureRow.at > since)
    ).scalar_one()


def add_failure(session: Session, failure_id: str, account: str, at: int, forget_before: int) -> None:
    """Count one failed sign-in, and forget the account's old ones."""
    session.execute(
        delete(SignInFailureRow).where(SignInFailureRow.account == account, SignInFailureRow.at < forget_before)
    )
    session.execute(insert(SignInFailureRow).values(id=failure_id, account=account, at=at))


def clear_failures(session: Session, account: str) -> None:
    """Forget an account's failures, after the right password."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.account == account))
