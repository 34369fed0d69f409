"""Operations, and their effects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal_column, or_, select, update
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.run import FEED, columns, many, rows, table, write_all
from fieldsvc.store.tables import EffectRow, FormVersionRow, OperationRow, SubmissionRow
from sync.model import IN_EFFECT, Status


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


# The condition of the index of what waits, word for word: only then does SQLite see that the index applies.
IS_WAITING: ColumnElement[bool] = OperationRow.status.in_([literal_column("'held'"), literal_column("'review'")])
_operations, _effects = columns(OperationRow), columns(EffectRow)
KNOWN = select(
    _operations.id,
    _operations.kind,
    _operations.subject_id,
    _operations.author_id,
    _operations.device_id,
    _operations.body,
    _operations.sha256,
    _operations.status,
    _operations.problem,
    _operations.received_at,
    _operations.position,
).where(_operations.feed_id == FEED, _operations.id.in_(many("ids")))


def known(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Receipted]:
    """Those of these operations that the server has, by id."""
    found = rows(session, KNOWN, feed=feed_id, ids=list(ids)) if ids else ()
    return {row.id: Receipted(*row) for row in found}


def effects_of(session: Session, feed_id: str, operation_ids: Collection[str]) -> dict[str, list[EffectRow]]:
    """What these operations did to entities, in order, by operation."""
    found: dict[str, list[EffectRow]] = {}
    if operation_ids:
        ordered = session.scalars(
            select(EffectRow)
            .where(EffectRow.feed_id == feed_id, EffectRow.operation_id.in_(list(operation_ids)))
            .order_by(EffectRow.operation_id, EffectRow.ordinal)
        )
        for row in ordered:
            found.setdefault(row.operation_id, []).append(row)
    return found


_WAITING_FOR = (
    select(_operations.id)
    .where(
        _operations.feed_id == FEED,
        _operations.status == Status.HELD,
        _operations.id.in_(
            select(_effects.operation_id).where(
                _effects.feed_id == FEED, _effects.entity_id.in_(many("ids")), _effects.status == Status.HELD
            )
        ),
    )
    .order_by(_operations.received_at, _operations.position, _operations.id)
)
_WAITING_FOR_SUBJECT = (
    select(_operations.id)
    .where(
        _operations.feed_id == FEED,
        _operations.status.in_([Status.HELD, Status.REVIEW]),
        _operations.subject_id.in_(many("ids")),
    )
    .order_by(_operations.received_at, _operations.position, _operations.id)
)


def in_effect_on(session: Session, feed_id: str, entity_id: str) -> set[str]:
    """The operations of which something is in effect on a record, or was stated of it and is so by another."""
    found = select(EffectRow.operation_id).where(
        EffectRow.feed_id == feed_id, EffectRow.entity_id == entity_id, EffectRow.status.in_(IN_EFFECT)
    )
    return set(session.scalars(found))


def waiting_for(session: Session, feed_id: str, entity_ids: Collection[str], created: Collection[str]) -> list[str]:
    """Operations that may go on now that these entities moved, in the order in which they came.

    Held ones that touch one of them; and, for a subject that has just been created, everything of it that
    waits because it was not known.
    """
    found = list(rows(session, _WAITING_FOR, feed=feed_id, ids=list(entity_ids))) if entity_ids else []
    if created:
        found += rows(session, _WAITING_FOR_SUBJECT, feed=feed_id, ids=list(created))
    return list(dict.fromkeys(row.id for row in found))


def without_effect_of(session: Session, feed_id: str, subject_id: str) -> list[Receipted]:
    """What was sent about a subject and waits or was refused, in the order in which it came."""
    ids = session.scalars(
        select(OperationRow.id)
        .where(
            OperationRow.feed_id == feed_id,
            OperationRow.subject_id == subject_id,
            OperationRow.kind.in_(["submission", "edit"]),
            OperationRow.status.in_([Status.HELD, Status.REVIEW, Status.REFUSED]),
        )
        .order_by(OperationRow.received_at, OperationRow.position, OperationRow.id)
    )
    wanted = list(ids)
    found = known(session, feed_id, wanted)
    return [found[id_] for id_ in wanted]


def overdue(session: Session, feed_id: str, received_before: int, limit: int) -> list[str]:
    """Operations held since before then, longest first."""
    return list(
        session.scalars(
            select(OperationRow.id)
            .where(
                OperationRow.feed_id == feed_id,
                IS_WAITING,
                OperationRow.status == Status.HELD,
                OperationRow.received_at <= received_before,
            )
            .order_by(OperationRow.received_at, OperationRow.id)
            .limit(limit)
        )
    )


def regained(session: Session, feed_id: str, code: str, limit: int) -> list[str]:
    """Visits in review for this problem's sake whose form is published or tried out in that version now, in order.

    Not one that its author has amended since from a record without it: what both say would count twice. Such a visit
    goes on waiting for a person, unless its amendment was refused; an amendment that is held waits for it in its turn.
    """
    amendment, of_amendment = aliased(SubmissionRow), aliased(OperationRow)
    amended = (
        select(amendment.id)
        .join(of_amendment, and_(of_amendment.feed_id == feed_id, of_amendment.id == amendment.id))
        .where(
            amendment.feed_id == feed_id,
            amendment.subject_id == SubmissionRow.subject_id,  # for its index
            amendment.author_id == SubmissionRow.author_id,
            amendment.replaces_id == SubmissionRow.id,
            of_amendment.status.not_in([Status.HELD, Status.REFUSED]),
        )
    )
    form = and_(
        FormVersionRow.form_id == SubmissionRow.form_id,
        FormVersionRow.version == SubmissionRow.form_version,
        or_(FormVersionRow.state != "draft", FormVersionRow.definition["trial"].as_string().is_not(None)),
    )
    return list(
        session.scalars(
            select(OperationRow.id)
            .join(SubmissionRow, and_(SubmissionRow.feed_id == feed_id, SubmissionRow.id == OperationRow.id))
            .join(FormVersionRow, form)
            .where(
                OperationRow.feed_id == feed_id,
                IS_WAITING,
                OperationRow.status == Status.REVIEW,
                OperationRow.problem["code"].as_string() == code,
                ~amended.exists(),
            )
            .order_by(OperationRow.received_at, OperationRow.position, OperationRow.id)
            .limit(limit)
        )
    )


def held_before(session: Session, feed_id: str, ids: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of one of these operations and a held one that stands before it in a branch of both, or that it amends."""
    later, earlier = aliased(EffectRow), aliased(EffectRow)
    query = (
        select(later.operation_id, earlier.operation_id)
        .distinct()
        .join(
            earlier,
            and_(
                earlier.feed_id == feed_id,
                earlier.branch_id == later.branch_id,
                earlier.entity_id == later.entity_id,
                earlier.base_version < later.base_version,
            ),
        )
        .join(OperationRow, and_(OperationRow.feed_id == feed_id, OperationRow.id == earlier.operation_id))
        .where(later.feed_id == feed_id, later.operation_id.in_(list(ids)), OperationRow.status == Status.HELD)
    )
    amended = (
        select(SubmissionRow.id, SubmissionRow.replaces_id)
        .join(OperationRow, and_(OperationRow.feed_id == feed_id, OperationRow.id == SubmissionRow.replaces_id))
        .where(SubmissionRow.feed_id == feed_id, SubmissionRow.id.in_(list(ids)), OperationRow.status == Status.HELD)
    )
    pairs = [session.execute(query), session.execute(amended)]
    return sorted({(str(later_id), str(earlier_id)) for found in pairs for later_id, earlier_id in found})


