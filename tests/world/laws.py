"""The laws of sync as questions to a database and its phones (`docs/invariants.md`). Each raises when broken."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import (
    ChangeRow,
    ConflictRow,
    EffectRow,
    EntityRow,
    EntityVersionRow,
    FeedRow,
    OperationRow,
    ScopeRow,
    SubmissionRow,
)
from tests.world.phone import TOOK_EFFECT, Phone

DECIDED_BY_PEOPLE = {"phone", "water", "bank", "account_no", "name", "health"}


def everything_holds(session: Session, phones: Iterable[Phone]) -> None:
    """All laws that hold at any moment, whatever is still on its way."""
    versions_have_no_gaps(session)
    positions_have_no_gaps(session)
    effects_happened_once(session)
    applied_visits_are_there(session)
    what_is_replaced_has_something_in_its_place(session)
    for phone in phones:
        receipts_are_kept(session, phone)
        no_value_is_lost(session, phone)


def receipts_are_kept(session: Session, phone: Phone) -> None:
    """What a phone has a receipt for is on the server, byte for byte."""
    for entry in phone.outbox.entries:
        if entry.settled and entry.status != "refused":
            row = session.scalar(select(OperationRow).where(OperationRow.id == entry.id))
            assert row is not None, f"operation {entry.id} was receipted ({entry.status}) and is not there"
            assert hashlib.sha256(row.body).hexdigest() == entry.sha256 == row.sha256


def versions_have_no_gaps(session: Session) -> None:
    """Versions of an entity are 1, 2, 3 …, and the entity is its last version."""
    rows = session.execute(
        select(EntityVersionRow.entity_id, EntityVersionRow.version, EntityVersionRow.properties).order_by(
            EntityVersionRow.entity_id, EntityVersionRow.version
        )
    )
    history: dict[str, list[tuple[int, object]]] = defaultdict(list)
    for entity, version, properties in rows:
        history[entity].append((version, properties))
    for entity in session.scalars(select(EntityRow)):
        versions = [number for number, _ in history[entity.id]]
        assert versions == list(range(1, entity.version + 1)), f"{entity.id}: {versions} of {entity.version}"
        assert history[entity.id][-1][1] == entity.properties, f"{entity.id} is not its last version"


def positions_have_no_gaps(session: Session) -> None:
    """The feed is numbered 1, 2, 3 … up to its counter."""
    for feed in session.scalars(select(FeedRow)):
        positions = list(
            session.scalars(select(ChangeRow.position).where(ChangeRow.feed_id == feed.id).order_by(ChangeRow.position))
        )
        assert positions == list(range(1, feed.position + 1))


def effects_happened_once(session: Session) -> None:
    """No operation wrote two versions of an entity it names once, and none that waits wrote any."""
    lives = _lives(session)
    wanted = Counter(
        (operation, one)
        for operation, entity in session.execute(select(EffectRow.operation_id, EffectRow.entity_id))
        for one in lives(entity)
    )
    versions = session.execute(
        select(EntityVersionRow.operation_id, EntityVersionRow.entity_id).where(
            EntityVersionRow.operation_id.is_not(None), EntityVersionRow.source.in_(("submission", "edit"))
        )
    )
    written = Counter(map(tuple, versions))
    status = _mapping(session.execute(select(OperationRow.id, OperationRow.status)))
    for (operation, entity), times in written.items():
        if operation in status:
            assert times <= wanted[(operation, entity)], f"{operation} wrote {entity} {times} times"
            assert status[operation] in TOOK_EFFECT, f"{operation} is {status[operation]} and wrote {entity}"


def applied_visits_are_there(session: Session) -> None:
    """An applied submission has its row: the visit itself, not what it wrote alone."""
    applied = select(OperationRow.id).where(
        OperationRow.kind == "submission",
        OperationRow.status.in_(sorted(TOOK_EFFECT)),
        OperationRow.id.not_in(select(SubmissionRow.id)),
    )
    lost = sorted(session.scalars(applied))
    assert not lost, f"receipted as applied and not among the visits: {lost}"


def what_is_replaced_has_something_in_its_place(session: Session) -> None:
    """A visit is ended for an amendment, or shown as amended, only where the last of the chain stands.

    Ended it was for one that is in effect; shown as amended it may be by one that is still held. What was taken back
    is no visit any more.
    """
    operations = {row.id: row for row in session.scalars(select(OperationRow))}
    visits = {row.id: row for row in session.scalars(select(SubmissionRow))}
    for visit in visits.values():
        operation = operations.get(visit.id)
        if operation is None or visit.withdrawn_at is not None:
            continue
        last, met = visit, {visit.id}
        while last.replaced_by_id and last.replaced_by_id not in met:
            met.add(last.replaced_by_id)
            last = visits[last.replaced_by_id]
        status = operations[last.id].status if last.id in operations else None
        if operation.status == "refused" and (operation.problem or {}).get("code") == "replaced":
            assert status in TOOK_EFFECT, f"{visit.id} was ended for {last.id}, which is {status}"
        elif operation.status != "refused" and last is not visit:
            assert status in {*TOOK_EFFECT, "held"}, f"{visit.id} is hidden behind {last.id}, which is {status}"


def no_value_is_lost(session: Session, phone: Phone) -> None:
    """Every value this phone had a receipt for is in a version, waits in a conflict, or waits with its operation.

    Asked of properties that people decide about (policy `review`): the other policies may blend two values into a
    third. A later word of the same phone about the same property replaces an earlier one.
    """
    kept: dict[str, list[Mapping[str, str | None]]] = defaultdict(list)
    for row in session.scalars(select(EntityVersionRow)):
        kept[row.entity_id].append(row.properties)
    for conflict in session.scalars(select(ConflictRow)):
        kept[conflict.entity_id].append(conflict.candidate)
    lives = _lives(session)
    said_later: set[tuple[str, str]] = set()
    for entry in reversed(phone.outbox.entries):
        for touch in entry.touches:
            for name, value in touch.changes.items():
                if name in DECIDED_BY_PEOPLE and entry.status in TOOK_EFFECT and (touch.entity, name) not in said_later:
                    # What was never set and what was blanked are the same blank.
                    places = [place for one in lives(touch.entity) for place in kept[one]]
                    assert any((place.get(name) or None) == value for place in places), f"{name} of {entry.id} is lost"
                said_later.add((touch.entity, name))


def _lives(session: Session) -> Callable[[str], list[str]]:
    """Who has stood for an entity: itself, and after merges each one in its chain. Work may have met any of them."""
    into = _mapping(session.execute(select(EntityRow.id, EntityRow.merged_into)))

    def lives(entity: str) -> list[str]:
        chain = [entity]
        while into.get(chain[-1]):
            chain.append(into[chain[-1]])
        return chain

    return lives


def _mapping(rows: Iterable[Any]) -> dict[Any, Any]:
    return {key: value for key, value in rows}  # noqa: C416 - dict() takes a result for a mapping


def replica_equals_server(session: Session, phone: Phone) -> None:
    """After quiescence a phone holds exactly the rows of its scope, in their last version, and owes nothing."""
    assert phone.outbox.waiting() == [], "a queue that did not drain"
    held = set(
        session.scalars(
            select(ScopeRow.subject_id).where(ScopeRow.person_id == phone.person_id, ScopeRow.revoked_pos.is_(None))
        )
    )
    assert phone.replica.subjects == held
    server = {
        row.id: (row.version, row.properties)
        for row in session.scalars(select(EntityRow).where(EntityRow.subject_id.in_(held)))
        if not row.deleted and row.merged_into is None
    }
    client = {
        entity: (row["version"], row["properties"])
        for entity, row in phone.replica.entities.items()
        if not row.get("deleted") and not row.get("merged_into")
    }
    assert client == server
    submissions = set(session.scalars(select(SubmissionRow.id).where(SubmissionRow.subject_id.in_(held))))
    assert set(phone.replica.submissions) <= submissions
