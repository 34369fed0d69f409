"""The county's phones as an administrator sees them, before one is lost and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldsvc.problems import NotFound
from fieldsvc.services import access, enrol, reach
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import devices, people
from fieldsvc.store.devices import STATES, Key, Phone

__all__ = ["STATES", "Page", "one", "page", "revoke"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of phones, the one heard of last first."""

    lines: Sequence[Phone]
    next: Key | None


def page(
    ctx: Context, *, by: Actor, state: str = "in-use", text: str = "", after: Key | None = None, limit: int = 50
) -> Page:
    """A page of the phones of people whom `by` administers. Raises `not-found` for who administers nothing."""
    with ctx.db.read() as session:
        own = reach.of(session, by, Action.ADMINISTER).ids
        lines = devices.page(
            session, by.feed_id, own, state=state, text=text, at=ctx.now_ms(), after=after, limit=limit + 1
        )
        return Page(lines[:limit], lines[limit - 1].key if len(lines) > limit else None)


def one(ctx: Context, device_id: str, *, by: Actor) -> Phone:
    """One phone. Raises `not-found`."""
    with ctx.db.read() as session:
        row = people.device(session, device_id)
        if row is None:
            raise NotFound
        return Phone(row, access.require_person(session, by, row.person_id, ctx.now_ms()))


def revoke(ctx: Context, device_id: str, *, by: Actor) -> None:
    """Sign out a phone that is lost; again changes nothing. Raises `not-found`."""
    found = one(ctx, device_id, by=by)
    if not found.row.lost:
        enrol.revoke_device(ctx, by, found.person.id, device_id)
