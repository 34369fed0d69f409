"""What a record was begun with, where a person or a night let something through before what it stands on had come.

After a backup was put back a phone sends all it keeps again, in pieces. Whatever began the record wrote the whole of
its screen: what the same phone had made before that lay under it, in whichever branch, and says nothing new; save what
it names as `unseen`, which waited for a person then and was on no screen (Protocol 3.14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.answered import unseen_by
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish
from fieldsvc.store import operations
from sync.model import Action, Properties


@dataclass(frozen=True, slots=True)
class _Beginning:
    operation: Operation
    author_id: str
    branch_id: str | None
    shown_version: int
    changes: Properties


def begun_with(known: Known, plan: Plan, arrival: Arrival, wish: Wish) -> Sequence[Properties]:
    """What began the record that this names, if this lay under it: at most one. Of its own branch the links tell."""
    stored = known.entities.get(wish.entity_id)
    if stored is None or stored.begun_by is None or wish.branch_id is None:
        return ()
    if any(link.began for entity_id, link in known.links.get(wish.branch_id, ()) if entity_id == wish.entity_id):
        return ()
    found = _beginning(known, plan, stored.begun_by, wish.entity_id)
    if found is None or found.author_id != arrival.author_id or found.branch_id == wish.branch_id:
        return ()
    return (found.changes,) if _lay_under(arrival.operation, wish, found) else ()


def _lay_under(operation: Operation, wish: Wish, found: _Beginning) -> bool:
    """Whether it was made before that, on the same phone. A form may be left open, and ends in the branch it was begun
    in although it was not on the screen of what was made meanwhile: there the phone's own clock tells.
    """
    if operation.document.get("install_id") != found.operation.document.get("install_id"):
        return False
    if operation.id in unseen_by(found.operation):
        return False
    registers = wish.action is Action.CREATE and not operation.document.get("replaces")
    earlier = registers or (operation.created_at or 0) <= (found.operation.created_at or 0)
    return earlier and wish.trunk_version < found.shown_version


def _beginning(known: Known, plan: Plan, id_: str, record: str) -> _Beginning | None:
    """What wrote the first version of a record, in this push or an earlier one."""
    decided = plan.decisions.get(id_)
    if decided is not None:
        arrival = decided.arrival
        new = next((each for each in decided.effects if each.entity_id == record), None)
        if new is None:
            return None
        return _Beginning(arrival.operation, arrival.author_id, new.wish.branch_id, new.wish.shown_version, new.changes)
    sent = operations.known(known.session, known.feed_id, [id_]).get(id_)
    operation = operation_of(sent) if sent is not None else None
    effects = operations.effects_of(known.session, known.feed_id, [id_]).get(id_, ())
    row = next((each for each in effects if each.entity_id == record), None)
    if sent is None or operation is None or row is None:
        return None
    shown = row.trunk_version if row.seen_version is None else row.seen_version
    return _Beginning(operation, sent.author_id, row.branch_id, shown or 0, row.changes)
