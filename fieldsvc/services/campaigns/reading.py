"""Campaigns as a supervisor reads them: the list of them, one with its coverage, and what is not visited yet.

A town sees the county's campaigns for its own villages, and its own; never another town's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import access, definitions, reach
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.campaigns.right import arranger
from fieldsvc.services.context import Context
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.reach import Reach
from fieldsvc.store import campaign_coverage, campaigns, household_record, people
from fieldsvc.store.campaign_coverage import Counts, Target
from fieldsvc.store.tables import AreaRow, CampaignRow, CrossingRow, FormRow

PAGE = 50
#: More lines than this are no list anybody walks with; the page says that it was cut.
MOST_LINES = 3000


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign with the counts of every village in reach. `names` are of areas, also of those out of reach.

    `stuck`: checks that should have begun and have not, because who arranged them may not assign there any more.
    """

    row: CampaignRow
    by: str
    form: FormRow | None
    villages: Sequence[Counts]
    crossings: Sequence[CrossingRow]
    stuck: Collection[str]
    names: Mapping[str, str]
    reach: Reach
    may_change: bool
    may_assign: bool


@dataclass(frozen=True, slots=True)
class ToVisit:
    """The households of a campaign that nobody has visited yet, and who helps them."""

    row: CampaignRow
    lines: Sequence[Target]
    helpers: Mapping[str, Sequence[str]]
    cut: bool
    reach: Reach


def shelf(ctx: Context, *, by: Actor, after: tuple[int, str] | None = None) -> tuple[list[CampaignRow], Reach]:
    """Campaigns that concern the reader, the newest first and one more than fits a page."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        return campaigns.latest(session, by.feed_id, _areas(session, by, within), after, PAGE + 1), within


def forms(ctx: Context, *, by: Actor) -> list[FormRow]:
    """The forms a campaign may ask for."""
    with ctx.db.read() as session:
        reach.of(session, by)
        return [form for form in household_record.forms(session, by.feed_id) if form.subject_dataset == HOUSEHOLDS]


def households(ctx: Context) -> Mapping[str, Any]:
    """The definition of a household's record, for what a list may be narrowed to."""
    with ctx.db.read() as session:
        return definitions.datasets(ctx, session).definition(HOUSEHOLDS)


def page(ctx: Context, campaign_id: str, *, by: Actor) -> Campaign:
    """One campaign. Raises `not-found`, also for another town's."""
    with ctx.db.read() as session:
        row, within = of_reader(session, campaign_id, by)
        known = {form.id: form for form in household_record.forms(session, by.feed_id)}
        names = {area.id: area.name for area in household_record.areas(session, by.feed_id)}
        crossings = campaigns.crossings(session, campaign_id)
        due = row.from_at <= ctx.now_ms() < row.to_at
        return Campaign(
            row=row,
            by=people.names(session, [row.by_id]).get(row.by_id, ""),
            form=known.get(row.form_id or ""),
            villages=campaign_coverage.by_village(session, row, within.ids),
            crossings=crossings,
            stuck={one.id for one in crossings if due and not one.begun_at and not arranger(ctx, session, one)},
            names=names,
            reach=within,
            may_change=row.area_id in within.areas,
            may_assign=row.area_id in within.areas and bool(access.area_paths(by, Action.ASSIGN)),
        )


def unvisited(ctx: Context, campaign_id: str, area_id: str | None, *, by: Actor) -> ToVisit:
    """The list to walk with. Raises `not-found`."""
    with ctx.db.read() as session:
        row, within = of_reader(session, campaign_id, by)
        areas = within.narrowed(area_id)
        lines = campaign_coverage.unvisited(session, row, areas, limit=MOST_LINES + 1)
        shown = lines[:MOST_LINES]
        helpers = household_record.helpers(session, by.feed_id, [one.subject_id for one in shown], ctx.now_ms())
        names = {subject: [person.name for person in some] for subject, some in helpers.items()}
        return ToVisit(row, shown, names, len(lines) > MOST_LINES, within)


def of_reader(session: Session, campaign_id: str, by: Actor) -> tuple[CampaignRow, Reach]:
    """A campaign that concerns the reader, and what they answer for. Raises `not-found`."""
    row, within = campaigns.get(session, by.feed_id, campaign_id), reach.of(session, by)
    allowed = _areas(session, by, within)
    if row is None or (allowed is not None and row.area_id not in allowed):
        raise NotFound
    return row, within


def _areas(session: Session, by: Actor, within: Reach) -> list[str] | None:
    """The areas whose campaigns concern the reader: their own, and those above them."""
    if within.ids is None:
        return None
    above = [row.id for row in household_record.areas(session, by.feed_id) if _is_above(row, within)]
    return [*within.ids, *above]


def _is_above(row: AreaRow, within: Reach) -> bool:
    return row.id not in within.areas and any(area.path.startswith(row.path) for area in within.areas.values())
