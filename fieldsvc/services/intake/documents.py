"""A submission as rows: the document itself, the slots of its photos, and what took its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fieldsvc.services import capture
from fieldsvc.services.intake.arrival import Decision
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import reviews
from fieldsvc.store.entities import Stored
from fieldsvc.store.pairings import TEAM
from fieldsvc.store.submissions import OWN, PRACTICE, REJECTED, RETURNED
from sync.model import Status

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = 86_400_000
#: The state of what was filled in with a form that is tried out.
TRIAL = "trial"
#: A visit made before the passes closed may arrive when they open again; an older date is a wrong clock.
LATEST_DAYS = 180


def note_submission(known: Known, plan: Plan, decision: Decision) -> None:
    """Store the document at once, whatever its effects wait for; tell its subject's holders unless it is in review."""
    operation = decision.arrival.operation
    subject_id = decision.subject_id or operation.subject
    waits = decision.status is Status.REVIEW
    noted = next((row for row in plan.submissions if row["id"] == operation.id), None)
    if noted is not None:  # decided again: what it waited for came in the same push
        noted |= {"flags": _flags(decision) or None, "subject_id": subject_id}
    elif operation.id not in known.submissions:  # new, or kept for a person who has let it through now
        plan.submissions.append(_row(known, plan, decision, subject_id))
        plan.attachments += _attachments(known, decision, subject_id)
    else:
        values: dict[str, Any] = {"flags": _flags(decision) or None, "subject_id": subject_id}
        if decision.arrival.reading.trial:  # which nobody could know while its form was lost
            values["review_state"] = TRIAL
        plan.submission_values.append((operation.id, values))
    if not waits:
        plan.change(subject_id, "submission", operation.id, operation.id)


def note_successor(known: Known, plan: Plan, id_: str, successor_id: str | None) -> None:
    """Say on a visit, of this push or an earlier one, that another stands in its place; or that none does any more.

    What was rejected and is amended is as if it had been sent back: the last of a chain says whether its visit counts.
    """
    new = next((row for row in plan.submissions if row["id"] == id_), None)
    if new is not None:
        new["replaced_by_id"] = successor_id
        subject_id = new["subject_id"]
    else:
        stored, values = known.submissions[id_], {"replaced_by_id": successor_id}
        if successor_id is not None and stored.review_state == REJECTED:
            values["review_state"] = RETURNED
        if successor_id is None and _was_rejected(known, id_):
            values["review_state"] = REJECTED
        plan.submission_values.append((id_, values))
        subject_id = stored.subject_id
    plan.change(subject_id, "submission", id_, successor_id)


def _was_rejected(known: Known, id_: str) -> bool:
    said = reviews.of_submissions(known.session, known.feed_id, [id_])
    return bool(said) and said[-1].action == "reject"


def _row(known: Known, plan: Plan, decision: Decision, subject_id: str) -> dict[str, Any]:
    arrival, document = decision.arrival, decision.arrival.operation.document
    subject = known.entities.get(subject_id)
    return {
        "feed_id": plan.feed_id,
        "id": arrival.operation.id,
        "form_id": document["form"],
        "form_version": document["version"],
        "subject_id": subject_id,
        "area_id": subject.area_id if subject else None,
        "author_id": arrival.author_id,
        "device_id": arrival.device_id,
        "answers": document["answers"],
        "context": document.get("context") or {},
        "reasons": document.get("reasons") or None,
        "started_at": document.get("started_at"),
        "ended_at": document.get("ended_at"),
        "received_at": arrival.received_at,
        "month": month_of(document.get("ended_at"), arrival.received_at, known.ctx.settings.time_zone),
        "replaces_id": document.get("replaces"),
        "replaced_by_id": None,
        "withdrawn_at": None,
        "review_state": _state(decision, subject),
        "flags": _flags(decision) or None,
    }


def _state(decision: Decision, subject: Stored | None) -> str:
    if decision.arrival.reading.trial:
        return TRIAL
    if subject is not None and subject.dataset == TEAM:
        return OWN
    return PRACTICE if subject is not None and subject.practice else "waiting"


def _flags(decision: Decision) -> dict[str, Any]:
    """What a reviewer should look at: why it waits, and which rules the answers break."""
    flags: dict[str, Any] = {}
    if decision.status is Status.REVIEW and decision.problem is not None:
        flags["review"] = decision.problem.code
    if decision.arrival.reading.violations:
        flags["violations"] = list(decision.arrival.reading.violations[:50])
    if decision.arrival.reading.trial:
        flags["trial"] = True
    return flags


def month_of(ended_at: int | None, received_at: int, time_zone: str) -> int:
    """The month a visit counts in, `yyyymm`: the phone's date while that is believable, else the server's.

    A visit of the 31st that finds signal on the 2nd belongs to its own month.
    """
    believable = ended_at is not None and received_at - LATEST_DAYS * _DAY <= ended_at <= received_at
    moment = ended_at if believable and ended_at is not None else received_at
    day = datetime.fromtimestamp(moment / 1000, ZoneInfo(time_zone))
    return day.year * 100 + day.month


def _attachments(known: Known, decision: Decision, subject_id: str) -> list[dict[str, Any]]:
    operation, author_id = decision.arrival.operation, decision.arrival.author_id
    return [
        {
            "feed_id": known.feed_id,
            "submission_id": operation.id,
            "ref": ref,
            "sha256": photo["sha256"],
            "bytes": photo["bytes"],
            "type": photo["type"],
            "subject_id": subject_id,
            # Naming a photo shows it to nobody: the bytes must come from its author, who may have them already.
            "state": known.shown.get((author_id, photo["sha256"]), "missing"),
            "capture": capture.of_photo(photo).as_json(),
        }
        for ref, photo in photos_in(operation.document["answers"])
    ]


def photos_in(value: Any, ref: str = "/data") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every photo the answers name, with the path of its answer."""
    if isinstance(value, Mapping):
        if is_photo(value):
            yield ref, {**value, "type": str(value.get("type") or "image/jpeg")[:100]}
        else:
            for name, each in value.items():
                yield from photos_in(each, f"{ref}/{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            yield from photos_in(each, f"{ref}[{number}]")


def is_photo(value: Mapping[str, Any]) -> bool:
    """Whether an answer is an attachment: a digest and a size."""
    sha256, size = value.get("sha256"), value.get("bytes")
    named = isinstance(sha256, str) and _DIGEST.fullmatch(sha256) is not None
    return named and isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 2**40
