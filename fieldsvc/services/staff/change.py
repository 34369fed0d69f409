"""What an administrator changes about a person: who they are, whether they still work here, their password."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import LoginTaken, NotFound, StillAssigned
from fieldsvc.services import access
from fieldsvc.services import people as roles
from fieldsvc.services.access import ROLES, Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import attempt
from fieldsvc.services.enrol import set_password
from fieldsvc.services.staff import own_place
from fieldsvc.store import areas, audit, pairings, people, staff

#: Without what is mistaken for something else when it is read from a slip of paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Details:
    """Who somebody is; the numbers are what they sign in with."""

    name: str
    staff_no: str | None = None
    phone: str | None = None
    unit: str | None = None


def add(ctx: Context, by: Actor, details: Details, *, role: str, area_id: str) -> str:
    """Add a person with their first role, in one transaction: without one they would belong to nobody's area.

    Raises `not-found` (an area out of reach) and `login-taken`. Returns the person's id.
    """
    with ctx.db.write() as session:
        person_id, entries = add_within(ctx, session, by, details, role=role, area_id=area_id)
        audit.append(session, by.feed_id, entries)
        return person_id


def add_within(
    ctx: Context, session: Session, by: Actor, details: Details, *, role: str, area_id: str
) -> tuple[str, list[audit.Entry]]:
    """`add` inside the caller's transaction: the id, and what belongs into the audit log at its end."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role}")
    area = areas.get(session, by.feed_id, area_id)
    if area is None or not access.may_in_area(by, Action.ADMINISTER, area.path):
        raise NotFound
    _require_free(session, details)
    person_id, now = ctx.new_id(), ctx.now_ms()
    people.add(
        session,
        id=person_id,
        feed_id=by.feed_id,
        password_hash=None,
        locale="zh",
        active=True,
        created_at=now,
        **asdict(details),
    )
    people.add_role(session, person_id, role, area_id, now)
    thing, given = f"person:{person_id}", {"role": role, "area": area_id}
    return person_id, [
        audit.Entry(now, by.person_id, "add-person", thing),
        audit.Entry(now, by.person_id, "grant-role", thing, detail=given),
    ]


def describe(ctx: Context, by: Actor, person_id: str, details: Details) -> None:
    """Change who somebody is, in the file of their own too. Raises `not-found` and `login-taken`; the audit log names
    what changed.
    """

    def work(session: Session) -> None:
        row = access.require_person(session, by, person_id, ctx.now_ms())
        wanted = asdict(details)
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if not changed:
            return
        _require_free(session, details, other_than=person_id)
        staff.change(session, person_id, changed)
        _note(ctx, session, by, "change-person", person_id, {"changed": sorted(changed)})
        own_place.keep_up(ctx, session, by, row)

    attempt(ctx, work)


def retire(ctx: Context, by: Actor, person_id: str) -> None:
    """Let somebody work here no longer: no sign-in, their codes end, and their phones forget what they fetched.

    Their roles stay as they are for the day they come back. Raises `still-assigned` while anything is assigned to
    them, and `last-administrator`.
    """
    now = ctx.now_ms()
    with ctx.db.write() as session:
        access.require_person(session, by, person_id, now)
        if staff.has_assignments(session, by.feed_id, person_id, (pairings.LEARNER, pairings.OWN)):
            raise StillAssigned
        administered = roles.administers_everything(session, person_id, now)
        staff.change(session, person_id, {"active": False})
        if administered:
            roles.require_an_administrator(session, by.feed_id, now)
        for device in people.devices_of(session, person_id):
            people.revoke_devices(session, now, device_id=device.id, lost=True)
        people.void_enrolments(session, person_id, now)
        _note(ctx, session, by, "retire-person", person_id)


def reinstate(ctx: Context, by: Actor, person_id: str) -> None:
    """Let somebody work here again, in the roles they had. Raises `login-taken` when their number went to another."""
    with ctx.db.write() as session:
        row = access.require_person(session, by, person_id, ctx.now_ms())
        if row.active:
            return
        _require_free(session, Details(row.name, row.staff_no, row.phone, row.unit), other_than=person_id)
        staff.change(session, person_id, {"active": True})
        _note(ctx, session, by, "reinstate-person", person_id)


def new_password(ctx: Context, by: Actor, person_id: str) -> str:
    """A new password made by chance, told once: nobody has to think of one, and nobody can choose a weak one."""
    password = "".join(secrets.choice(_LETTERS) for _ in range(_PASSWORD_LENGTH))
    set_password(ctx, by, person_id, password)
    return password


def _require_free(session: Session, details: Details, *, other_than: str = "") -> None:
    numbers = {number for number in (details.staff_no, details.phone) if number}
    if numbers and staff.with_login(session, numbers, other_than=other_than):
        raise LoginTaken


def _note(
    ctx: Context, session: Session, by: Actor, action: str, person_id: str, detail: dict[str, Any] | None = None
) -> None:
    entry = audit.Entry(ctx.now_ms(), by.person_id, action, f"person:{person_id}", detail=detail)
    audit.append(session, by.feed_id, [entry])
