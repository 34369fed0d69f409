"""Whose turn it is: two operations that meet one visit or record at the same moment are decided one after the other.

Everybody takes the turns of operations first and those of records after them, each in one round, so that no two wait
for each other. What a push releases joins it late, out of this order; of two that then wait for each other the database
ends one, which is decided again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from fieldsvc.services.intake import once
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation, Unreadable
from fieldsvc.store.locks import lock_things


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
