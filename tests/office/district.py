"""A county for the office's tests: two towns, three villages, their people, and visits put straight into the tables.

What a phone would have sent is written as rows here, so that a page can be tested without a phone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.enrol import actor_of
from fieldsvc.services.passwords import hash_password
from fieldsvc.store import areas, changes, entities, feeds, people, scope
from fieldsvc.store.changes import NewChange
from fieldsvc.store.tables import (
    AttachmentRow,
    ConflictRow,
    DatasetRow,
    DeviceRow,
    EffectRow,
    FormRow,
    FormVersionRow,
    OperationRow,
    SubmissionRow,
)
from sync.model import Entity
from tests.office.definitions import DATASETS, VISIT
from tests.office.moments import Moments

FEED = "feed-1"
PASSWORD = "office-password-1"
Values = Mapping[str, str | None]


class District:
    """The county, and verbs that put facts into it."""

    def __init__(self, ctx: Context, moments: Moments) -> None:
        self.ctx = ctx
        self.moments = moments
        self._hash = hash_password(PASSWORD)
        with ctx.db.write() as session:
            feeds.add(session, feed_id=FEED, name="歙县", epoch="epoch-1")
            now = moments.now
            for definition in DATASETS:
                session.add(
                    DatasetRow(name=definition["name"], version=1, definition=definition, digest="0", published_at=now)
                )
            session.add(FormRow(id="visit", title=VISIT["title"], subject_dataset="households", state="open"))
            session.flush()
            session.add(
                FormVersionRow(
                    form_id="visit", version="3", definition=VISIT, digest="0", state="published", published_at=now
                )
            )
        self.county = self.area("341021000000", "歙县", "county")
        self.east = self.area("341021100000", "岩寺镇", "town", self.county)
        self.west = self.area("341021200000", "富堨镇", "town", self.county)
        self.upper = self.area("341021100201", "上村", "village", self.county, self.east)
        self.lower = self.area("341021100202", "下村", "village", self.county, self.east)
        self.far = self.area("341021200201", "远村", "village", self.county, self.west)
        self.supervisor = self.person("王审核", "S01", role="supervisor", area=self.east)
        self.other_supervisor = self.person("赵审核", "S02", role="supervisor", area=self.west)
        self.colleague = self.person("钱审核", "S03", role="supervisor", area=self.county)
        self.li = self.person("李帮扶", "C01")
        self.zhang = self.person("张帮扶", "C02")

    def area(self, code: str, name: str, level: str, *above: str) -> str:
        """An area below the areas given, from the top."""
        area_id = f"area-{code}"
        path = "".join(f"/{one}" for one in (*above, area_id)) + "/"
        with self.ctx.db.write() as session:
            areas.add(
                session,
                id=area_id,
                feed_id=FEED,
                code=code,
                name=name,
                level=level,
                parent_id=above[-1] if above else None,
                path=path,
            )
        return area_id

    def person(self, name: str, staff_no: str, *, role: str | None = None, area: str | None = None) -> str:
        """Somebody with a password, and a role if one is given."""
        person_id = self.ctx.new_id()
        with self.ctx.db.write() as session:
            people.add(
                session,
                id=person_id,
                feed_id=FEED,
                name=name,
                staff_no=staff_no,
                unit="镇政府",
                password_hash=self._hash,
                locale="zh",
                active=True,
                created_at=self.moments.now,
            )
            if role and area:
                people.add_role(session, person_id, role, area, self.moments.now)
            session.add(
                DeviceRow(
                    id=f"device-{staff_no}",
                    feed_id=FEED,
                    person_id=person_id,
                    install_id=f"install-{staff_no}",
                    name="红米 9A",
                    token_sha256=f"token-{staff_no}",
                    created_at=self.moments.now,
                    last_seen_at=self.moments.now,
                    app_release="2026.11",
                )
            )
        return person_id

    def actor(self, person_id: str) -> Actor:
        """That person at an office desk."""
        found = actor_of(self.ctx, person_id)
        assert found is not None
        return found

    def household(self, name: str, area: str, *, helper: str | None = None, **properties: str) -> str:
        """A household with its head's name, assigned to a helper if one is given."""
        subject = self._entity("households", name, area, None, properties)
        if helper:
            self.assign(subject, helper)
        return subject

    def assign(self, subject: str, helper: str, role: str = "cadre") -> None:
        """Pair a helper (or a checker) with a household, from now on."""
        with self.ctx.db.write() as session:
            scope.grant(session, FEED, helper, role, [(subject, 1)])
            scope.add_assignment(
                session,
                id=self.ctx.new_id(),
                feed_id=FEED,
                person_id=helper,
                subject_id=subject,
                role=role,
                from_at=self.moments.now,
            )

    def hand_over(self, subject: str, giver: str, taker: str) -> None:
        """Give the household to another helper."""
        self.unassign(subject, giver)
        self.assign(subject, taker)

    def unassign(self, subject: str, giver: str) -> None:
        """End a pairing."""
        with self.ctx.db.write() as session:
            scope.revoke(session, FEED, giver, [(subject, 2)])
            for row in scope.open_assignments(session, FEED, person_id=giver, subject_id=subject):
                scope.end_assignment(session, row.id, to_at=self.moments.now, to_pos=2)

    def member(self, household: str, name: str, **properties: str) -> str:
        """A person of a household."""
        return self._entity("members", name, None, household, properties)

    def record(self, household: str, dataset: str, label: str, **properties: str | None) -> str:
        """Any other record of a household."""
        with self.ctx.db.read() as session:
            area = entities.load(session, FEED, [household])[household].area_id
        return self._entity(dataset, label, area, household, properties)

    def subject_of(self, record: str) -> str:
        """The household a record is of."""
        with self.ctx.db.read() as session:
            return entities.load(session, FEED, [record])[record].subject_id

    def _entity(self, dataset: str, label: str, area: str | None, subject: str | None, values: Values) -> str:
        entity_id = self.ctx.new_id()
        stored = entities.Stored(
            Entity(entity_id, 1, dict(values)), dataset, subject or entity_id, area, label, self.moments.now
        )
        new = entities.NewVersion(stored, 0, list(values), "import", self.moments.now)
        with self.ctx.db.write() as session:
            entities.write_version(session, FEED, new, 1)
            changes.append(session, FEED, [NewChange(stored.subject_id, "entity", entity_id, new.at, version=1)])
        return entity_id

    def visit(
        self,
        subject: str,
        by: str,
        answers: Mapping[str, Any] | None = None,
        *,
        replaces: str | None = None,
        wrote: Values | None = None,
        reasons: Mapping[str, str] | None = None,
        flags: Mapping[str, Any] | None = None,
        form: str = "visit",
    ) -> str:
        """A visit, or another form's submission, that has arrived; `wrote` are the household's values it changed."""
        visit_id, now = self.ctx.new_id(), self.moments.later(minutes=1)
        filled = dict(answers or {"meeting": {"met": "head"}, "log": "到户走访，一切正常。"})
        with self.ctx.db.write() as session:
            device = people.devices_of(session, by)[0]
            stored = entities.load(session, FEED, [subject])[subject]
            session.add(
                SubmissionRow(
                    feed_id=FEED,
                    id=visit_id,
                    form_id=form,
                    form_version="3",
                    subject_id=subject,
                    area_id=stored.area_id,
                    author_id=by,
                    device_id=device.id,
                    answers=filled,
                    context={},
                    reasons=dict(reasons) if reasons else None,
                    started_at=now - 20 * 60_000,
                    ended_at=now - 2 * 60_000,
                    received_at=now,
                    month=self.moments.month,
                    replaces_id=replaces,
                    review_state="waiting",
                    flags=dict(flags) if flags else None,
                )
            )
            if replaces:
                session.flush()
                earlier = session.get(SubmissionRow, (FEED, replaces))
                assert earlier is not None
                earlier.replaced_by_id = visit_id
            body = {
                "id": visit_id,
                "kind": "submission",
                "author": by,
                "form": form,
                "version": "3",
                "subject": subject,
                "answers": filled,
                "entities": [{"dataset": "households", "id": subject, "path": "/data"}],
            }
            session.add(self._operation(visit_id, "submission", subject, by, device.id, body))
            version = stored.entity.version + 1 if wrote else stored.entity.version
            session.add(self._effect(visit_id, subject, stored.entity.version, wrote or {}, version))
        if wrote:
            self.write(subject, by, wrote, operation=visit_id, source="submission")
        return visit_id

    def sent(self, session: Session, operation_id: str) -> OperationRow:
        """What was sent, as it is stored."""
        found = session.get(OperationRow, (FEED, operation_id))
        assert found is not None
        return found

    def submission(self, session: Session, visit_id: str) -> SubmissionRow:
        """A visit, as it is stored."""
        row = session.get(SubmissionRow, (FEED, visit_id))
        assert row is not None
        return row

    def _operation(
        self, operation_id: str, kind: str, subject: str, by: str, device: str, body: Mapping[str, Any]
    ) -> OperationRow:
        data = json.dumps(body).encode()
        return OperationRow(
            feed_id=FEED,
            id=operation_id,
            kind=kind,
            subject_id=subject,
            author_id=by,
            device_id=device,
            body=data,
            sha256=hashlib.sha256(data).hexdigest(),
            status="applied",
            received_at=self.moments.now,
            updated_at=self.moments.now,
        )

    def _effect(self, operation: str, subject: str, trunk: int, wrote: Values, result: int) -> EffectRow:
        return EffectRow(
            feed_id=FEED,
            operation_id=operation,
            ordinal=0,
            entity_id=subject,
            dataset="households",
            status="applied",
            base_version=trunk,
            trunk_version=trunk,
            changes=dict(wrote),
            result_version=result,
        )

    def write(
        self, entity_id: str, by: str, wrote: Values, *, operation: str | None = None, source: str = "edit"
    ) -> str:
        """Change values of an entity as somebody's operation; returns that operation."""
        now = self.moments.now
        with self.ctx.db.write() as session:
            stored = entities.load(session, FEED, [entity_id])[entity_id]
            if operation is None:
                operation = self.ctx.new_id()
                device = people.devices_of(session, by)[0]
                session.add(self._operation(operation, "edit", stored.subject_id, by, device.id, {}))
            old = stored.entity
            entity = Entity(old.id, old.version + 1, {**old.properties, **wrote}, decided=old.decided)
            shelf = entities.Stored(
                entity, stored.dataset, stored.subject_id, stored.area_id, stored.label, stored.created_at
            )
            new = entities.NewVersion(shelf, old.version, list(wrote), source, now, operation, by)
            entities.write_version(session, FEED, new, 1)
            told = NewChange(
                stored.subject_id, "entity", entity_id, now, version=entity.version, operation_id=operation
            )
            changes.append(session, FEED, [told])
        return operation

    def conflict(self, entity_id: str, first: str, second: str, current: Values, candidate: Values) -> str:
        """Two people changed the same values without seeing each other: the first one's stand, the other waits."""
        with self.ctx.db.read() as session:
            before = entities.load(session, FEED, [entity_id])[entity_id]
        current_operation = self.visit(before.subject_id, first, wrote=current)
        candidate_operation = self.visit(before.subject_id, second)
        conflict_id, names = self.ctx.new_id(), list(candidate)
        with self.ctx.db.write() as session:
            session.add(
                ConflictRow(
                    id=conflict_id,
                    feed_id=FEED,
                    entity_id=entity_id,
                    subject_id=before.subject_id,
                    dataset=before.dataset,
                    names=names,
                    base={name: before.entity.properties.get(name) for name in names},
                    current=dict(current),
                    candidate=dict(candidate),
                    base_version=before.entity.version,
                    current_version=before.entity.version + 1,
                    candidate_operation_id=candidate_operation,
                    current_operation_id=current_operation,
                    severity="hard",
                    state="open",
                    opened_at=self.moments.now,
                    version=1,
                )
            )
        return conflict_id

    def photo(
        self, visit_id: str, subject: str, ref: str, sha256: str, state: str = "missing", size: int = 180_000
    ) -> None:
        """A slot of a visit that names a photo."""
        with self.ctx.db.write() as session:
            session.add(
                AttachmentRow(
                    feed_id=FEED,
                    submission_id=visit_id,
                    ref=ref,
                    sha256=sha256,
                    bytes=size,
                    type="image/jpeg",
                    subject_id=subject,
                    state=state,
                )
            )
