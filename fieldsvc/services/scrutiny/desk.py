"""Flags as a supervisor reads them, with the other photo where they may see it, and their dismissal with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.series.read import Slots
from fieldsvc.services import access, slots
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, flags, household_record, visit_record
from fieldsvc.store.tables import SubmissionRow

MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Other:
    """The other visit of a flag: when, whose, which slot, which photo. Nothing of it is known to who may not see it."""

    visit_id: str
    label: str
    month: int
    slot: Mapping[str, str]
    sha256: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One flag with both its facts. `other` is None where there is none, or none this reader may see."""

    id: str
    code: str
    ref: str
    facts: Mapping[str, Any]
    slot: Mapping[str, str]
    other: Other | None
    elsewhere: bool
    dismissed_by: str | None
    dismissed_at: int | None
    withdrawn_at: int | None
    reason: str | None


def of_visit(session: Session, by: Actor, known: Slots, visit_id: str) -> list[Shown]:
    """The flags of a visit the reader has been let in to, open ones first."""
    rows = flags.of_visit(session, by.feed_id, visit_id)
    people = visit_record.people(session, [row.dismissed_by for row in rows])
    found = []
    for row in rows:
        other = _other(session, by, known, row.facts)
        names = known.get(str(row.facts.get("slot")), slots.NO_SLOT)
        person = people.get(row.dismissed_by or "")
        found.append(
            Shown(
                id=row.id,
                code=row.code,
                ref=row.ref,
                facts=row.facts,
                slot=names,
                other=other,
                elsewhere=other is None and "other" in row.facts,
                dismissed_by=person.name if person else None,
                dismissed_at=row.dismissed_at,
                withdrawn_at=row.withdrawn_at,
                reason=row.reason,
            )
        )
    return sorted(found, key=lambda flag: (flag.dismissed_at or flag.withdrawn_at) is not None)


def dismiss(ctx: Context, visit_id: str, flag_id: str, reason: str, *, by: Actor) -> None:
    """Put a flag aside, for a reason that stays readable. Raises `not-found`, `reason-missing`."""
    reason = reason.strip()[:MOST_REASON]
    with ctx.db.write() as session:
        flag = flags.find(session, by.feed_id, flag_id)
        visit = visit_record.get(session, by.feed_id, visit_id)
        if flag is None or visit is None or flag.submission_id != visit_id:
            raise problems.NotFound()
        access.require(session, by, Action.REVIEW, visit.subject_id)
        if not reason:
            raise problems.ReasonMissing()
        if flag.dismissed_at is not None:
            return
        now = ctx.now_ms()
        flag.dismissed_at, flag.dismissed_by, flag.reason = now, by.person_id, reason
        session.flush()
        flags.count(session, by.feed_id, visit_id)
        detail = {"flag": flag.code, "ref": flag.ref, "subject": visit.subject_id}
        entry = audit.Entry(now, by.person_id, "flag-dismiss", f"submission:{visit_id}", by.device_id, detail)
        audit.append(session, by.feed_id, [entry])


def _question(session: Session, visit: SubmissionRow, ref: str) -> Mapping[str, str]:
    """What the form calls the question a photo answers; nothing for a form that is gone."""
    definition = household_record.definition(session, visit.form_id, visit.form_version) or {}
    wanted, nodes = slots.without_places(ref), list(definition.get("nodes", ()))
    while nodes:
        node = nodes.pop()
        if node.get("ref") == wanted:
            label = node.get("label")
            return label if isinstance(label, Mapping) else slots.NO_SLOT
        nodes += node.get("children", ())
    return slots.NO_SLOT


def _other(session: Session, by: Actor, known: Slots, facts: Mapping[str, Any]) -> Other | None:
    other = visit_record.get(session, by.feed_id, str(facts["other"])) if "other" in facts else None
    if other is None or not access.may(session, by, Action.REVIEW, other.subject_id):
        return None
    subject = household_record.entity(session, by.feed_id, other.subject_id)
    slot = known.get(str(facts.get("other_slot"))) or _question(session, other, str(facts["other_ref"]))
    return Other(other.id, subject.label if subject else "", other.month, slot, str(facts["other_sha256"]))
