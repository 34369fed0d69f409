"""Who looked at which household: every reading of a record leaves a trace, and the trace can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, household_record
from fieldsvc.store.audit import Line

_LATELY_MS = 15 * 60_000


@dataclass(frozen=True, slots=True)
class Named:
    """An entity by what it is called, for a line that names it by id."""

    label: str
    dataset: str


@dataclass(frozen=True, slots=True)
class Viewers:
    """One page of those who looked at a household; `next` is where the following page begins."""

    label: str
    lines: Sequence[Line]
    entities: Mapping[str, Named]
    datasets: Mapping[str, Mapping[str, Any]]
    next: int | None


def note(session: Session, ctx: Context, by: Actor, subject_id: str, detail: dict[str, Any] | None = None) -> None:
    """Write one view to the audit log; `detail` holds ids and names of properties, never their values."""
    entry = audit.Entry(ctx.now_ms(), by.person_id, "view", f"subject:{subject_id}", by.device_id, detail)
    audit.append(session, by.feed_id, [entry])


def lately(session: Session, ctx: Context, by: Actor, subject_id: str, detail: dict[str, Any]) -> list[Line]:
    """Others who opened exactly this in the last quarter of an hour, the last first, each once.

    Two people who decide the same thing at once are told before they begin, not after.
    """
    lines = audit.of_thing(session, by.feed_id, f"subject:{subject_id}", "view", limit=30)
    since = ctx.now_ms() - _LATELY_MS
    others = (one for one in lines if one.at > since and one.detail == detail and one.actor_id != by.person_id)
    return list({one.actor_id: one for one in reversed(list(others))}.values())[::-1]


def of_household(ctx: Context, household_id: str, *, by: Actor, before: int | None = None, limit: int = 50) -> Viewers:
    """Who looked at a household, in the office or on a phone, the last first. Raises `not-found`."""
    with ctx.db.read() as session:
        home = household_record.entity(session, by.feed_id, household_id)
        if home is None or not access.may(session, by, Action.REVIEW, household_id):
            raise problems.NotFound
        thing = f"subject:{household_id}"
        lines = audit.of_thing(session, by.feed_id, thing, "view", before=before, limit=limit + 1)
        known = [home, *household_record.members(session, by.feed_id, household_id)]
        return Viewers(
            label=home.label,
            lines=lines[:limit],
            entities={row.id: Named(row.label, row.dataset) for row in known},
            datasets=household_record.datasets(session),
            next=lines[limit - 1].position if len(lines) > limit else None,
        )
