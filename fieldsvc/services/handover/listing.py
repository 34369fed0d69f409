"""Who holds households, what one person holds and held, and what is planned: as far as the reader may assign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import access, reach
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.handover.plan import may_see
from fieldsvc.store import handovers, household_record, people
from fieldsvc.store.handovers import MOST, Held, Holder
from fieldsvc.store.household_record import Somebody
from fieldsvc.store.staff import Key
from fieldsvc.store.tables import AreaRow, AssignmentRow, HandoverRow, PersonRow

__all__ = ["MOST", "Giver", "Holders", "giver", "holders"]


@dataclass(frozen=True, slots=True)
class Holders:
    """One page of people with households, and what is planned; `names` are of the people the plans name."""

    lines: Sequence[Holder]
    next: Key | None
    planned: Sequence[HandoverRow]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Giver:
    """One person's households now and before, whole areas too, the handovers by them, and who might take over."""

    row: PersonRow
    held: Sequence[Held]
    over: Sequence[Held]
    areas: Sequence[tuple[AssignmentRow, AreaRow]]
    handovers: Sequence[HandoverRow]
    names: Mapping[str, str]
    candidates: Sequence[Somebody]
    reach: reach.Reach


def holders(ctx: Context, *, by: Actor, text: str = "", after: Key | None = None, limit: int = 50) -> Holders:
    """A page of people with households within reach, by name."""
    with ctx.db.read() as session:
        own = reach.of(session, by, Action.ASSIGN).ids
        lines = handovers.holders(session, by.feed_id, own, text=text, after=after, limit=limit + 1)
        planned = [row for row in handovers.planned(session, by.feed_id) if may_see(session, by, row)]
        last = lines[limit - 1].row if len(lines) > limit else None
        return Holders(
            lines=lines[:limit],
            next=(last.name, last.id) if last else None,
            planned=planned,
            names=_names(session, planned),
        )


def giver(ctx: Context, person_id: str, *, by: Actor) -> Giver:
    """One person who has or had households within reach; raises `not-found` for anybody else."""
    with ctx.db.read() as session:
        within, row = reach.of(session, by, Action.ASSIGN), people.get(session, person_id)
        held = handovers.held(session, by.feed_id, person_id, within.ids)
        over = handovers.held(session, by.feed_id, person_id, within.ids, over=True)
        areas = [
            (one, area)
            for one, area in handovers.whole_areas(session, by.feed_id, person_id)
            if access.may_in_area(by, Action.ASSIGN, area.path)
        ]
        if row is None or row.feed_id != by.feed_id or not (held or over or areas):
            raise NotFound
        known = [one for one in handovers.of_giver(session, by.feed_id, person_id) if may_see(session, by, one)]
        return Giver(
            row=row,
            held=held,
            over=over,
            areas=areas,
            handovers=known,
            names=_names(session, known),
            candidates=[one for one in household_record.cadres(session, by.feed_id, within.ids) if one.id != person_id],
            reach=within,
        )


def _names(session: Session, rows: Sequence[HandoverRow]) -> dict[str, str]:
    ids = {one for row in rows for one in (row.giver_id, row.taker_id, row.by_id)}
    return people.names(session, sorted(ids))
