"""Who may sit at an office desk: people with a password who review something, and for how long."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from fieldsvc import problems
from fieldsvc.services import access, enrol
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, people
from fieldsvc.store.tables import PersonRow

#: A working day. A desk in a town office is shared, and nobody signs out.
SESSION_MS = 12 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Entered:
    """What a session cookie keeps of somebody who signed in."""

    person_id: str
    stamp: str
    since: int
    language: str


def enter(ctx: Context, login: str, password: str) -> Entered:
    """Sign in to the office. A cadre without a reviewing role is answered like a wrong password."""
    by = enrol.check_password(ctx, login, password)
    if not access.area_paths(by, Action.REVIEW):
        raise problems.SignInRefused
    with ctx.db.write() as session:
        person = people.get(session, by.person_id)
        if person is None:
            raise problems.SignInRefused
        audit.append(session, by.feed_id, [audit.Entry(ctx.now_ms(), by.person_id, "sign-in", "office")])
        return Entered(person.id, _stamp(person), ctx.now_ms(), person.locale)


def reader(ctx: Context, person_id: str | None, stamp: str | None, since: int | None) -> Actor | None:
    """Who a session cookie stands for now; nobody after a day, a new password, or the loss of the role."""
    if not person_id or not since or not 0 <= ctx.now_ms() - since < SESSION_MS:
        return None
    with ctx.db.read() as session:
        person = people.get(session, person_id)
        if person is None or not person.active or _stamp(person) != stamp:
            return None
        by = access.actor_for(
            session, person_id=person.id, name=person.name, feed_id=person.feed_id, device_id=None, at=ctx.now_ms()
        )
    return by if access.area_paths(by, Action.REVIEW) else None


def _stamp(person: PersonRow) -> str:
    """Changes with the password, so that a new one ends every session of the old."""
    return hashlib.sha256(f"{person.id} {person.password_hash}".encode()).hexdigest()[:16]
