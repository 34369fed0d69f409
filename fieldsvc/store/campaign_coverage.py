"""How far a campaign's list is covered, by village: households, never people's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.coverage import undone_by_amendment, without_effect
from fieldsvc.store.definitions import no_visits
from fieldsvc.store.tables import CampaignRow, CampaignTargetRow, EntityRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class Counts:
    """One village: frozen targets and how many are visited, the same of late additions, who was visited afterwards."""

    area_id: str
    targets: int
    visited: int
    added: int
    added_visited: int
    afterwards: int


@dataclass(frozen=True, slots=True)
class Target:
    """One household of the list that was not visited; `label` and `area_id` as they are now, else as they were."""

    subject_id: str
    label: str
    area_id: str
    hamlet: str
    added_at: int | None
    gone: bool


def by_village(session: Session, campaign: CampaignRow, areas: Sequence[str] | None) -> list[Counts]:
    """The counts of each village that has targets, in one statement. A village is the one of when the list was made."""
    area = func.coalesce(CampaignTargetRow.area_id, "")
    frozen, done = CampaignTargetRow.added_at.is_(None), _visited(campaign, until=campaign.to_at)
    after = and_(~done, _visited(campaign, until=None))

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = (
        select(
            area,
            number(frozen),
            number(and_(frozen, done)),
            number(~frozen),
            number(and_(~frozen, done)),
            number(after),
        )
        .where(CampaignTargetRow.campaign_id == campaign.id)
        .group_by(area)
    )
    if areas is not None:
        query = query.where(CampaignTargetRow.area_id.in_(areas))
    return [Counts(*row) for row in session.execute(query)]


def unvisited(
    session: Session,
    campaign: CampaignRow,
    areas: Sequence[str] | None,
    *,
    limit: int,
) -> list[Target]:
    """The households nobody has visited for it yet, by village and name, so that a printed list is stable."""
    home = aliased(EntityRow)
    area, label = func.coalesce(CampaignTargetRow.area_id, ""), func.coalesce(home.label, CampaignTargetRow.label)
    query = (
        select(
            CampaignTargetRow.subject_id,
            label,
            area,
            func.coalesce(home.properties["hamlet"].as_string(), ""),
            CampaignTargetRow.added_at,
            or_(home.id.is_(None), home.deleted.is_(True), home.merged_into.is_not(None)),
        )
        .outerjoin(home, and_(home.feed_id == campaign.feed_id, home.id == CampaignTargetRow.subject_id))
        .where(CampaignTargetRow.campaign_id == campaign.id, ~_visited(campaign, until=None))
    )
    if areas is not None:
        query = query.where(CampaignTargetRow.area_id.in_(areas))
    rows = session.execute(query.order_by(area, label, CampaignTargetRow.subject_id).limit(limit))
    return [Target(*row) for row in rows]


def _visited(campaign: CampaignRow, until: int | None) -> ColumnElement[bool]:
    """Whether the target of the surrounding query has a visit of the campaign that stands.

    As in the coverage of a month only the first link of a chain of amendments counts, by the moment it came in.
    """
    first = aliased(SubmissionRow)
    conditions = [
        first.feed_id == campaign.feed_id,
        first.subject_id == CampaignTargetRow.subject_id,
        first.received_at >= campaign.from_at,
        first.replaces_id.is_(None),
        first.withdrawn_at.is_(None),
        first.review_state != "rejected",
        first.id.not_in(undone_by_amendment(campaign.feed_id)),
        first.id.not_in(without_effect(campaign.feed_id)),
    ]
    if until is not None:
        conditions.append(first.received_at < until)
    # A campaign of one form is covered by that form, whatever it says of itself; else by any visit.
    named = first.form_id == campaign.form_id if campaign.form_id else first.form_id.not_in(no_visits())
    conditions.append(named)
    return select(first.id).where(*conditions).correlate(CampaignTargetRow).exists()
