"""People as the office lists them, and one person with everything an administrator may change.

Who may do something elsewhere too is nobody a town's administrator can see here: `access.require_person` says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldsvc.services import access, reach
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import people, staff
from fieldsvc.store.staff import Key, Only
from fieldsvc.store.tables import DeviceRow, PersonRow

#: `(role, area id, area name)` of something a person holds now.
Held = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list shows."""

    text: str = ""
    role: str | None = None
    area: str | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of people by name; `roles` and `assigned` are by person."""

    lines: Sequence[PersonRow]
    roles: Mapping[str, Sequence[Held]]
    assigned: Mapping[str, int]
    next: Key | None
    reach: reach.Reach


@dataclass(frozen=True, slots=True)
class OnePerson:
    """A person with their roles, their phones, how many households those hold, and where roles may be given."""

    row: PersonRow
    roles: Sequence[Held]
    devices: Sequence[DeviceRow]
    assigned: int
    reach: reach.Reach

    @property
    def can_sign_in(self) -> bool:
        """Whether there is a password for the office."""
        return self.row.password_hash is not None


def page(ctx: Context, wanted: Wanted, *, by: Actor, after: Key | None = None, limit: int = 50) -> Page:
    """A page of the people whom `by` administers wholly. Raises `not-found` for who administers nothing."""
    now = ctx.now_ms()
    with ctx.db.read() as session:
        within = reach.of(session, by, Action.ADMINISTER)
        areas = within.narrowed(wanted.area) if wanted.area else None
        only = Only(wanted.text, wanted.role, areas, active=not wanted.retired)
        rows = staff.page(session, by.feed_id, within.ids, only, at=now, after=after, limit=limit + 1)
        more, rows = len(rows) > limit, rows[:limit]
        ids = [row.id for row in rows]
        return Page(
            lines=rows,
            roles=staff.roles(session, ids, now),
            assigned=staff.assigned(session, by.feed_id, ids),
            next=(rows[-1].name, rows[-1].id) if more else None,
            reach=within,
        )


def person(ctx: Context, person_id: str, *, by: Actor) -> OnePerson:
    """One person. Raises `not-found`, also for somebody who holds something out of reach."""
    now = ctx.now_ms()
    with ctx.db.read() as session:
        within = reach.of(session, by, Action.ADMINISTER)
        row = access.require_person(session, by, person_id, now)
        return OnePerson(
            row=row,
            roles=staff.roles(session, [person_id], now).get(person_id, []),
            devices=people.devices_of(session, person_id),
            assigned=staff.assigned(session, by.feed_id, [person_id]).get(person_id, 0),
            reach=within,
        )
