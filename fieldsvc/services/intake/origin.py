"""What began a household that is in the register, and which of its values the office has written since."""

from __future__ import annotations

from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish
from fieldsvc.store import entities
from fieldsvc.store.entities import Stored
from sync.model import Policy, Properties, Rules, Writer

#: What a record on a phone may not change.
_OFFICES = (Policy.SERVER, Policy.IMMUTABLE)


def was_begun_by(known: Known, arrival: Arrival, wish: Wish, stored: Stored) -> bool:
    """Whether this puts right what began the household: the same form, sent again by whoever may amend it.

    A visit goes along when its household is merged into another; that one was there, and none of its visits made it.
    """
    document = arrival.operation.document
    before = known.submissions.get(str(document.get("replaces")))
    if before is None or before.id in known.without_effect or before.form_id != document["form"]:
        return False
    if wish.entity_id != stored.entity.id:
        return False
    written = entities.written_by(known.session, known.feed_id, stored.entity.id)
    return bool(written) and written[0][0] in _chain(known, before.id)


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
    written = entities.written_by(known.session, known.feed_id, stored.entity.id)
    written += [(new.operation_id, new.changed) for new in plan.versions if new.stored.entity.id == stored.entity.id]
    last = {name: operation_id for operation_id, changed in written for name in changed}
    mine = {arrival.operation.id, *_chain(known, arrival.operation.document.get("replaces"))}
    return Writer.OFFICE if all(last[name] in mine for name in wanted & last.keys()) else Writer.PHONE


def _chain(known: Known, id_: str | None) -> set[str]:
    """A visit, and what it amends, and what that amends."""
    found = set[str]()
    while id_ and id_ not in found:
        found.add(id_)
        row = known.submissions.get(id_)
        id_ = row.replaces_id if row is not None else None
    return found
