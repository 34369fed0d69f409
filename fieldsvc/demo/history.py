"""Writes the earlier visits: operations, submissions, photos' slots, versions of records, reviews, feed rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from fieldsvc.demo.properties import household_properties
from fieldsvc.demo.register import Place
from fieldsvc.demo.visits import FORM, Visit
from fieldsvc.demo.words import SEED, identifiers
from fieldsvc.services.intake.documents import month_of, photos_in
from fieldsvc.store import changes
from fieldsvc.store.changes import NewChange
from fieldsvc.store.tables import (
    AttachmentRow,
    EffectRow,
    EntityRow,
    EntityVersionRow,
    OperationRow,
    ReviewRow,
    SubmissionRow,
)

BATCH = 1000
REVIEWED_SHARE = 0.85


@dataclass
class Rows:
    """The rows of one batch of visits, table by table."""

    operations: list[dict[str, Any]] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    changes: list[NewChange] = field(default_factory=list)


class History:
    """Writes visits in the order in which they arrived, keeping each household's record as it grows."""

    def __init__(self, place: Place, devices: dict[str, str], names: frozenset[str], reviewer: str, zone: str) -> None:
        self._place = place
        self._devices = devices
        self._names = names
        self._reviewer = reviewer
        self._zone = zone
        self._roll = Random(f"{SEED}/reviews")
        self._review_ids = identifiers("review")
        self._records: dict[str, dict[str, str | None]] = {}
        self._current: dict[str, dict[str, Any]] = {}

    def write(self, session: Session, visits: Sequence[Visit], review_before: datetime) -> None:
        """Write them all; visits that arrived before `review_before` have mostly been reviewed."""
        for start in range(0, len(visits), BATCH):
            batch = visits[start : start + BATCH]
            first = changes.allocate(session, self._place.feed_id, sum(1 + visit.advances for visit in batch))
            rows = Rows()
            for visit in batch:
                self._add(rows, visit, first + len(rows.changes), review_before)
            self._insert(session, rows)
            changes.write(session, self._place.feed_id, first, rows.changes)
        session.execute(
            update(EntityRow),
            [{"feed_id": self._place.feed_id, "id": id_, **values} for id_, values in self._current.items()],
        )
        self._current.clear()

    def _insert(self, session: Session, rows: Rows) -> None:
        for table, wanted in (
            (OperationRow, rows.operations),
            (EffectRow, rows.effects),
            (SubmissionRow, rows.submissions),
            (AttachmentRow, rows.attachments),
            (EntityVersionRow, rows.versions),
            (ReviewRow, rows.reviews),
        ):
            if wanted:
                session.execute(insert(table), wanted)

    def _add(self, rows: Rows, visit: Visit, position: int, review_before: datetime) -> None:
        at, subject = _ms(visit.received), visit.household.id
        rows.changes.append(NewChange(subject, "submission", visit.id, at, operation_id=visit.id))
        if visit.advances:
            position += 1
            version = visit.trunk_version + 1
            change = NewChange(subject, "entity", subject, at, version=version, operation_id=visit.id)
            rows.changes.append(change)
            rows.versions.append(self._version(visit, version, at))
            self._current[subject] = {
                "version": version,
                "properties": self._records[subject],
                "updated_at": at,
                "position": position,
            }
        rows.operations.append(self._operation(visit, at, position))
        rows.effects.append(self._effect(visit))
        rows.submissions.append(self._submission(rows, visit, at, position, review_before))
        rows.attachments += self._attachments(visit)

    def _version(self, visit: Visit, version: int, at: int) -> dict[str, Any]:
        household = visit.household
        before = self._records.get(household.id)
        if before is None:
            known = household_properties(household)
            before = {name: value for name, value in known.items() if name in self._names}
        record = {**before, "last_visit": visit.document["answers"]["last_visit"]}
        self._records[household.id] = record
        entity = visit.document["entities"][0]
        return {
            "feed_id": self._place.feed_id,
            "entity_id": household.id,
            "version": version,
            "properties": record,
            "changed": ["last_visit"],
            "operation_id": visit.id,
            "author_id": visit.cadre.id,
            "device_id": self._devices[visit.cadre.id],
            "at": at,
            "source": "submission",
            "branch_id": entity["branch_id"],
            "branch_version": version,
            "trunk_version": visit.trunk_version,
        }

    def _operation(self, visit: Visit, at: int, position: int) -> dict[str, Any]:
        return {
            "feed_id": self._place.feed_id,
            "id": visit.id,
            "kind": "submission",
            "subject_id": visit.household.id,
            "author_id": visit.cadre.id,
            "device_id": self._devices[visit.cadre.id],
            "body": visit.body,
            "sha256": visit.sha256,
            "status": "applied",
            "received_at": at,
            "created_at": visit.document["created_at"],
            "position": position,
            "answered_at": at,
            "updated_at": at,
        }

    def _effect(self, visit: Visit) -> dict[str, Any]:
        entity = visit.document["entities"][0]
        changed = {"last_visit": visit.document["answers"]["last_visit"]} if visit.advances else {}
        return {
            "feed_id": self._place.feed_id,
            "operation_id": visit.id,
            "ordinal": 0,
            "entity_id": visit.household.id,
            "dataset": entity["dataset"],
            "status": "applied",
            "base_version": visit.trunk_version,
            "trunk_version": visit.trunk_version,
            "branch_id": entity["branch_id"],
            "changes": changed,
            "result_version": visit.trunk_version + visit.advances,
        }

    def _submission(self, rows: Rows, visit: Visit, at: int, position: int, review_before: datetime) -> dict[str, Any]:
        document = visit.document
        state = "waiting"
        if visit.received < review_before and self._roll.random() < REVIEWED_SHARE:
            state = "approved"
            rows.reviews.append(
                {
                    "id": next(self._review_ids),
                    "feed_id": self._place.feed_id,
                    "submission_id": visit.id,
                    "action": "approve",
                    "by_id": self._reviewer,
                    "at": at + self._roll.randrange(3_600_000, 4 * 86_400_000),
                }
            )
        return {
            "feed_id": self._place.feed_id,
            "id": visit.id,
            "form_id": FORM,
            "form_version": document["version"],
            "subject_id": visit.household.id,
            "area_id": visit.household.village.area.id,
            "author_id": visit.cadre.id,
            "device_id": self._devices[visit.cadre.id],
            "answers": document["answers"],
            "context": document["context"],
            "started_at": document["started_at"],
            "ended_at": document["ended_at"],
            "received_at": at,
            "month": month_of(document["ended_at"], at, self._zone),
            "review_state": state,
            "position": position,
        }

    def _attachments(self, visit: Visit) -> list[dict[str, Any]]:
        return [
            {
                "feed_id": self._place.feed_id,
                "submission_id": visit.id,
                "ref": ref,
                "sha256": photo["sha256"],
                "bytes": photo["bytes"],
                "type": photo["type"],
                "subject_id": visit.household.id,
                "state": "present",
            }
            for ref, photo in photos_in(visit.document["answers"])
        ]


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
