"""Making a campaign: its list is drawn from the register at this moment, or from a sheet of numbers, and then frozen.

Frozen, because a percentage of a list that grows means nothing: whoever comes later is added by name and counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, ReasonMissing
from fieldsvc.services import reach
from fieldsvc.services.access import Actor
from fieldsvc.services.campaigns.reading import of_reader
from fieldsvc.services.context import Context
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.definitions import datasets
from fieldsvc.services.imports import kinds
from fieldsvc.services.imports.sheet import open_table
from fieldsvc.store import audit, campaigns, household_record

NUMBER = "hh_no"


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign somebody wants: whose area, its form (none: any visit), its days in UTC milliseconds, its list.

    The list is every household of the area, those alone with `code` as their value of `name`, or the `numbers`.
    """

    name: str
    area_id: str
    form_id: str | None
    from_at: int
    to_at: int
    property: str | None = None
    code: str | None = None
    numbers: Sequence[str] = field(default_factory=tuple)
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A campaign with how many households are on its list; or nothing, and the numbers nobody has or two have."""

    id: str
    targets: int
    unknown: Sequence[str] = ()


def make(ctx: Context, plan: Plan, *, by: Actor) -> Made:
    """Make a campaign and freeze its list. Nothing is made while a number of the sheet names no household or two.

    Raises `not-found` for an area or a form that is not there or out of reach.
    """
    campaign_id, now = ctx.new_id(), ctx.now_ms()
    with ctx.db.write() as session:
        within = reach.of(session, by)
        if plan.area_id not in within.areas or not _form_is_there(session, by, plan.form_id):
            raise NotFound
        inside = within.narrowed(plan.area_id)
        if plan.numbers:
            known = campaigns.numbers_known(session, by.feed_id, HOUSEHOLDS, inside, NUMBER, set(plan.numbers))
            unknown = [one for one in dict.fromkeys(plan.numbers) if len(known.get(one, ())) != 1]
            if unknown:
                return Made("", 0, unknown)
        where = {plan.property: plan.code} if plan.property and plan.code and not plan.numbers else {}
        if plan.property and plan.property not in datasets(ctx, session).properties(HOUSEHOLDS):
            raise NotFound
        numbers = (NUMBER, set(plan.numbers)) if plan.numbers else None
        targets = campaigns.freeze(session, by.feed_id, campaign_id, HOUSEHOLDS, inside, where, numbers)
        drawn = {"file": plan.filename, "rows": str(len(plan.numbers))} if plan.numbers else where
        campaigns.add(
            session,
            id=campaign_id,
            feed_id=by.feed_id,
            area_id=plan.area_id,
            name=plan.name,
            form_id=plan.form_id,
            drawn=drawn,
            from_at=plan.from_at,
            to_at=plan.to_at,
            by_id=by.person_id,
            at=now,
        )
        _note(session, by, now, "make-campaign", campaign_id, {"targets": str(targets)})
    return Made(campaign_id, targets)


def add_late(ctx: Context, campaign_id: str, number: str, reason: str, *, by: Actor) -> bool:
    """Add the household with this number, which was not on the frozen list; whether it was not there yet.

    Raises `reason-missing`, and `not-found` when no household in reach, or more than one, has it.
    """
    if not reason.strip():
        raise ReasonMissing
    with ctx.db.write() as session:
        campaign, within = of_reader(session, campaign_id, by)
        if campaign.area_id not in within.areas:
            # A town reads the county's campaign for its own villages; its list is the county's.
            raise NotFound
        inside = within.narrowed(campaign.area_id)
        found = campaigns.numbers_known(session, by.feed_id, HOUSEHOLDS, inside, NUMBER, [number]).get(number, [])
        subject = household_record.entity(session, by.feed_id, found[0]) if len(found) == 1 else None
        if subject is None:
            raise NotFound
        now = ctx.now_ms()
        added = campaigns.add_late(session, campaign_id, subject, now, reason.strip()[:300])
        if added:
            _note(session, by, now, "add-target", campaign_id, {"subject": subject.id, "reason": reason.strip()[:300]})
        return added


def numbers_of(ctx: Context, data: bytes, filename: str) -> list[str]:
    """The household numbers of a sheet, in its order. Raises `sheet-unreadable` also when no column holds them."""
    table = open_table(data, filename)
    with ctx.db.read() as session:
        columns = kinds.guess(kinds.kind_of(HOUSEHOLDS), datasets(ctx, session), table.headings)
    at = columns.index(NUMBER) if NUMBER in columns else 0
    return [cells[at] for _, cells in table.rows if cells[at]]


def _form_is_there(session: Session, by: Actor, form_id: str | None) -> bool:
    return form_id is None or form_id in {form.id for form in household_record.forms(session, by.feed_id)}


def _note(session: Session, by: Actor, at: int, action: str, campaign_id: str, detail: dict[str, str]) -> None:
    entry = audit.Entry(at, by.person_id, action, f"campaign:{campaign_id}", by.device_id, detail)
    audit.append(session, by.feed_id, [entry])
