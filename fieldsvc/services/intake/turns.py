"""Whose turn it is: two operations that meet one visit or record at the same moment are decided one after the other.

Everybody takes the turns of operations first and those of records after them, each in one round, so that no two wait
for each other. What a push releases joins it late, out of this order; of two that then wait for each other the database
ends one, which is decided again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from fieldsvc.services.intake import once, wishes
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation, Unreadable
from fieldsvc.store import operations
from fieldsvc.store.locks import has_one_writer, lock_things
from fieldsvc.store.operations import Receipted

log = structlog.get_logger(__name__)


def of_operations(session: Session, operations: Iterable[Operation | Unreadable]) -> None:
    """Wait for others at the same operations, and at the visits that these amend or take back."""
    lock_things(session, {name for each in operations for name in (each.id, *_visits(each))})


def _visits(each: Operation | Unreadable) -> Iterable[str]:
    named = (each.document.get(name) for name in ("replaces", "submission")) if isinstance(each, Operation) else ()
    return [str(id_) for id_ in named if id_]


def of_records(known: Known, arrivals: Sequence[Arrival]) -> None:
    """Wait for others at the same records, and at the households they are of: a withdrawal may end one of these."""
    touched = {wish.entity_id for a in arrivals for wish in a.reading.wishes}
    subjects = {a.operation.subject for a in arrivals if a.operation.subject}
    lock_things(known.session, touched | subjects | once.wanted(known, arrivals))


def at_stored(known: Known, ids: Collection[str]) -> dict[str, Receipted]:
    """These operations as they are once it is our turn at them and at their records.

    Whoever was there before us may have decided them: read before, what a person accepts twice would count twice.
    """
    found = operations.known(known.session, known.feed_id, ids)
    if has_one_writer(known.session) or not found:
        return found
    read = [(each, operation) for each in found.values() if (operation := operation_of(each)) is not None]
    lock_things(known.session, {*found, *(name for _, operation in read for name in _visits(operation))})
    arrivals = list[Arrival]()
    for each, operation in read:
        reading = wishes.try_to_read(known.ctx, known.session, known.feed_id, known.datasets, operation)
        said = reading or wishes.Reading()
        arrivals.append(Arrival(operation, said, each.author_id, each.device_id, each.received_at, each))
    try:
        of_records(known, arrivals)
    except SQLAlchemyError:
        raise
    except Exception:
        # One that makes the server fail is let through by nobody, and a person must still be able to decline it.
        log.exception("turn at records not taken", operations=len(ids))
    return operations.known(known.session, known.feed_id, ids)
