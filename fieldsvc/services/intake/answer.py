"""Receipts for the pushes of one transaction: what is new is decided and written, the rest is looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import AuthorMismatch, OperationIdReused, OperationMalformed, Problem
from fieldsvc.services import definitions
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake import receipts, turns, wishes
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.batch import decide_batch
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation, Unreadable, is_id
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.receipts import Receipt
from fieldsvc.services.intake.replacing import refuse_if_replaced
from fieldsvc.services.intake.unread import places_of
from fieldsvc.services.intake.wishes import Reading
from fieldsvc.store import audit, operations
from fieldsvc.store.operations import Receipted
from sync.model import Status

Parsed = Operation | Unreadable
#: By id and digest: the same id may come twice with other bytes, of which the first ones count.
Readings = Mapping[tuple[str, str], Reading]


@dataclass(frozen=True, slots=True)
class Push:
    """The operations one phone sent at once, and whose phone it is.

    `readings` are those of them that were read ahead of the transaction; the others are read inside it.
    """

    by: Actor
    operations: tuple[Parsed, ...]
    readings: Readings = field(default_factory=dict)


def read_ahead(ctx: Context, by: Actor, operations: Sequence[Parsed]) -> Readings:
    """What the operations wish for: judging forms is half of the work, and needs no turn to write.

    Without those that break the reading: inside the transaction each of them falls alone, and is told of there.
    """
    found: dict[tuple[str, str], Reading] = {}
    with ctx.db.read() as session:
        known = definitions.datasets(ctx, session)
        for each in operations:
            if isinstance(each, Operation):
                reading = wishes.try_to_read(ctx, session, by.feed_id, known, each)
                if reading is not None:
                    found[each.id, each.sha256] = reading
    return found


def answer(
    ctx: Context, session: Session, feed_id: str, pushes: Sequence[Push], *, quarantine: Problem | None = None
) -> list[list[Receipt]]:
    """The receipts of each push, in order; true once the transaction around this has been committed.

    With `quarantine` nothing is decided: it is kept for a person, who is told that problem.
    """
    ids = {each.id for push in pushes for each in push.operations}
    turns.of_operations(session, [each for push in pushes for each in push.operations])
    earlier = operations.known(session, feed_id, ids)
    plan = Plan(feed_id, ctx.now_ms())
    fresh: dict[str, tuple[Push, Parsed]] = {}
    refused: dict[tuple[int, int], Receipt] = {}
    for number, push in enumerate(pushes):
        for index, each in enumerate(push.operations):
            refusal = _refusal(push.by, each, earlier.get(each.id), fresh.get(each.id))
            if refusal is not None:
                refused[number, index] = refusal
            elif each.id not in earlier:
                fresh.setdefault(each.id, (push, each))
    stored = _stored(session, feed_id, earlier)
    if fresh:
        _decide(ctx, session, plan, fresh, quarantine=quarantine)
        positions = plan.write(session)
        for id_, decision in plan.decisions.items():
            stored[id_] = receipts.of_decision(decision, positions[id_])
        for row in plan.unreadable:
            stored[row["id"]] = _of_row(row)
    told: set[str] = set()
    answers: list[list[Receipt]] = []
    for number, push in enumerate(pushes):
        answers.append([])
        for index, each in enumerate(push.operations):
            receipt = refused.get((number, index)) or stored[each.id]
            again = each.id in told and (number, index) not in refused
            answers[-1].append(replace(receipt, duplicate=True) if again else receipt)
            told.add(each.id)
    return answers


def _refusal(by: Actor, each: Parsed, earlier: Receipted | None, fresh: tuple[Push, Parsed] | None) -> Receipt | None:
    """Why this operation cannot even be stored under its id, if it cannot."""
    if not is_id(each.id):
        return receipts.refusal(each.id[:100], OperationMalformed("The id is impossible."))
    if isinstance(each, Operation) and each.author != by.person_id:
        # Not stored: its author's own phone will send it, and must then not find the id taken.
        return receipts.refusal(each.id, AuthorMismatch())
    owner = earlier.author_id if earlier else fresh[0].by.person_id if fresh else by.person_id
    sha256 = earlier.sha256 if earlier else fresh[1].sha256 if fresh else each.sha256
    if owner != by.person_id or sha256 != each.sha256:
        return receipts.refusal(each.id, OperationIdReused())
    return None


def _stored(session: Session, feed_id: str, earlier: dict[str, Receipted]) -> dict[str, Receipt]:
    return receipts.current(session, feed_id, list(earlier.values()), duplicate=True) if earlier else {}


def _decide(
    ctx: Context, session: Session, plan: Plan, fresh: dict[str, tuple[Push, Parsed]], *, quarantine: Problem | None
) -> None:
    arrivals = []
    known = Known.of(ctx, session, plan.feed_id)
    if quarantine is not None:
        known.load_amended(set(fresh))
    for push, each in fresh.values():
        by = push.by
        known.actors[by.person_id] = by
        if isinstance(each, Unreadable):
            plan.unreadable.append(_row(plan, by, each, Status.REFUSED, each.problem.as_json()))
        elif quarantine is not None:
            arrival = Arrival(each, Reading(), by.person_id, by.device_id, plan.at)
            if not refuse_if_replaced(known, plan, arrival, quarantine):
                plan.unreadable.append(_row(plan, by, each, Status.REVIEW, quarantine.as_json()))
                plan.places[each.id] = places_of(known, each)
        else:
            ahead = push.readings.get((each.id, each.sha256))
            reading = ahead or wishes.read(ctx, session, plan.feed_id, known.datasets, each)
            arrivals.append(Arrival(each, reading, by.person_id, by.device_id, plan.at))
    if arrivals:
        decide_batch(known, plan, arrivals)
    for by in {push.by.device_id: push.by for push, _ in fresh.values()}.values():
        sent = [[each.id, each.sha256] for push, each in fresh.values() if push.by.device_id == by.device_id]
        thing = f"device:{by.device_id}" if by.device_id else f"person:{by.person_id}"
        detail = {"operations": sent}
        plan.audit.append(audit.Entry(plan.at, by.person_id, "push", thing, by.device_id, detail))


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
        "answered_at": plan.at,
        "updated_at": plan.at,
    }


def _of_row(row: dict[str, Any]) -> Receipt:
    return Receipt(
        id=row["id"],
        status=row["status"],
        sha256=row["sha256"],
        received_at=row["received_at"],
        position=row["position"],
        problem=row["problem"],
    )
