"""The links of offline branches that effects of operations are."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, many, rows, table
from fieldsvc.store.tables import EffectRow, EntityVersionRow, OperationRow
from sync.branch import Link
from sync.model import Status

_operations, _effects = columns(OperationRow), columns(EffectRow)
# What changed nothing of a first version has that as its result too.
_BEGAN = and_(
    _effects.result_version == 1,
    exists().where(
        EntityVersionRow.feed_id == FEED,
        EntityVersionRow.entity_id == _effects.entity_id,
        EntityVersionRow.version == 1,
        EntityVersionRow.operation_id == _effects.operation_id,
    ),
)
_LINKS = (
    select(
        _effects.entity_id,
        _effects.operation_id,
        _effects.trunk_version,
        _effects.base_version,
        _effects.changes,
        _effects.branch_id,
        _effects.status,
        _effects.seen_version,
        _effects.seen_base,
        _BEGAN.label("began"),
        _operations.received_at,
        _operations.answered_at,
        _operations.updated_at,
    )
    .select_from(
        table(EffectRow).join(
            table(OperationRow),
            and_(_operations.feed_id == _effects.feed_id, _operations.id == _effects.operation_id),
        )
    )
    .where(_effects.feed_id == FEED, _effects.branch_id.in_(many("branches")))
)


def of_branches(session: Session, feed_id: str, branch_ids: Collection[str]) -> list[tuple[str, Link]]:
    """`(entity, link)` of every effect that belongs to one of these branches."""
    found = rows(session, _LINKS, feed=feed_id, branches=list(branch_ids)) if branch_ids else ()
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
                answered_at=row.received_at if row.answered_at is None else row.answered_at,
                decided_at=row.updated_at,
                seen_version=row.seen_version,
                seen_base=row.seen_base,
                began=bool(row.began),
            ),
        )
        for row in found
    ]
