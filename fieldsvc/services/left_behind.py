"""What a withdrawal that ends its household leaves on it: the visits of others, and records they made there.

Who accepts it has to be told. The household is in no list from then on, and whoever visited it hears of nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.store import entities, submissions, visit_record


@dataclass(frozen=True, slots=True)
class Left:
    """How many visits stand by whom, in the order of their names, and how many records besides."""

    visits: Mapping[str, int]
    records: int


def left_behind(session: Session, feed_id: str, visit_id: str) -> Left | None:
    """What is left if this visit is taken back; nothing where it began no household, or nothing else is on it."""
    visit = visit_record.get(session, feed_id, visit_id)
    if visit is None:
        return None
    gone = {link.id for link in visit_record.chain(session, feed_id, visit)}
    stored = [each for each in entities.of_subject(session, feed_id, visit.subject_id) if _stands(each)]
    begun = {each.entity.id for each in stored if _began(session, feed_id, each.entity.id, gone)}
    if visit.subject_id not in begun:
        return None
    others = submissions.standing_of(session, feed_id, visit.subject_id) - gone
    sent = visit_record.operations(session, feed_id, others).values()
    people = visit_record.people(session, [each.author_id for each in sent])
    names = Counter(people[each.author_id].name for each in sent if each.author_id in people)
    left = Left(dict(sorted(names.items())), len(stored) - len(begun))
    return left if left.visits or left.records else None


def _stands(each: entities.Stored) -> bool:
    return not each.entity.deleted and each.entity.merged_into is None


def _began(session: Session, feed_id: str, entity_id: str, operations: Collection[str]) -> bool:
    written = entities.written_by(session, feed_id, entity_id)
    return bool(written) and written[0][0] in operations
