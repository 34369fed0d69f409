"""What a record was begun with, where a person or a night let something through before what it stands on had come.

After a backup was put back a phone sends all it keeps again, in pieces. Whatever began the record wrote the whole of
its screen: what the same phone had made before that lay under it, in whichever branch, and says nothing new; save what
it names as `unseen`, which waited for a person then and was on no screen (Protocol 3.14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldsvc.services.cursors import cursor_of
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.answered import unseen_by
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Beginning, Known
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish
from fieldsvc.store import operations
from fieldsvc.store.operations import Receipted
from sync.branch import Link, Ready
from sync.feed import Cursor
from sync.model import Action, Properties


def begun_with(known: Known, plan: Plan, arrival: Arrival, wish: Wish) -> Sequence[Properties]:
    """What began the record that this names, if this lay under it: at most one. Of its own branch the links tell."""
    found = _in_another_branch(known, plan, arrival, wish)
    if found is None:
        return ()
    registers = wish.action is Action.CREATE and not arrival.operation.document.get("replaces")
    return (found.changes,) if _lay_under(known, arrival.operation, wish.trunk_version, found, registers) else ()


def without_counts(known: Known, plan: Plan, arrival: Arrival, wish: Wish, ready: Ready) -> Ready:
    """The place of a link that was on no screen when its record was begun, behind which come later ones that were.

    Those counted on from it and wrote nothing of that, as the beginning spoke for them: their counts hide none of its
    own. Their words still stand over its words.
    """
    found = _in_another_branch(known, plan, arrival, wish) if ready.later else None
    if found is None or arrival.operation.id not in unseen_by(found.operation):
        return ready
    sent = operations.known(known.session, known.feed_id, [link.operation_id for link in ready.later])
    said = [link for link in ready.later if _was_said(known, sent.get(link.operation_id), link, found)]
    return replace(ready, later=tuple(o for o in ready.later if o not in said), beside=(*ready.beside, *said))


def _was_said(known: Known, sent: Receipted | None, link: Link, found: Beginning) -> bool:
    """Whether what began the record spoke for this link, of the same person."""
    operation = operation_of(sent) if sent is not None else None
    return operation is not None and _lay_under(known, operation, link.trunk_version, found)


def _in_another_branch(known: Known, plan: Plan, arrival: Arrival, wish: Wish) -> Beginning | None:
    """What the same person began the record with, in a branch that this is no link of."""
    stored = known.entities.get(wish.entity_id)
    if stored is None or stored.begun_by is None or wish.branch_id is None:
        return None
    if any(link.began for entity_id, link in known.links.get(wish.branch_id, ()) if entity_id == wish.entity_id):
        return None
    found = _beginning(known, plan, stored.begun_by, wish.entity_id)
    if found is None or found.author_id != arrival.author_id or found.branch_id == wish.branch_id:
        return None
    return found


def _lay_under(known: Known, operation: Operation, trunk: int, found: Beginning, registers: bool = False) -> bool:
    """Whether it was made before that, on the same phone, and shown."""
    if operation.document.get("install_id") != found.operation.document.get("install_id"):
        return False
    if operation.id in unseen_by(found.operation):
        return False
    return trunk < found.shown_version and (registers or _was_made_before(known, operation, found))


def _was_made_before(known: Known, operation: Operation, found: Beginning) -> bool:
    """By how far the phone had read: its clock may be put back meanwhile, and believe in 1970 (Protocol 3.2).

    A form may be left open, and ends in the branch it was begun in although it was not on the screen of what was made
    meanwhile: where nothing was read or answered between the two the clock is all there is.
    """
    own, its = cursor_of(operation.cursor), cursor_of(found.operation.cursor)
    if own is not None and 0 < found.position <= own.position and _is_here(known, own):
        return False  # it had read this history as far as that
    if own is not None and its is not None:
        if own.epoch != its.epoch and known.epoch in (own.epoch, its.epoch):
            return its.epoch == known.epoch  # the one that names the newer history came after the other
        if own.epoch == its.epoch and _is_here(known, own) == _is_here(known, its) and _read(own) != _read(its):
            return _read(own) < _read(its)
    return (operation.created_at or 0) <= (found.operation.created_at or 0)


def _is_here(known: Known, cursor: Cursor) -> bool:
    """Whether it stands in this history, and not in one that an older backup took the place of."""
    return known.tag_at(cursor.position) == cursor.tag


def _read(cursor: Cursor) -> tuple[int, int]:
    return cursor.position, cursor.receipt_position


def _beginning(known: Known, plan: Plan, id_: str, record: str) -> Beginning | None:
    """What wrote the first version of a record, in this push or an earlier one."""
    if (id_, record) not in known.beginnings:
        known.beginnings[id_, record] = _decided(plan, id_, record) or _stored(known, id_, record)
    return known.beginnings[id_, record]


def _decided(plan: Plan, id_: str, record: str) -> Beginning | None:
    decided = plan.decisions.get(id_)
    if decided is None:
        return None
    arrival = decided.arrival
    new = next((each for each in decided.effects if each.entity_id == record), None)
    if new is None:
        return None
    at = arrival.stored.position if arrival.stored else 0
    return Beginning(arrival.operation, arrival.author_id, new.wish.branch_id, new.wish.shown_version, new.changes, at)


def _stored(known: Known, id_: str, record: str) -> Beginning | None:
    sent = operations.known(known.session, known.feed_id, [id_]).get(id_)
    operation = operation_of(sent) if sent is not None else None
    effects = operations.effects_of(known.session, known.feed_id, [id_]).get(id_, ())
    row = next((each for each in effects if each.entity_id == record), None)
    if sent is None or operation is None or row is None:
        return None
    shown = row.trunk_version if row.seen_version is None else row.seen_version
    return Beginning(operation, sent.author_id, row.branch_id, shown or 0, row.changes, sent.position)
