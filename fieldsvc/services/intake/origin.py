"""What began a household that is in the register, and which of its values the office has written since."""

from __future__ import annotations

from collections.abc import Collection

from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.chain import earlier
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.unregistered import begins
from fieldsvc.services.intake.wishes import Wish
from fieldsvc.store import entities, operations
from fieldsvc.store.entities import Stored
from sync.model import Policy, Properties, Rules, Writer

#: What a record on a phone may not change.
_OFFICES = (Policy.SERVER, Policy.IMMUTABLE)


def was_begun_by(known: Known, plan: Plan, arrival: Arrival, wish: Wish, stored: Stored) -> bool:
    """Whether this puts right what began the household: the same form, sent again by whoever may amend it.

    Both may come in one push. A visit goes along when its household is merged into another; that one was there, and
    none of its visits made it.
    """
    document = arrival.operation.document
    before = document.get("replaces")
    if before is None or _form_in_effect(known, plan, before) != document["form"]:
        return False
    if wish.entity_id != stored.entity.id:
        return False
    written = _written(known, plan, stored)
    return bool(written) and written[0][0] in set(earlier(known, plan, before))


def was_begun_unregistered(known: Known, plan: Plan, stored: Stored) -> bool:
    """Whether a visit began this household, which a person let through while its registration was still on a phone."""
    first = next((operation_id for operation_id, _ in _written(known, plan, stored)), None)
    if first is None:
        return False
    decided = plan.decisions.get(first)
    if decided is not None:
        return not begins(decided.arrival.operation, stored.entity.id)
    found = operations.known(known.session, known.feed_id, [first]).get(first)
    return found is not None and not begins(operation_of(found), stored.entity.id)


def writer_of(
    known: Known, plan: Plan, arrival: Arrival, wish: Wish, stored: Stored | None, changes: Properties, rules: Rules
) -> Writer:
    """In whose name a wish is written: no more in the office's, once the office has written what this would change.

    It has corrected what the registration said, or filled it in from another record: no amendment overwrites that.
    """
    if wish.writer is not Writer.OFFICE or stored is None or arrival.accepted:
        return wish.writer
    wanted = {name for name in changes if rules.unit(name).policy in _OFFICES}
    if not wanted:
        return wish.writer
    written = _written(known, plan, stored)
    last = {name: operation_id for operation_id, changed in written for name in changed}
    mine = {arrival.operation.id, *earlier(known, plan, arrival.operation.document.get("replaces"))}
    return Writer.OFFICE if all(last[name] in mine for name in wanted & last.keys()) else Writer.PHONE


def _form_in_effect(known: Known, plan: Plan, id_: str) -> str | None:
    """The form of a visit of this push or an earlier one; None where it has no effect."""
    decided = plan.decisions.get(id_)
    if decided is not None:
        form: str | None = decided.arrival.operation.document.get("form")
        return form if decided.took_effect else None
    row = known.submissions.get(id_)
    return row.form_id if row is not None and id_ not in known.without_effect else None


def _written(known: Known, plan: Plan, stored: Stored) -> list[tuple[str | None, Collection[str]]]:
    """The operation that wrote each version of a record, those of this push last, with what it changed."""
    before = entities.written_by(known.session, known.feed_id, stored.entity.id)
    now = [(new.operation_id, new.changed) for new in plan.versions if new.stored.entity.id == stored.entity.id]
    return [*before, *now]
