"""What is kept for a person as it came, from a phone taken for lost or in a file that proves nothing, has its places.

It was on its author's screen: later operations of that phone are judged by what it said, also once it is declined.
"""

from __future__ import annotations

import structlog

from fieldsvc.services.intake import wishes
from fieldsvc.services.intake.arrival import Effect
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.leaving import OUTAGES
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.wishes import Reading
from sync.model import Status

log = structlog.get_logger(__name__)


def places_of(known: Known, operation: Operation) -> tuple[Effect, ...]:
    """What it wants of records, waiting for a person; nothing where it cannot be read, which holds nobody up."""
    try:
        with known.session.begin_nested():
            reading = wishes.read(known.ctx, known.session, known.feed_id, known.datasets, operation)
    except OUTAGES:
        raise
    except Exception:
        # Whatever it is that cannot be read: the rest of what was on that phone must not be lost with it.
        log.exception("places not read", op=operation.id)
        reading = Reading()
    return tuple(Effect(each.entity_id, each, Status.REVIEW, dict(each.changes)) for each in reading.wishes)
