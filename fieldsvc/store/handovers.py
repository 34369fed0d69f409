"""Who holds which households for how long, and handovers from one person to another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from fieldsvc.store.pairings import LEARNER, OWN
from fieldsvc.store.staff import Key, called
from fieldsvc.store.tables import AreaRow, AssignmentRow, EntityRow, HandoverRow, PersonRow

#: More than anybody holds; a page says that it was cut.
MOST = 500


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody to whom households are assigned one by one, and how many of them."""

    row: PersonRow
    number: int


@dataclass(frozen=True, slots=True)
class Held:
    """A household somebody has, or had until then; `id` is the assignment's."""

    id: str
    subject_id: str
    label: str
    area_id: str | None
    hamlet: str
    role: str
    from_at: int
    to_at: int | None
    reason: str


def holders(
    session: Session,
    feed_id: str,
    areas: Collection[str] | None,
    *,
    text: str = "",
    after: Key | None = None,
    limit: int = 50,
) -> list[Holder]:
    """People with households in these areas, by name."""
    query = (
        _assigned(select(PersonRow, func.count().label("number")), feed_id, areas)
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .where(AssignmentRow.to_pos.is_(None))
        .group_by(PersonRow.id)
        .order_by(PersonRow.name, PersonRow.id)
    )
    if text:
        query = query.where(called(text))
    if after:
        query = query.where(tuple_(PersonRow.name, PersonRow.id) > tuple_(*after))
    return [Holder(row, number) for row, number in session.execute(query.limit(limit))]


def held(
    session: Session, feed_id: str, person_id: str, areas: Collection[str] | None, *, over: bool = False
) -> list[Held]:
    """What a person has in these areas by place and name, or what they had, the last ended first."""
    query = _assigned(select(AssignmentRow, EntityRow), feed_id, areas).where(AssignmentRow.person_id == person_id)
    if over:
        query = query.where(AssignmentRow.to_pos.is_not(None)).order_by(AssignmentRow.to_at.desc(), AssignmentRow.id)
    else:
        query = query.where(AssignmentRow.to_pos.is_(None)).order_by(EntityRow.area_id, EntityRow.label, EntityRow.id)
    return [
        Held(
            id=row.id,
            subject_id=entity.id,
            label=entity.label,
            area_id=entity.area_id,
            hamlet=entity.properties.get("hamlet") or "",
            role=row.role,
            from_at=row.from_at,
            to_at=row.to_at,
            reason=row.reason or "",
        )
        for row, entity in session.execute(query.limit(MOST))
    ]


def whole_areas(session: Session, feed_id: str, person_id: str) -> list[tuple[AssignmentRow, AreaRow]]:
    """The areas that are assigned to a person whole, with all that is in them."""
    query = (
        select(AssignmentRow, AreaRow)
        .join(AreaRow, AreaRow.id == AssignmentRow.area_id)
        .where(AssignmentRow.feed_id == feed_id, AssignmentRow.person_id == person_id, AssignmentRow.to_pos.is_(None))
        .order_by(AreaRow.code, AssignmentRow.id)
    )
    return [(row, area) for row, area in session.execute(query)]


def get(session: Session, feed_id: str, handover_id: str) -> HandoverRow | None:
    """One handover."""
    return session.scalars(
        select(HandoverRow).where(HandoverRow.feed_id == feed_id, HandoverRow.id == handover_id)
    ).first()


def planned(session: Session, feed_id: str) -> list[HandoverRow]:
    """Handovers that are still to come, the next first."""
    query = select(HandoverRow).where(HandoverRow.feed_id == feed_id, HandoverRow.state == "planned")
    return list(session.scalars(query.order_by(HandoverRow.at, HandoverRow.id).limit(MOST)))


def of_giver(session: Session, feed_id: str, giver_id: str) -> list[HandoverRow]:
    """Every handover by this person, the newest first."""
    query = select(HandoverRow).where(HandoverRow.feed_id == feed_id, HandoverRow.giver_id == giver_id)
    return list(session.scalars(query.order_by(HandoverRow.at.desc(), HandoverRow.id.desc()).limit(MOST)))


def due(session: Session, feed_id: str, at: int) -> Sequence[HandoverRow]:
    """Planned handovers whose moment has come, the oldest plan first."""
    query = select(HandoverRow).where(
        HandoverRow.feed_id == feed_id, HandoverRow.state == "planned", HandoverRow.at <= at
    )
    return session.scalars(query.order_by(HandoverRow.at, HandoverRow.id)).all()


def finish(session: Session, handover_id: str, *, state: str, moved: int | None = None) -> bool:
    """End a planned handover one way or the other; false when it had ended already."""
    done = session.execute(
        update(HandoverRow)
        .where(HandoverRow.id == handover_id, HandoverRow.state == "planned")
        .values(state=state, moved=moved)
        .returning(HandoverRow.id)
    ).first()
    return done is not None


def count(session: Session, handover_id: str, moved: int) -> None:
    """Note how many households changed hands."""
    session.execute(update(HandoverRow).where(HandoverRow.id == handover_id).values(moved=moved))


def _assigned(query: Any, feed_id: str, areas: Collection[str] | None) -> Any:
    """The query of assignments of one household each; those to learn with apart."""
    query = query.select_from(AssignmentRow).join(
        EntityRow, (EntityRow.feed_id == AssignmentRow.feed_id) & (EntityRow.id == AssignmentRow.subject_id)
    )
    query = query.where(AssignmentRow.feed_id == feed_id, AssignmentRow.role.not_in((LEARNER, OWN)))
    return query if areas is None else query.where(EntityRow.area_id.in_(areas))
