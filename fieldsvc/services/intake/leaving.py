"""A visit stands for itself again where its amendment, which was held beside it, waits for a person or was declined.

While both are held lists show the amendment, since they count once. It may come to nothing, and the visit not.
"""

from __future__ import annotations

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from fieldsvc.problems import ServerBusy
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.chain import place_of, withdrawn
from fieldsvc.services.intake.documents import note_successor
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Reading
from fieldsvc.store import amendments
from fieldsvc.store.operations import Receipted

log = structlog.get_logger(__name__)
#: What another moment mends: it says nothing of the operation that was read just then.
OUTAGES = (OperationalError, InterfaceError, ServerBusy)


def leave_places(known: Known, plan: Plan, id_: str) -> None:
    """Let what this amendment stood for be listed: in no list it would be forgotten, also once it is in effect."""
    if withdrawn(known, plan, id_):
        return
    for each in [*known.submissions, *(row["id"] for row in plan.submissions)]:
        if place_of(known, plan, each) == id_:
            note_successor(known, plan, each, None)


def leave_places_of(known: Known, plan: Plan, stored: Receipted) -> None:
    """The same for one that a person has declined, or that makes the server fail: also where it does so here again."""
    operation = operation_of(stored)
    if operation is None or operation.kind != "submission":
        return
    arrival = Arrival(operation, Reading(), stored.author_id, stored.device_id, stored.received_at, stored)
    try:
        with known.session.begin_nested():
            known.load([arrival])
    except OUTAGES:
        raise
    except Exception:
        # Every night would fail at it again, and nobody could so much as decline it.
        log.exception("places not read", op=operation.id)
    leave_places(known, plan, operation.id)


def stand_alone(known: Known, plan: Plan, id_: str) -> None:
    """Let a visit that waits for a person be listed for that, although an amendment of it is here, and held."""
    later = place_of(known, plan, id_)
    if later is None or withdrawn(known, plan, later):
        return
    decided = plan.decisions.get(later)
    stands = decided.took_effect if decided else amendments.in_effect(known.session, known.feed_id, [later])
    if not stands:
        note_successor(known, plan, id_, None)
