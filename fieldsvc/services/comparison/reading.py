"""Comparisons as a supervisor reads them: the rosters that came, and the differences of one in their areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import access, definitions, reach, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.imports.kinds import Kind, kinds
from fieldsvc.services.reach import Reach
from fieldsvc.store import audit, comparisons, people
from fieldsvc.store.comparisons import Found, Key, Wanted

#: What may be asked of differences besides a part: those nobody has decided, or those decided in one way.
OPEN = "open"
#: `taken`: a row that only they had became a record.
TAKEN = "taken"
CHOICES = ("theirs", "ours", TAKEN, "asked")


@dataclass(frozen=True, slots=True)
class Roster:
    """One source's kind of sheet: when it last came, and how many differences of each part are open."""

    source: str
    kind: Kind
    at: int
    open: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One roster beside the register. `numbers` are by part, choice and property; `people` who decided, by id."""

    kind: Kind
    wanted: Wanted
    area: str | None
    matching: int
    numbers: Mapping[tuple[str, str | None, str], int]
    lines: Sequence[Found]
    next: Key | None
    people: Mapping[str, str]
    reach: Reach
    definition: Mapping[str, Any]

    def number(self, part: str, choice: str | None = None) -> int:
        """How many differences of a part there are: all, open ones or those decided in one way."""
        return sum(
            number
            for (of, said, _), number in self.numbers.items()
            if of == part and (choice is None or (said or OPEN) == choice)
        )


def shelf(ctx: Context, *, by: Actor) -> list[Roster]:
    """Every source with its kinds of sheet, the latest first. Raises `not-found` for somebody who reviews nothing."""
    known = kinds()
    with ctx.db.read() as session:
        within = reach.of(session, by)
        counted = comparisons.counts(session, by.feed_id, within.ids)
        return [
            Roster(source, known[name], at, counted.get((source, name), {}))
            for source, name, at in comparisons.rosters(session, by.feed_id)
            if name in known and not known[name].fields
        ]


def page(
    ctx: Context,
    wanted: Wanted,
    area: str | None,
    *,
    by: Actor,
    after: Key | None = None,
    limit: int = 50,
    revealed: bool = False,
) -> Comparison:
    """One roster in a supervisor's areas. Raises `not-found`, also for an area out of reach.

    `revealed`: masked values are shown, so that the list and every household on the page get a line in the audit log:
    who stands on the list alone has no household here.
    """
    with ctx.db.read() as session:
        kind, within = opened(session, wanted, by), reach.of(session, by)
        areas, feed = within.narrowed(area), by.feed_id
        found = comparisons.page(session, feed, wanted, areas, after=after, limit=limit + 1)
        lines = found[:limit]
        shown = Comparison(
            kind=kind,
            wanted=wanted,
            area=area,
            matching=comparisons.matching(session, feed, wanted.source, wanted.roster, areas),
            numbers=comparisons.parts(session, feed, wanted, areas),
            lines=lines,
            next=lines[-1].key if lines and len(found) > limit else None,
            people=people.names(session, sorted({one.row.by_id for one in lines if one.row.by_id})),
            reach=within,
            definition=definitions.datasets(ctx, session).definition(kind.dataset),
        )
    if revealed:
        with ctx.db.write() as session:
            _note(session, ctx, by, "view-comparison", wanted, area)
            detail = {"comparison": f"{wanted.source}/{wanted.roster}"}
            for subject in sorted({one.subject_id for one in lines if one.subject_id}):
                views.note(session, ctx, by, subject, detail)
    return shown


def export(ctx: Context, wanted: Wanted, area: str | None, *, by: Actor) -> tuple[Comparison, Iterator[Found]]:
    """The whole list for a file; it is on record before it is made. Raises `not-allowed`, `not-found`."""
    access.require_anywhere(by, [Action.EXPORT])
    shown = page(ctx, wanted, area, by=by, limit=0)
    with ctx.db.write() as session:
        _note(session, ctx, by, "export", wanted, area)
    return shown, _every(ctx, by.feed_id, wanted, shown.reach.narrowed(area))


def open_ones(ctx: Context, wanted: Wanted, area: str | None, *, by: Actor, most: int) -> list[Found]:
    """The differences of a filter that nobody has decided, as far as one decision may reach."""
    with ctx.db.read() as session:
        opened(session, wanted, by)
        areas = reach.of(session, by).narrowed(area)
        return comparisons.page(session, by.feed_id, replace(wanted, choice=OPEN), areas, limit=most)


def opened(session: Session, wanted: Wanted, by: Actor) -> Kind:
    """The kind of a roster that a source has sent. Raises `not-found`."""
    sent = {(source, name) for source, name, _ in comparisons.rosters(session, by.feed_id)}
    kind = kinds().get(wanted.roster)
    if (wanted.source, wanted.roster) not in sent or kind is None or kind.fields:
        raise NotFound
    return kind


def _note(session: Session, ctx: Context, by: Actor, action: str, wanted: Wanted, area: str | None) -> None:
    detail = {"part": wanted.part, "choice": wanted.choice, "area": area}
    thing = f"comparison:{wanted.source}/{wanted.roster}"
    audit.append(session, by.feed_id, [audit.Entry(ctx.now_ms(), by.person_id, action, thing, by.device_id, detail)])


def _every(ctx: Context, feed: str, wanted: Wanted, areas: Sequence[str] | None) -> Iterator[Found]:
    with ctx.db.read() as session:
        yield from comparisons.every(session, feed, wanted, areas)
