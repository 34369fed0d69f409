"""Which notices a phone is told: what they say of a household and what others wrote there goes with it (5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import wire
from fieldsvc.services.access import Actor
from fieldsvc.store import pull, scope, visit_record

Item = dict[str, Any]

#: How many of the newest a phone is told that begins with nothing.
MOST = 200


def newest(session: Session, by: Actor) -> list[Item]:
    """The newest notices addressed to the person, oldest first."""
    return [wire.notice(row) for row in pull.notices(session, by.feed_id, by.person_id, MOST)]


def decisions_with(session: Session, by: Actor, given: Set[str], told: Sequence[Item]) -> list[Item]:
    """The decisions about records of households that are given to this phone now, made while it did not hold them, and
    not among those it is told anyway.

    A phone that had heard of one keeps it once. One that never does shows a question that is closed as open.
    """
    here = {item["id"] for item in told}
    found = [each for each in newest(session, by) if each["kind"] == "decision" and each["id"] not in here]
    subjects = _subjects_of(session, by, {item["entity"] for item in found})
    return [item for item in found if subjects.get(item["entity"]) in given]


def theirs(session: Session, by: Actor, notices: Sequence[Item]) -> list[Item]:
    """The notices that are for this phone, each once and naming the household in which its matter is by now.

    Decisions are told to holders of the household, as they say what others wrote there; visits that were sent back to
    all from whom it has not been taken since. Of one's own work that went to another household no household is named.
    """
    notices = list({item["id"]: item for item in notices}.values())
    records = _subjects_of(session, by, {item["entity"] for item in notices if item["kind"] == "decision"})
    reviewed = {item["submission"] for item in notices if item["kind"] in ("return", "approval")}
    visits = visit_record.whose(session, by.feed_id, reviewed)
    placed = [(item, _place(item, records, visits)) for item in notices]
    rights = scope.rows_for(session, by.feed_id, by.person_id, {place for _, place in placed if place})
    told = [_as_theirs(item, place, rights.get(place or ""), _is_own(by, item, visits)) for item, place in placed]
    return [item for item in told if item is not None]


def _place(item: Item, records: Mapping[str, str], visits: Mapping[str, Any]) -> str | None:
    """The household in which its matter is now."""
    match item["kind"]:
        case "decision":
            return records.get(item["entity"])
        case "return" | "approval" if item["submission"] in visits:
            return str(visits[item["submission"]].subject_id)
    return item.get("subject")


def _is_own(by: Actor, item: Item, visits: Mapping[str, Any]) -> bool:
    visit = visits.get(item.get("submission", ""))
    return visit is None or visit.author_id == by.person_id


def _as_theirs(item: Item, place: str | None, right: Any, own: bool) -> Item | None:
    """The notice as somebody reads it who has or had this right to its household, or none; nothing, if not for them."""
    held = right is not None and right.revoked_pos is None
    taken_since = right is not None and right.revoked_pos is not None and right.revoked_pos > item["id"]
    match item["kind"]:
        case "verdict" | "approval" | "decision" | "return" if held:
            return {**item, "subject": place}
        case "decision":
            return None
        case "return":
            return None if taken_since else item
        case "approval" if taken_since and not own:
            return None
        case "verdict" | "approval":
            return {name: value for name, value in item.items() if name != "subject"}
    return item


def _subjects_of(session: Session, by: Actor, records: Set[str]) -> dict[str, str]:
    """The household that each record belongs to; of one that was merged, that of the one it was merged into."""
    if not records:
        return {}
    rows = pull.entities(session, by.feed_id, ids=records)
    merged = {row.id: row.merged_into for row in rows if row.merged_into}
    survivors = _subjects_of(session, by, set(merged.values()))
    return {row.id: survivors.get(merged.get(row.id, ""), row.subject_id) for row in rows}
