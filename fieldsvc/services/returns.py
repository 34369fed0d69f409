"""Visits that were sent back: who is to amend one, and all their phone needs for it offline.

What is open is told anew with the household: it is work for whoever helps there by then (protocol 5.4).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import wire
from fieldsvc.services.access import Actor
from fieldsvc.store import household_record, pull, reviews, scope, visit_record
from fieldsvc.store.pairings import HELPER
from fieldsvc.store.reviews import ReviewLine
from fieldsvc.store.tables import SubmissionRow

Item = dict[str, Any]


def concerned(session: Session, row: SubmissionRow, now_ms: int) -> list[str]:
    """Who must learn of a decision: the author, or after a handover whoever helps the household now.

    What a checker sent comes back to the checker: the helper never wrote it.
    """
    feed, subject = row.feed_id, row.subject_id
    author = visit_record.people(session, [row.author_id]).get(row.author_id)
    right = scope.rows_for(session, feed, row.author_id, [subject]).get(subject)
    gone = author is None or not author.active
    handed_over = right is not None and right.revoked_pos is not None and right.role == HELPER
    if not gone and not handed_over:
        return [row.author_id]
    helpers = household_record.helpers(session, feed, [subject], now_ms).get(subject, [])
    return [person.id for person in helpers] or scope.holders(session, feed, subject, HELPER) or [row.author_id]


def open_among(session: Session, by: Actor, visits: Collection[str], now_ms: int) -> list[Item]:
    """What this person is to amend of these visits, as notices; what they were told of already, as it was told."""
    found = reviews.returned(session, by.feed_id, visits)
    ids = [row.id for row in found if by.person_id in concerned(session, row, now_ms)]
    if not ids:
        return []
    lines = {line.submission_id: line for line in reviews.of_submissions(session, by.feed_id, ids)}
    told = {
        (row.ref_id, row.at): wire.notice(row)
        for row in pull.notices_about(session, by.feed_id, by.person_id, ids)
        if (row.data or {}).get("kind") == "return"
    }
    # Nobody was told by the feed of the change that the decision made to the visit itself: its number is free.
    return [
        told.get((row.id, line.at)) or {**notice(session, row, line, by.person_id), "id": row.position}
        for row in found
        if (line := lines.get(row.id)) is not None
    ]


def notice(session: Session, row: SubmissionRow, line: ReviewLine, person_id: str) -> Item:
    """That a visit was sent back, to the phone of one who is to amend it: what was said of it, the answers, what is
    known of a position among them, the entities at the versions it produced, and the household as this person knows it.
    """
    operation = visit_record.operations(session, row.feed_id, [row.id]).get(row.id)
    said = json.loads(operation.body) if operation else {}
    paths = {one.get("id"): one.get("path") for one in said.get("entities", []) if isinstance(one, dict)}
    entities = []
    for effect in visit_record.effects(session, row.feed_id, row.id):
        current = household_record.entity(session, row.feed_id, effect.entity_id)
        version = effect.result_version or (current.version if current else None)
        touched = {"dataset": effect.dataset, "id": effect.entity_id, "version": version}
        entities.append(touched | ({"path": paths[effect.entity_id]} if paths.get(effect.entity_id) else {}))
    fixes = row.context.get("fixes")
    return {
        "kind": "return",
        "at": line.at,
        "subject": _as_known(session, row, person_id, said.get("subject") or row.subject_id),
        "submission": row.id,
        "state": "returned",
        "by": line.by,
        "comment": line.comment,
        "comments": line.comments,
        "form": row.form_id,
        "form_version": row.form_version,
        "answers": row.answers,
        "entities": entities,
        **({"fixes": fixes} if fixes else {}),
    }


def _as_known(session: Session, row: SubmissionRow, person_id: str, named: str) -> str:
    """The household of a visit; for someone who does not have what it was merged into, the one that the visit named."""
    if named == row.subject_id:
        return named
    right = scope.rows_for(session, row.feed_id, person_id, [row.subject_id]).get(row.subject_id)
    return row.subject_id if right is not None and right.revoked_pos is None else named
