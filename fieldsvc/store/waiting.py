"""Operations that wait for a person: sent out of scope, against a rule, or about something that is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from fieldsvc.store.operations import IS_WAITING
from fieldsvc.store.tables import AreaRow, EffectRow, EntityRow, OperationRow, PersonRow

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One waiting operation: what kind, about whom, by whom, and why it waits."""

    id: str
    kind: str
    subject_id: str | None
    label: str
    area_id: str | None
    author: str
    received_at: int
    status: str
    problem: dict[str, Any]

    @property
    def key(self) -> Key:
        """Where this line stands in the list."""
        return self.received_at, self.id


def page(
    session: Session, feed_id: str, areas: Sequence[str] | None, *, after: Key | None = None, limit: int = 50
) -> list[WaitingLine]:
    """The operations in review, the longest waiting first. Those about nobody known: for the whole feed only, and for
    the area in which a household would begin with one."""
    query = _waiting(feed_id, areas)
    if after is not None:
        query = query.where(tuple_(OperationRow.received_at, OperationRow.id) > tuple_(*after))
    rows = session.execute(query.order_by(OperationRow.received_at, OperationRow.id).limit(limit))
    return [_line(row) for row in rows]


def number(session: Session, feed_id: str, areas: Sequence[str] | None) -> int:
    """How many operations wait."""
    return session.scalar(select(func.count()).select_from(_waiting(feed_id, areas).subquery())) or 0


#: The area that an operation names for its subject; of two with one code the one that stands.
_NAMED = (
    select(AreaRow.id)
    .join(
        EffectRow,
        and_(EffectRow.feed_id == AreaRow.feed_id, EffectRow.changes["area_code"].as_string() == AreaRow.code),
    )
    .where(
        EffectRow.feed_id == OperationRow.feed_id,
        EffectRow.operation_id == OperationRow.id,
        EffectRow.entity_id == OperationRow.subject_id,
    )
    .order_by(AreaRow.merged_into_id.is_not(None), AreaRow.id)
    .limit(1)
    .correlate(OperationRow)
    .scalar_subquery()
)
_AREA = case((EntityRow.id.is_(None), _NAMED), else_=EntityRow.area_id)


def _waiting(feed_id: str, areas: Sequence[str] | None) -> Select[Any]:
    query = (
        select(
            OperationRow.id,
            OperationRow.kind,
            OperationRow.subject_id,
            EntityRow.label,
            _AREA.label("area_id"),
            PersonRow.name,
            OperationRow.received_at,
            OperationRow.status,
            OperationRow.problem,
        )
        .join(
            EntityRow,
            and_(EntityRow.feed_id == OperationRow.feed_id, EntityRow.id == OperationRow.subject_id),
            isouter=True,
        )
        .join(PersonRow, PersonRow.id == OperationRow.author_id, isouter=True)
        .where(
            OperationRow.feed_id == feed_id,
            IS_WAITING,
            OperationRow.status == "review",
            EntityRow.practice.is_not(True),
        )
    )
    return query if areas is None else query.where(_AREA.in_(areas))


def _line(row: Any) -> WaitingLine:
    return WaitingLine(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        label=row.label or "",
        area_id=row.area_id,
        author=row.name or "",
        received_at=row.received_at,
        status=row.status,
        problem=row.problem or {},
    )
