"""People of a county: adding them, giving and ending roles, and finding one by how they sign in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.problems import LastAdministrator, NotFound
from fieldsvc.services import access
from fieldsvc.services.access import ROLES, Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.passwords import hash_password
from fieldsvc.store import areas, audit, people, reviewers
from fieldsvc.store.tables import AreaRow


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the system, as a list shows them."""

    id: str
    name: str
    login: str | None
    unit: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Device:
    """A phone somebody signed in on."""

    id: str
    name: str
    last_seen_at: int
    revoked: bool
    waiting: int


def add_person(
    ctx: Context,
    by: Actor,
    *,
    name: str,
    staff_no: str | None = None,
    phone: str | None = None,
    unit: str | None = None,
    password: str | None = None,
) -> str:
    """Add a person without any role; return their id."""
    access.require_anywhere(by, [Action.ADMINISTER])
    password_hash = hash_password(password) if password else None
    person_id, now = ctx.new_id(), ctx.now_ms()
    with ctx.db.write() as session:
        people.add(
            session,
            id=person_id,
            feed_id=by.feed_id,
            name=name,
            staff_no=staff_no,
            phone=phone,
            unit=unit,
            password_hash=password_hash,
            locale="zh",
            active=True,
            created_at=now,
        )
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "add-person", f"person:{person_id}")])
    return person_id


def grant_role(ctx: Context, by: Actor, person_id: str, role: str, area_id: str) -> None:
    """Give a person a role in an area, and so below it."""
    now = ctx.now_ms()
    with ctx.db.write() as session:
        _require(session, by, person_id, role, area_id, now)
        if (role, area_id) in {(held, where) for held, where, _ in people.roles(session, person_id, now)}:
            return
        people.add_role(session, person_id, role, area_id, now)
        _note(session, now, by, "grant-role", person_id, role, area_id)


def end_role(ctx: Context, by: Actor, person_id: str, role: str, area_id: str) -> None:
    """Take a role in an area away from now on; what was done in it stays. Raises `last-administrator`."""
    now = ctx.now_ms()
    with ctx.db.write() as session:
        _require(session, by, person_id, role, area_id, now)
        administered = administers_everything(session, person_id, now)
        people.end_role(session, person_id, role, area_id, now)
        if administered:
            require_an_administrator(session, by.feed_id, now)
        _note(session, now, by, "end-role", person_id, role, area_id)


def of_login(ctx: Context, by: Actor, login: str) -> Person:
    """The active person who signs in with this staff number or phone."""
    access.require_anywhere(by, [Action.ADMINISTER])
    with ctx.db.read() as session:
        row = people.by_login(session, login)
        if row is None or row.feed_id != by.feed_id:
            raise NotFound
        return Person(row.id, row.name, row.staff_no, row.unit, row.active)


def devices_of(ctx: Context, by: Actor, person_id: str) -> list[Device]:
    """The phones a person signed in on, newest first."""
    with ctx.db.read() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        return [
            Device(
                row.id,
                row.name,
                row.last_seen_at,
                row.revoked_at is not None,
                row.pending_operations + row.pending_photos,
            )
            for row in people.devices_of(session, person_id)
        ]


def area_of_code(ctx: Context, by: Actor, code: str | None) -> AreaRow:
    """The area with this code, or the county when no code is given."""
    with ctx.db.read() as session:
        found = areas.by_code(session, by.feed_id, code) if code else areas.topmost(session, by.feed_id)
        if found is None:
            raise NotFound
        return found


def administers_everything(session: Session, person_id: str, at: int) -> bool:
    """Whether this person is an administrator of the whole county."""
    held = people.roles(session, person_id, at)
    return any(role == "administrator" and access.is_whole(path) for role, _, path in held)


def require_an_administrator(session: Session, feed_id: str, at: int, *, but: str = "") -> None:
    """Raise `last-administrator` when nobody is left, `but` one aside, who administers the whole county and can sign in
    to do so."""
    left = [one for one in reviewers.holders(session, feed_id, ["administrator"], at) if one.person_id != but]
    if not any(one.can_sign_in and access.is_whole(one.area_path) for one in left):
        raise LastAdministrator


def _note(session: Session, now: int, by: Actor, action: str, person_id: str, role: str, area_id: str) -> None:
    detail = {"role": role, "area": area_id}
    audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, action, f"person:{person_id}", detail=detail)])


def _require(session: Session, by: Actor, person_id: str, role: str, area_id: str, at: int) -> None:
    """The asker administers that area and that person, and there is such a role."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role}")
    area = areas.get(session, by.feed_id, area_id)
    if area is None:
        raise NotFound
    access.require_in_area(by, Action.ADMINISTER, area.path)
    access.require_person(session, by, person_id, at)
