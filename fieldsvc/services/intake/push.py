"""One push of a phone: everything it carries is stored and decided in one transaction, then receipted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from fieldsvc.problems import AuthorMismatch, OperationFailed, OperationIdReused, OperationMalformed
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake import receipts, wishes
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.batch import decide_batch
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation, Unreadable, is_id, parse
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.receipts import Receipt
from fieldsvc.store import audit, operations
from fieldsvc.store.entities import StaleVersion
from fieldsvc.store.locks import lock_things
from sync.model import Status

log = structlog.get_logger(__name__)
_ATTEMPTS = 4
_RACES = (StaleVersion, IntegrityError, OperationalError)
_OUTAGES = (OperationalError, InterfaceError)

Parsed = Operation | Unreadable


def accept(ctx: Context, by: Actor, sent: Sequence[tuple[str, str]]) -> list[Receipt]:
    """Answer every operation `(id, body)`, in order, once all of them are durable (Protocol 3).

    An operation that was sent before gets its current verdict; the same id with other bytes is refused and
    changes nothing. One that makes the server fail is kept for a person and harms no other.
    """
    parsed = [parse(id_, body, ctx.settings.operation_bytes) for id_, body in sent]
    for _ in range(_ATTEMPTS):
        try:
            with ctx.db.write() as session:
                return _answer(ctx, session, by, parsed)
        except _RACES as race:
            log.info("push raced", error=type(race).__name__)
        except Exception:
            log.exception("push failed as a whole")
            break
    with ctx.db.write() as session:
        return [_answer_alone(ctx, session, by, each) for each in parsed]


def _answer_alone(ctx: Context, session: Session, by: Actor, operation: Parsed) -> Receipt:
    """The receipt of one operation inside a savepoint; if deciding it fails, it is kept undecided."""
    try:
        with session.begin_nested():
            return _answer(ctx, session, by, [operation])[0]
    except _OUTAGES:
        raise
    except Exception:
        log.exception("operation failed", op=operation.id)
    with session.begin_nested():
        return _answer(ctx, session, by, [operation], quarantine=True)[0]


def _answer(
    ctx: Context, session: Session, by: Actor, parsed: Sequence[Parsed], *, quarantine: bool = False
) -> list[Receipt]:
    lock_things(session, {each.id for each in parsed})
    earlier = operations.known(session, by.feed_id, [each.id for each in parsed])
    repeated = [each for each in earlier.values() if each.author_id == by.person_id]
    answers = receipts.current(session, by.feed_id, repeated, duplicate=True)
    plan = Plan(by.feed_id, ctx.now_ms())
    fresh: dict[str, Parsed] = {}
    refused: dict[int, Receipt] = {}
    for index, each in enumerate(parsed):
        first = earlier.get(each.id) or fresh.get(each.id)
        if not is_id(each.id):
            refused[index] = receipts.refusal(each.id[:100], OperationMalformed("The id is impossible."))
        elif isinstance(each, Operation) and each.author != by.person_id:
            # Not stored: its author's own phone will send it, and must then not find the id taken.
            refused[index] = receipts.refusal(each.id, AuthorMismatch())
        elif first is not None and (first.sha256 != each.sha256 or (each.id in earlier and each.id not in answers)):
            refused[index] = receipts.refusal(each.id, OperationIdReused())
        elif first is None:
            fresh[each.id] = each
    _decide(ctx, session, by, plan, fresh, quarantine=quarantine)
    positions = plan.write(session) if fresh else {}
    for id_, decision in plan.decisions.items():
        answers[id_] = receipts.of_decision(decision, positions[id_])
    for row in plan.unreadable:
        answers[row["id"]] = _stored_refusal(row)
    told: set[str] = set()
    result = []
    for index, each in enumerate(parsed):
        receipt = refused.get(index) or answers[each.id]
        result.append(replace(receipt, duplicate=True) if each.id in told and index not in refused else receipt)
        told.add(each.id)
    return result


def _decide(
    ctx: Context, session: Session, by: Actor, plan: Plan, fresh: dict[str, Parsed], *, quarantine: bool
) -> None:
    if not fresh:
        return
    readable = [each for each in fresh.values() if isinstance(each, Operation)]
    for each in fresh.values():
        if isinstance(each, Unreadable):
            plan.unreadable.append(_row(plan, by, each, Status.REFUSED, each.problem.as_json()))
        elif quarantine:
            plan.unreadable.append(_row(plan, by, each, Status.REVIEW, OperationFailed().as_json()))
    if readable and not quarantine:
        known = Known.of(ctx, session, by.feed_id)
        known.actors[by.person_id] = by
        arrivals = [
            Arrival(each, wishes.read(ctx, session, each), by.person_id, by.device_id, plan.at) for each in readable
        ]
        decide_batch(known, plan, arrivals)
    detail = {"operations": [[each.id, each.sha256] for each in fresh.values()]}
    plan.audit.append(audit.Entry(plan.at, by.person_id, "push", f"device:{by.device_id}", by.device_id, detail))


def _row(plan: Plan, by: Actor, each: Parsed, status: Status, problem: dict[str, Any]) -> dict[str, Any]:
    readable = each if isinstance(each, Operation) else None
    return {
        "feed_id": plan.feed_id,
        "id": each.id,
        "kind": readable.kind if readable else "unknown",
        "subject_id": readable.subject if readable else None,
        "author_id": by.person_id,
        "device_id": by.device_id,
        "body": each.body,
        "sha256": each.sha256,
        "status": status,
        "problem": problem,
        "received_at": plan.at,
        "created_at": readable.created_at if readable else None,
        "cursor_position": None,
        "updated_at": plan.at,
    }


def _stored_refusal(row: dict[str, Any]) -> Receipt:
    return Receipt(
        id=row["id"],
        status=row["status"],
        sha256=row["sha256"],
        received_at=row["received_at"],
        position=row["position"],
        problem=row["problem"],
    )
