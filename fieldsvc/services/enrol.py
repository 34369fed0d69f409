"""Signing in: by password, or by a QR code that an iPhone may use twice more from its Home Screen.

Tokens and codes are random; the database keeps only their SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.problems import (
    CodeRefused,
    DeviceRevoked,
    NotFound,
    SignInRefused,
    TokenExpired,
    TokenUnknown,
    TooManyAttempts,
)
from fieldsvc.services import access, telling
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.passwords import hash_password, matches
from fieldsvc.store import audit, feeds, people
from fieldsvc.store.tables import DeviceRow, PersonRow

_MINUTE = 60_000
_MOST_EARLIER = 3
_HOUR = 60 * _MINUTE


def digest(secret: str) -> str:
    """What the database keeps of a token or a code."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the token is told once and never again.

    `earlier`: other phones of this person that had not sent everything when they were last here. One of them may be
    this very phone, whose browser has thrown its storage away.
    """

    token: str
    actor: Actor
    unit: str | None
    feed_name: str
    earlier: tuple[DeviceRow, ...] = ()


def check_password(ctx: Context, login: str, password: str) -> Actor:
    """Who has this account and password, for a phone or an office session.

    Failures are counted per account whether it exists or not; a blocked account answers the right
    password like a wrong one: wait.
    """
    account = digest(login.strip().casefold())
    since = ctx.now_ms() - ctx.settings.sign_in_minutes * _MINUTE
    with ctx.db.read() as session:
        if people.count_failures(session, account, since) >= ctx.settings.sign_in_failures:
            raise TooManyAttempts
        person = people.by_login(session, login.strip())
    # Hashing takes tens of milliseconds: outside any transaction.
    right = matches(person.password_hash if person else None, password)
    with ctx.db.write() as session:
        if person is not None and right:
            people.clear_failures(session, account)
            return _actor(ctx, session, person, None)
        people.add_failure(session, ctx.new_id(), account, ctx.now_ms(), forget_before=since)
    raise SignInRefused


def _actor(ctx: Context, session: Session, person: PersonRow, device_id: str | None) -> Actor:
    return access.actor_for(
        session,
        person_id=person.id,
        name=person.name,
        feed_id=person.feed_id,
        device_id=device_id,
        at=ctx.now_ms(),
    )


def sign_in(ctx: Context, *, login: str, password: str, install_id: str, device_name: str) -> SignedIn:
    """A session for a phone, by phone number or staff number and password."""
    person_id = check_password(ctx, login, password).person_id
    with ctx.db.write() as session:
        person = people.get(session, person_id)
        assert person is not None
        return _new_device(ctx, session, person, install_id, device_name)


def enrol(ctx: Context, *, code: str, install_id: str, device_name: str) -> SignedIn:
    """A session for a phone that scanned an enrolment code."""
    with ctx.db.write() as session:
        person = people.use_enrolment(session, digest(code), ctx.now_ms())
        if person is None:
            raise CodeRefused
        return _new_device(ctx, session, person, install_id, device_name)


def _new_device(ctx: Context, session: Session, person: PersonRow, install_id: str, device_name: str) -> SignedIn:
    now, token, device_id = ctx.now_ms(), secrets.token_urlsafe(32), ctx.new_id()
    earlier = _unsent_elsewhere(session, person.id, install_id)
    people.revoke_devices(session, now, install_of=(person.id, install_id))
    people.add_device(
        session,
        id=device_id,
        feed_id=person.feed_id,
        person_id=person.id,
        install_id=install_id,
        name=device_name,
        token_sha256=digest(token),
        told=telling.mark(ctx.settings),
        created_at=now,
        last_seen_at=now,
    )
    actor = _actor(ctx, session, person, device_id)
    feed = feeds.get(session, person.feed_id)
    thing, entries = f"device:{device_id}", []
    entries.append(audit.Entry(now, person.id, "sign-in", thing, device_id))
    if earlier:
        detail = {"earlier": {row.id: [row.pending_operations, row.pending_photos] for row in earlier}}
        entries.append(audit.Entry(now, person.id, "arrived-empty", thing, device_id, detail))
    audit.append(session, person.feed_id, entries)
    return SignedIn(token, actor, person.unit, feed.name, earlier)


def _unsent_elsewhere(session: Session, person_id: str, install_id: str) -> tuple[DeviceRow, ...]:
    """Signed-in phones of a person with something unsent, when an installation arrives that nobody has seen before."""
    known = people.devices_of(session, person_id)
    if any(row.install_id == install_id for row in known):
        return ()
    unsent = [row for row in known if row.revoked_at is None and (row.pending_operations or row.pending_photos)]
    return tuple(unsent[:_MOST_EARLIER])


def authenticate(ctx: Context, token: str, *, lost: bool = False) -> Actor:
    """Who this bearer token belongs to, with the roles of this moment.

    With `lost` whose the phone was that the office has signed out, and nobody else's: for its last words alone.
    """
    with ctx.db.read() as session:
        found, held = people.session_and_roles(session, digest(token), ctx.now_ms())
    if found is None:
        raise TokenUnknown
    if found.lost and not lost:
        raise DeviceRevoked
    if not found.active or (found.revoked_at is not None and not found.lost):
        raise TokenExpired
    return Actor(found.person_id, found.name, found.feed_id, found.device_id, access.roles_of(held))


def actor_of(ctx: Context, person_id: str) -> Actor | None:
    """The actor of an office session, with the roles of this moment; nobody once the person is inactive."""
    with ctx.db.read() as session:
        return actor_within(ctx, session, person_id)


def actor_within(ctx: Context, session: Session, person_id: str) -> Actor | None:
    """`actor_of` in a transaction that somebody else began."""
    person = people.get(session, person_id)
    if person is None or not person.active:
        return None
    return _actor(ctx, session, person, None)


def sign_out(ctx: Context, by: Actor) -> None:
    """End the session of the device that asks."""
    with ctx.db.write() as session:
        people.revoke_devices(session, ctx.now_ms(), device_id=by.device_id)
        entry = audit.Entry(ctx.now_ms(), by.person_id, "sign-out", f"device:{by.device_id}", by.device_id)
        audit.append(session, by.feed_id, [entry])


def new_code(ctx: Context, by: Actor, person_id: str) -> str:
    """An enrolment code for a person, valid for a day and a few uses. Told once, shown as a QR code."""
    now = ctx.now_ms()
    with ctx.db.write() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        code = make_code(ctx, session, person_id, now + ctx.settings.enrolment_hours * _HOUR)
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "new-code", f"person:{person_id}")])
    return code


def make_code(ctx: Context, session: Session, person_id: str, until: int) -> str:
    """A code inside the caller's transaction, which has asked whether it may; only its digest is kept."""
    code = secrets.token_urlsafe(16)
    people.add_enrolment(
        session,
        code_sha256=digest(code),
        person_id=person_id,
        expires_at=until,
        uses_left=ctx.settings.enrolment_uses,
        created_at=ctx.now_ms(),
    )
    return code


def link(public_url: str, code: str) -> str:
    """The address in an enrolment QR code. The code stands after `#`, where no server log sees it."""
    return f"{public_url.rstrip('/')}/#/signin/{code}"


def revoke_device(ctx: Context, by: Actor, person_id: str, device_id: str) -> None:
    """Sign out a lost phone. At its next contact it forgets what it fetched; what it had not sent stays on it, and goes
    out once its owner signs in there again.

    Its owner's codes end too: the one it signed in with has uses left, and whoever found it could scan it again.
    """
    with ctx.db.write() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        if device_id not in {device.id for device in people.devices_of(session, person_id)}:
            raise NotFound
        people.revoke_devices(session, ctx.now_ms(), device_id=device_id, lost=True)
        people.void_enrolments(session, person_id, ctx.now_ms())
        entry = audit.Entry(ctx.now_ms(), by.person_id, "revoke-device", f"device:{device_id}")
        audit.append(session, by.feed_id, [entry])


def set_password(ctx: Context, by: Actor, person_id: str, password: str) -> None:
    """Give a person a new password."""
    password_hash = hash_password(password)
    with ctx.db.write() as session:
        access.require_person(session, by, person_id, ctx.now_ms())
        people.set_password(session, person_id, password_hash)
        entry = audit.Entry(ctx.now_ms(), by.person_id, "set-password", f"person:{person_id}")
        audit.append(session, by.feed_id, [entry])