_INSERT, _INSERT_EFFECT = insert(table(OperationRow)), insert(table(EffectRow))


def add(session: Session, operations: Sequence[dict[str, Any]], effects: Sequence[dict[str, Any]]) -> None:
    """Store operations with their effects. A second delivery of one fails on its key."""
    write_all(session, _INSERT, operations)
    write_all(session, _INSERT_EFFECT, effects)


def set_verdict(session: Session, feed_id: str, operation_id: str, at: int, **values: Any) -> None:
    """Replace an operation's verdict by its current one, said `at` that moment (ms)."""
    was_held = OperationRow.status == Status.HELD
    first = case((was_held, at), else_=func.coalesce(OperationRow.answered_at, OperationRow.updated_at))
    session.execute(
        update(OperationRow)
        .where(OperationRow.feed_id == feed_id, OperationRow.id == operation_id)
        .values(answered_at=None if values["status"] == Status.HELD else first, **values)
        .execution_options(synchronize_session=False)
    )


def replace_effects(session: Session, feed_id: str, operation_id: str, effects: Sequence[dict[str, Any]]) -> None:
    """Replace what an operation does, after it has been decided again."""
    session.execute(
        delete(EffectRow)
        .where(EffectRow.feed_id == feed_id, EffectRow.operation_id == operation_id)
        .execution_options(synchronize_session=False)
    )
    write_all(session, _INSERT_EFFECT, effects)


def set_effects_status(session: Session, feed_id: str, operation_id: str, status: str) -> None:
    """Let what an operation wants wait no more, or wait for another reason."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.feed_id == feed_id, EffectRow.operation_id == operation_id)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )
