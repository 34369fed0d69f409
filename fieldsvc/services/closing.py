"""Closing households that are gone (注销): several at once, each by itself, and none about which something still waits.

Whoever closed one with an undecided conflict, an unread visit or a renovation under way would decide it unseen. The
people in the record go with it and nobody helps it any more; its history stays, and what a phone still sends about it
goes to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.processes.model import Process
from fieldsvc.services import access, definitions
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.desk_writing import Writing, attempt
from fieldsvc.services.households import MEMBERS, NUMBER
from fieldsvc.services.ledgers import reading
from fieldsvc.services.ledgers.reading import LedgerPage, Wanted
from fieldsvc.services.ledgers.rows import Key
from fieldsvc.services.reviewing.first_page import GONE
from fieldsvc.store import entities, household_record, scope, unsettled
from fieldsvc.store.entities import Stored
from fieldsvc.store.locks import lock_things
from fieldsvc.store.tables import EntityRow

#: At most so many at a time: a person answers for a number she can still picture.
MOST = 200


@dataclass(frozen=True, slots=True)
class Home:
    """A household that shall be closed. `why` is what keeps it open, with how many of each; nothing where it may go."""

    id: str
    label: str
    number: str
    area_id: str | None
    version: int
    people: int
    closed: bool
    why: Mapping[str, int]


@dataclass(slots=True)
class Outcome:
    """What became of those that were to be closed: now, before already, and not; how many are unknown here."""

    done: list[Home] = field(default_factory=list)
    before: list[Home] = field(default_factory=list)
    left: list[Home] = field(default_factory=list)
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class GonePage:
    """A page of the ledger of households that are gone, each as it stands, with the words of their dataset."""

    page: LedgerPage
    homes: Mapping[str, Home]
    definition: Mapping[str, Any]


def gone(ctx: Context, wanted: Wanted, *, by: Actor, after: Key | None = None, limit: int = 50) -> GonePage:
    """Households to be closed, a page of them. Raises `not-found` where the county keeps no such ledger."""
    page = reading.page(ctx, GONE, wanted, by=by, after=after, limit=limit)
    with ctx.db.read() as session:
        rows = household_record.entities(session, by.feed_id, [line.subject_id for line in page.lines])
        homes = _homes(ctx, session, by.feed_id, list(rows.values()))
        definition = household_record.datasets(session).get(HOUSEHOLDS, {})
    return GonePage(page, {one.id: one for one in homes}, definition)


def look(ctx: Context, ids: Sequence[str], *, by: Actor) -> list[Home]:
    """These households as they stand, in their order. Raises `not-found` when none of them is within reach."""
    with ctx.db.read() as session:
        known = household_record.entities(session, by.feed_id, ids[:MOST])
        rows = [known[one] for one in dict.fromkeys(ids[:MOST]) if _may_close(session, by, known.get(one))]
        if ids and not rows:
            raise NotFound
        return _homes(ctx, session, by.feed_id, rows)


def close(ctx: Context, seen: Sequence[tuple[str, int]], *, by: Actor, reason: str, words: str = "") -> Outcome:
    """Close these households as they were shown at these versions; each is a transaction and an entry of its own.

    `words` is the filter as the page said it. What is closed already stays as it is, so that whoever presses twice does
    nothing twice; what changed since, or has something open, is left and says why.
    """
    found, wanted = Outcome(), list(dict(seen[:MOST]).items())
    detail = {"reason": reason[:200], "filter": words[:300], "number": str(len(wanted))}
    for household_id, version in wanted:
        _close(ctx, by, household_id, version, detail, found)
    return found


def _close(ctx: Context, by: Actor, id_: str, version: int, detail: Mapping[str, str], found: Outcome) -> None:
    def work(session: Session) -> tuple[list[Home], Home] | None:
        # A push that is about this household holds it too: what it brings is seen here, or it sees that this is closed.
        lock_things(session, [id_])
        row = household_record.entities(session, by.feed_id, [id_]).get(id_)
        if row is None or not _may_close(session, by, row):
            return None
        home = _homes(ctx, session, by.feed_id, [row])[0]
        if home.closed:
            return found.before, home
        if home.version != version:
            home = replace(home, why={"changed": 1, **home.why})
        if home.why:
            return found.left, home
        _write(ctx, session, by, id_, {**detail, "people": str(home.people)})
        return found.done, home

    outcome = attempt(ctx, work)
    if outcome is None:
        found.unknown += 1
    else:
        outcome[0].append(outcome[1])


def _write(ctx: Context, session: Session, by: Actor, id_: str, detail: Mapping[str, str]) -> None:
    writing, now = Writing.by(ctx, session, by), ctx.now_ms()
    for stored in _with_its_people(entities.of_subject(session, by.feed_id, id_), id_):
        gone = replace(stored.entity, version=stored.entity.version + 1, deleted=True)
        writing.version(replace(stored, entity=gone), stored)
    for row in scope.open_assignments(session, by.feed_id, subject_id=id_):
        scope.end_assignment(session, row.id, to_at=now, to_pos=row.from_pos or 0)
    for person_id in scope.holders(session, by.feed_id, id_):
        writing.revokes.setdefault(person_id, set()).add(id_)
    writing.note("close", f"entity:{id_}", detail)
    writing.finish()


def _with_its_people(there: Iterable[Stored], household_id: str) -> list[Stored]:
    """The household and who is in its record; what was paid and built for it stays written."""
    living = [one for one in there if not one.entity.deleted and one.entity.merged_into is None]
    return [one for one in living if one.entity.id == household_id or one.dataset == MEMBERS]


def _may_close(session: Session, by: Actor, row: EntityRow | None) -> bool:
    if row is None or row.dataset != HOUSEHOLDS or row.subject_id != row.id or row.practice or row.merged_into:
        return False
    return access.may(session, by, Action.REVIEW, row.id)


def _homes(ctx: Context, session: Session, feed_id: str, rows: Sequence[EntityRow]) -> list[Home]:
    ids = [row.id for row in rows]
    processes = definitions.datasets(ctx, session).processes
    parts = entities.of_subjects(session, feed_id, ids, {MEMBERS, *processes})
    living = [one for one in parts.values() if not one.entity.deleted and one.entity.merged_into is None]
    waits = {
        "conflicts": unsettled.conflicts(session, feed_id, ids),
        "waiting": unsettled.operations(session, feed_id, ids),
        "reviews": unsettled.visits(session, feed_id, ids),
        "cases": _tally(one for one in living if _goes_on(one, processes)),
    }
    people = _tally(one for one in living if one.dataset == MEMBERS)
    return [
        Home(
            id=row.id,
            label=row.label,
            number=str(row.properties.get(NUMBER) or ""),
            area_id=row.area_id,
            version=row.version,
            people=people.get(row.id, 0),
            closed=row.deleted,
            why={why: number[row.id] for why, number in waits.items() if row.id in number},
        )
        for row in rows
    ]


def _goes_on(stored: Stored, processes: Mapping[str, Process]) -> bool:
    process = processes.get(stored.dataset)
    stage = process.stage_of(stored.entity.properties) if process else None
    return stored.dataset != MEMBERS and stored.entity.id != stored.subject_id and not (stage is not None and stage.end)


def _tally(parts: Iterable[Stored]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in parts:
        found[one.subject_id] = found.get(one.subject_id, 0) + 1
    return found
