"""Campaigns and their frozen lists: drawing one, adding to it, and who checks whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, null, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import in_parts, table, write_all
from fieldsvc.store.tables import AssignmentRow, CampaignRow, CampaignTargetRow, CrossingRow, EntityRow, PersonRow

_TARGET = ("campaign_id", "subject_id", "area_id", "label", "added_at", "reason")


def add(session: Session, **values: Any) -> None:
    """Add a campaign."""
    session.execute(insert(CampaignRow).values(**values))


def get(session: Session, feed_id: str, campaign_id: str) -> CampaignRow | None:
    """One campaign of this county."""
    row = session.get(CampaignRow, campaign_id)
    return row if row is not None and row.feed_id == feed_id else None


def latest(
    session: Session, feed_id: str, areas: Sequence[str] | None, after: tuple[int, str] | None, limit: int
) -> list[CampaignRow]:
    """Campaigns of these areas, the newest first."""
    query = select(CampaignRow).where(CampaignRow.feed_id == feed_id)
    if areas is not None:
        query = query.where(CampaignRow.area_id.in_(areas))
    if after is not None:
        at, campaign_id = after
        query = query.where((CampaignRow.at < at) | ((CampaignRow.at == at) & (CampaignRow.id < campaign_id)))
    return list(session.scalars(query.order_by(CampaignRow.at.desc(), CampaignRow.id.desc()).limit(limit)))


def freeze(
    session: Session,
    feed_id: str,
    campaign_id: str,
    dataset: str,
    areas: Sequence[str] | None,
    where: Mapping[str, str],
    numbers: tuple[str, Collection[str]] | None = None,
) -> int:
    """Draw the list from the households as they are now: of these areas, with these values or one of these numbers."""
    query = select(literal(campaign_id), EntityRow.id, EntityRow.area_id, EntityRow.label, null(), null()).where(
        *_living(feed_id, dataset, areas), *(EntityRow.properties[n].as_string() == v for n, v in where.items())
    )
    if numbers is None:
        session.execute(insert(CampaignTargetRow).from_select(list(_TARGET), query))
    else:
        name, wanted = numbers
        for some in in_parts(wanted):
            drawn = query.where(EntityRow.properties[name].as_string().in_(some))
            session.execute(insert(CampaignTargetRow).from_select(list(_TARGET), drawn))
    return session.scalar(_targets(campaign_id)) or 0


def numbers_known(
    session: Session, feed_id: str, dataset: str, areas: Sequence[str] | None, name: str, numbers: Collection[str]
) -> dict[str, list[str]]:
    """The households within these areas that have one of these numbers, by number."""
    value = EntityRow.properties[name].as_string()
    query = select(value, EntityRow.id).where(*_living(feed_id, dataset, areas))
    found: dict[str, list[str]] = {}
    for some in in_parts(numbers):
        for number, entity_id in session.execute(query.where(value.in_(some))):
            found.setdefault(number, []).append(entity_id)
    return found


def add_late(session: Session, campaign_id: str, subject: EntityRow, at: int, reason: str) -> bool:
    """Add a household that was not on the frozen list; whether it was not there yet."""
    if session.get(CampaignTargetRow, (campaign_id, subject.id)) is not None:
        return False
    values = (campaign_id, subject.id, subject.area_id, subject.label, at, reason)
    session.execute(insert(CampaignTargetRow).values(dict(zip(_TARGET, values, strict=True))))
    return True


def add_crossing(session: Session, **values: Any) -> None:
    """Note that cadres of one area shall check the targets in another."""
    session.execute(insert(CrossingRow).values(**values))


def crossings(session: Session, campaign_id: str) -> list[CrossingRow]:
    """Who checks whom in a campaign."""
    query = select(CrossingRow).where(CrossingRow.campaign_id == campaign_id).order_by(CrossingRow.id)
    return list(session.scalars(query))


def due_crossings(session: Session, at: int) -> list[tuple[CrossingRow, CampaignRow]]:
    """Those whose campaign has begun and that have not."""
    query = (
        select(CrossingRow, CampaignRow)
        .join(CampaignRow, CampaignRow.id == CrossingRow.campaign_id)
        .where(CrossingRow.begun_at.is_(None), CampaignRow.from_at <= at, CampaignRow.to_at > at)
        .order_by(CrossingRow.id)
    )
    return [(crossing, campaign) for crossing, campaign in session.execute(query)]


def take_crossing_over(session: Session, crossing_id: str, by_id: str) -> bool:
    """Let one that has not begun be somebody else's; false when it has, or is theirs."""
    taken = session.execute(
        update(CrossingRow)
        .where(CrossingRow.id == crossing_id, CrossingRow.begun_at.is_(None), CrossingRow.by_id != by_id)
        .values(by_id=by_id)
        .returning(CrossingRow.id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def begin_crossing(session: Session, crossing_id: str, at: int) -> bool:
    """Take a crossing to be given out; false when somebody else has begun it."""
    begun = session.execute(
        update(CrossingRow)
        .where(CrossingRow.id == crossing_id, CrossingRow.begun_at.is_(None))
        .values(begun_at=at)
        .returning(CrossingRow.id)
        .execution_options(synchronize_session=False)
    )
    return begun.first() is not None


def count_crossing(session: Session, crossing_id: str, counts: Mapping[str, int]) -> None:
    """Note how many checkers have how many households."""
    session.execute(
        update(CrossingRow)
        .where(CrossingRow.id == crossing_id)
        .values(counts=dict(counts))
        .execution_options(synchronize_session=False)
    )


def targets_in(session: Session, campaign_id: str, areas: Sequence[str]) -> list[str]:
    """The households of a campaign in these areas that are still there, village by village."""
    query = (
        select(CampaignTargetRow.subject_id)
        .join(EntityRow, EntityRow.id == CampaignTargetRow.subject_id)
        .where(
            CampaignTargetRow.campaign_id == campaign_id,
            EntityRow.area_id.in_(areas),
            EntityRow.deleted.is_(False),
            EntityRow.merged_into.is_(None),
        )
        .order_by(EntityRow.area_id, CampaignTargetRow.label, CampaignTargetRow.subject_id)
    )
    return list(session.scalars(query))


def helpers_in(session: Session, feed_id: str, areas: Sequence[str], at: int) -> list[str]:
    """The people who help a household in these areas now, in order of name."""
    query = (
        select(PersonRow.id, PersonRow.name)
        .join(AssignmentRow, AssignmentRow.person_id == PersonRow.id)
        .join(EntityRow, EntityRow.id == AssignmentRow.subject_id)
        .where(
            AssignmentRow.feed_id == feed_id,
            AssignmentRow.role == "cadre",
            AssignmentRow.to_pos.is_(None),
            func.coalesce(AssignmentRow.to_at, at + 1) > at,
            EntityRow.feed_id == feed_id,
            EntityRow.area_id.in_(areas),
            PersonRow.active.is_(True),
        )
        .distinct()
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [row.id for row in session.execute(query)]


def add_assignments(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Record many assignments at once."""
    write_all(session, insert(table(AssignmentRow)), rows)


def _targets(campaign_id: str) -> Any:
    return select(func.count()).select_from(CampaignTargetRow).where(CampaignTargetRow.campaign_id == campaign_id)


def _living(feed_id: str, dataset: str, areas: Sequence[str] | None) -> list[ColumnElement[bool]]:
    conditions = [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        EntityRow.practice.is_(False),
    ]
    return conditions if areas is None else [*conditions, EntityRow.area_id.in_(areas)]
