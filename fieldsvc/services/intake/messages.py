"""What a phone sends that is about no record: it cannot conflict, and nobody can be without the right to say it."""

from __future__ import annotations

from fieldsvc.services.intake.arrival import Arrival, Decision
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import audit, feedback
from sync.model import Status


def take_feedback(known: Known, plan: Plan, arrival: Arrival) -> Decision:
    """Keep what somebody has to say, for the office of the area they work in."""
    roles = known.actor(arrival.author_id).roles
    area_id = max(roles, key=lambda role: len(role.area_path)).area_id if roles else None
    plan.feedback.append(
        {
            "feed_id": plan.feed_id,
            "id": arrival.operation.id,
            "author_id": arrival.author_id,
            "device_id": arrival.device_id,
            "area_id": area_id or feedback.usual_area(known.session, plan.feed_id, arrival.author_id),
            "text": arrival.operation.document["text"].strip(),
            "created_at": arrival.operation.created_at,
            "received_at": arrival.received_at,
        }
    )
    return Decision(arrival, Status.APPLIED, None)


def take_view(known: Known, plan: Plan, arrival: Arrival) -> Decision:
    """Write to the audit log that a phone showed a masked value.

    Believed as it is told, also of a household the person holds no more: that a phone still showed it is exactly what
    whoever reads the log wants to know. All views of a push are sealed together, by one step of the chain's counter.
    """
    operation = arrival.operation
    detail = {
        "entity": operation.document["entity"],
        "properties": operation.document["properties"],
        "shown_at": operation.created_at,
        "operation": operation.id,
    }
    thing = f"subject:{known.survivor(operation.subject)}"
    plan.audit.append(audit.Entry(plan.at, arrival.author_id, "view", thing, arrival.device_id, detail))
    return Decision(arrival, Status.APPLIED, operation.subject)
