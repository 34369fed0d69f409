"""Changing the list of areas: other names, and removing what nothing refers to."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import (
    AreaRow,
    AssignmentRow,
    CampaignRow,
    CampaignTargetRow,
    CrossingRow,
    EntityRow,
    ReportRow,
    RoleRow,
    SubmissionRow,
)


def rename(session: Session, area_id: str, name: str) -> None:
    """Give an area another name."""
    session.execute(update(AreaRow).where(AreaRow.id == area_id).values(name=name))


def remove(session: Session, area_id: str) -> None:
    """Remove an area that nothing refers to."""
    session.execute(delete(AreaRow).where(AreaRow.id == area_id))


def is_used(session: Session, feed_id: str, area_id: str) -> bool:
    """Whether anything refers to it: an area, a record, a visit, a role, an assignment, a campaign, a report."""
    queries = (
        select(AreaRow.id).where(or_(AreaRow.parent_id == area_id, AreaRow.merged_into_id == area_id)),
        select(EntityRow.id).where(EntityRow.feed_id == feed_id, EntityRow.area_id == area_id),
        select(SubmissionRow.id).where(SubmissionRow.feed_id == feed_id, SubmissionRow.area_id == area_id),
        select(RoleRow.person_id).where(RoleRow.area_id == area_id),
        select(AssignmentRow.id).where(AssignmentRow.feed_id == feed_id, AssignmentRow.area_id == area_id),
        select(CampaignRow.id).where(CampaignRow.feed_id == feed_id, CampaignRow.area_id == area_id),
        select(CampaignTargetRow.campaign_id).where(CampaignTargetRow.area_id == area_id),
        select(CrossingRow.id).where(
            or_(CrossingRow.checkers_area_id == area_id, CrossingRow.checked_area_id == area_id)
        ),
        select(ReportRow.period).where(ReportRow.feed_id == feed_id, ReportRow.area_id == area_id),
    )
    return any(session.scalars(query.limit(1)).first() is not None for query in queries)
