"""The audit log as an administrator reads it: who wrote, who looked, at which household, when.

Reading it is itself written down: whoever may see everybody's trace leaves one too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.services import access, reach
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.audit_titles import Title, titles
from fieldsvc.services.context import Context
from fieldsvc.store import audit, audit_search, people
from fieldsvc.store.audit_order import Search
from fieldsvc.store.audit_search import Found

#: Kinds of acts as a reader asks for them, each with what the log calls them.
KINDS: Mapping[str, Collection[str]] = {
    "view": ("view", "view-log", "view-comparison"),
    "received": ("push", "carry"),
    "review": (
        *(
            "visit-approve",
            "visit-pass",
            "visit-return",
            "visit-doubt",
            "visit-reject",
            "flag-dismiss",
            "flag-withdraw",
        ),
        *("decide-conflict", "hold-conflict", "hand-conflict", "release-conflict"),
        *("accept-operation", "refuse-operation", "decide-difference"),
    ),
    "record": (
        "create",
        "file-paper",
        "update",
        "delete",
        "close",
        "merge",
        "move",
        "import",
        "import-upload",
        "import-map",
        "import-start",
        "import-go-on",
        "import-drop",
        "import-undo",
        "add-area",
        "rename-area",
        "undo-area",
    ),
    "staff": (
        *("add-person", "change-person", "retire-person", "reinstate-person", "grant-role", "end-role"),
        *("set-password", "new-code", "revoke-device", "assign", "end-assignment"),
        *("hand-over", "plan-handover", "cancel-handover", "undo-person"),
        *("make-campaign", "add-target", "arrange-crossing", "begin-crossing"),
    ),
    "setup": (
        *("publish", "draft", "draft-ended", "testers", "open", "retired"),
        *("calendar", "begin", "answer-feedback"),
    ),
    "taken-out": ("export", "export-evidence", "download"),
    "entry": ("sign-in", "sign-out", "arrived-empty", "forgot-pin"),
    "kept": ("emptied", "purge"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for: a name or number, a household, a kind of act, days (both included)."""

    who: str = ""
    household: str | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log, the newest first; `households`, `people` and `titles` name what it is about, by thing."""

    lines: Sequence[Found]
    next: int | None
    households: Mapping[str, tuple[str, str]]
    people: Mapping[str, tuple[str, str]]
    titles: Mapping[str, Title]


def search(ctx: Context, asked: Asked, *, by: Actor, before: int | None = None, limit: int = 50) -> Page:
    """A page of the log within reach. Raises `not-found` for who administers nothing, or for a household elsewhere."""
    now = ctx.now_ms()
    with ctx.db.read() as session:
        own = reach.of(session, by, Action.ADMINISTER).ids
        if asked.household:
            access.require(session, by, Action.ADMINISTER, asked.household)
        wanted = _search(session, ctx, asked, by)
        lines = audit_search.page(session, by.feed_id, wanted, own, at=now, before=before, limit=limit + 1)
        more, lines = len(lines) > limit, lines[:limit]
        things = {one.thing for one in lines}
        page = Page(
            lines=lines,
            next=lines[-1].line.position if more else None,
            households=audit_search.subjects_of(session, by.feed_id, things),
            people=_people(session, things),
            titles=titles(ctx, session, by.feed_id, things),
        )
    # Every page, for a place in the log comes from the address and may be the newest.
    with ctx.db.write() as session:
        thing = f"subject:{asked.household}" if asked.household else "log"
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "view-log", thing)])
    return page


def _search(session: Session, ctx: Context, asked: Asked, by: Actor) -> Search:
    zone = ZoneInfo(ctx.settings.time_zone)
    return Search(
        actors=audit_search.called(session, by.feed_id, asked.who) if asked.who else None,
        things=audit_search.things_of(session, by.feed_id, asked.household) if asked.household else None,
        actions=KINDS.get(asked.kind or ""),
        since=_midnight(asked.since, zone) if asked.since else None,
        # The last day there is has no day after it, and nothing is later.
        until=_midnight(asked.until + timedelta(days=1), zone) if asked.until and asked.until < date.max else None,
    )


def _people(session: Session, things: Collection[str]) -> dict[str, tuple[str, str]]:
    persons = {f"person:{one}": one for one in _ids(things, "person")}
    owners = audit_search.owners_of_devices(session, _ids(things, "device"))
    persons |= {f"device:{device}": person for device, person in owners.items()}
    names = people.names(session, sorted(set(persons.values())))
    return {thing: (person, names[person]) for thing, person in persons.items() if person in names}


def _ids(things: Collection[str], kind: str) -> list[str]:
    return [identifier for one in things for head, _, identifier in [one.partition(":")] if head == kind]


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)
