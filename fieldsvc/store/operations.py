"""Operations, their effects, and the links of offline branches that effects are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import EffectRow, OperationRow
from sync.branch import Link
from sync.model import Status


@dataclass(frozen=True, slots=True)
class Receipted:
    """An operation the server already has: whose, which bytes, and the current verdict."""

    id: str
    kind: str
    subject_id: str | None
    author_id: str
    device_id: str | None
    body: bytes
    sha256: str
    status: str
    problem: dict[str, Any] | None
    received_at: int
    position: int


_COLUMNS = (
    OperationRow.id,
    OperationRow.kind,
    OperationRow.subject_id,
    OperationRow.author_id,
    OperationRow.device_id,
    OperationRow.body,
    OperationRow.sha256,
    OperationRow.status,
    OperationRow.problem,
    OperationRow.received_at,
    OperationRow.position,
)


def known(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Receipted]:
    """Those of these operations that the server has, by id."""
    if not ids:
        return {}
    rows = session.execute(select(*_COLUMNS).where(OperationRow.feed_id == feed_id, OperationRow.id.in_(list(ids))))
    return {row.id: Receipted(*row) for row in rows}


def effects_of(session: Session, feed_id: str, operation_ids: Collection[str]) -> dict[str, list[EffectRow]]:
    """What these operations did to entities, in order, by operation."""
    found: dict[str, list[EffectRow]] = {}
    if operation_ids:
        rows = session.scalars(
            select(EffectRow)
            .where(EffectRow.feed_id == feed_id, EffectRow.operation_id.in_(list(operation_ids)))
            .order_by(EffectRow.operation_id, EffectRow.ordinal)
        )
        for row in rows:
            found.setdefault(row.operation_id, []).append(row)
    return found


def links(session: Session, feed_id: str, branch_ids: Collection[str]) -> list[tuple[str, Link]]:
    """`(entity, link)` of every effect that belongs to one of these branches."""
    if not branch_ids:
        return []
    rows = session.execute(
        select(
            EffectRow.entity_id,
            EffectRow.operation_id,
            EffectRow.trunk_version,
            EffectRow.base_version,
            EffectRow.changes,
            EffectRow.branch_id,
            EffectRow.status,
            EffectRow.seen_version,
            EffectRow.seen_base,
            OperationRow.received_at,
        )
        .join(
            OperationRow,
            and_(OperationRow.feed_id == EffectRow.feed_id, OperationRow.id == EffectRow.operation_id),
        )
        .where(EffectRow.feed_id == feed_id, EffectRow.branch_id.in_(list(branch_ids)))
    )
    return [
        (
            row.entity_id,
            Link(
                operation_id=row.operation_id,
                trunk_version=row.trunk_version or 0,
                base_version=row.base_version or 0,
                changes=row.changes,
                branch_id=row.branch_id,
                status=Status(row.status),
                received_at=row.received_at,
                seen_version=row.seen_version,
                seen_base=row.seen_base,
            ),
        )
        for row in rows
    ]


def waiting_for(session: Session, feed_id: str, entity_ids: Collection[str], created: Collection[str]) -> list[str]:
    """Operations that may go on now that these entities moved, earliest first.

    Held ones that touch one of them; and, for a subject that has just been created, everything of it that
    waits because it was not known.
    """
    if not entity_ids:
        return []
    touching = select(EffectRow.operation_id).where(
        EffectRow.feed_id == feed_id, EffectRow.entity_id.in_(list(entity_ids)), EffectRow.status == Status.HELD
    )
    rows = session.scalars(
        select(OperationRow.id)
        .where(
            OperationRow.feed_id == feed_id,
            OperationRow.status.in_([Status.HELD, Status.REVIEW]),
            or_(
                and_(OperationRow.status == Status.HELD, OperationRow.id.in_(touching)),
                OperationRow.subject_id.in_(list(created)) if created else OperationRow.id.is_(None),
            ),
        )
        .order_by(OperationRow.received_at, OperationRow.position, OperationRow.id)
    )
    return list(rows)


def overdue(session: Session, feed_id: str, received_before: int, limit: int) -> list[str]:
    """Operations held since before then, longest first."""
    return list(
        session.scalars(
            select(OperationRow.id)
            .where(
                OperationRow.feed_id == feed_id,
                OperationRow.status == Status.HELD,
                OperationRow.received_at <= received_before,
            )
            .order_by(OperationRow.received_at, OperationRow.id)
            .limit(limit)
        )
    )


def add(session: Session, rows: Sequence[dict[str, Any]], effects: Sequence[dict[str, Any]]) -> None:
    """Store operations with their effects. A second delivery of one fails on its key."""
    if rows:
        session.execute(insert(OperationRow), list(rows))
    if effects:
        session.execute(insert(EffectRow), list(effects))


def set_verdict(session: Session, feed_id: str, operation_id: str, **values: Any) -> None:
    """Replace an operation's verdict by its current one."""
    session.execute(
        update(OperationRow)
        .where(OperationRow.feed_id == feed_id, OperationRow.id == operation_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def replace_effects(session: Session, feed_id: str, operation_id: str, effects: Sequence[dict[str, Any]]) -> None:
    """Replace what an operation does, after it has been decided again."""
    session.execute(
        delete(EffectRow)
        .where(EffectRow.feed_id == feed_id, EffectRow.operation_id == operation_id)
        .execution_options(synchronize_session=False)
    )
    if effects:
        session.execute(insert(EffectRow), list(effects))


def set_effects_status(session: Session, feed_id: str, operation_id: str, status: str) -> None:
    """Let what an operation wants wait no more, or wait for another reason."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.feed_id == feed_id, EffectRow.operation_id == operation_id)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )
