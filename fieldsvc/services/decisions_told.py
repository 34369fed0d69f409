"""Which phones are told how a dispute ended: that says what others wrote, and goes with the household (5.4)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import wire
from fieldsvc.services.access import Actor
from fieldsvc.store import pull

Item = dict[str, Any]

_MOST_NOTICES = 200


def newest_notices(session: Session, by: Actor) -> list[Item]:
    """The newest notices addressed to the person, oldest first."""
    return [wire.notice(row) for row in pull.notices(session, by.feed_id, by.person_id, _MOST_NOTICES)]


def theirs(session: Session, by: Actor, notices: Sequence[Item]) -> list[Item]:
    """The notices without decisions about records in households that this phone does not hold: they tell what others
    wrote there. What such a household needs is its new helper's, as a visit that is sent back is. The others name the
    household in which the record is by now: a phone that was told of the one it was in would not find it.
    """
    subjects = _subjects_of(session, by, {item["entity"] for item in notices if item["kind"] == "decision"})
    held = pull.scope_roles(session, by.feed_id, by.person_id, set(subjects.values()))
    return [
        {**item, "subject": subjects[item["entity"]]} if item["kind"] == "decision" else item
        for item in notices
        if item["kind"] != "decision" or subjects.get(item["entity"]) in held
    ]


def with_households(session: Session, by: Actor, given: Set[str], told: Sequence[Item]) -> list[Item]:
    """The decisions about records of households that are given to this phone now, made while it did not hold them, and
    not among those it is told anyway.

    A phone that had heard of one keeps it once. One that never does shows a question that is closed as open.
    """
    if not given:
        return []
    here = {item["id"] for item in told}
    found = [each for each in newest_notices(session, by) if each["kind"] == "decision" and each["id"] not in here]
    subjects = _subjects_of(session, by, {item["entity"] for item in found})
    return [item for item in found if subjects.get(item["entity"]) in given]


def _subjects_of(session: Session, by: Actor, records: Set[str]) -> dict[str, str]:
    """The household that each record belongs to; of one that was merged, that of the one it was merged into."""
    if not records:
        return {}
    rows = pull.entities(session, by.feed_id, ids=records)
    merged = {row.id: row.merged_into for row in rows if row.merged_into}
    survivors = _subjects_of(session, by, set(merged.values()))
    return {row.id: survivors.get(merged.get(row.id, ""), row.subject_id) for row in rows}
