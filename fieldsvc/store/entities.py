"""Entities as the merge engine speaks of them, and their versions; every advance is compare-and-set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from fieldsvc.store.tables import EntityRow, EntityVersionRow
from sync.model import Entity, Properties


class StaleVersion(Exception):
    """Somebody else advanced an entity between our reading and our writing: decide again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An entity with what the engine need not know: its dataset, subject, area and label."""

    entity: Entity
    dataset: str
    subject_id: str
    area_id: str | None
    label: str
    created_at: int


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to write: the entity as it shall be, who did it, and where in whose branch."""

    stored: Stored
    was_version: int
    changed: Sequence[str]
    source: str
    at: int
    operation_id: str | None = None
    author_id: str | None = None
    device_id: str | None = None
    branch_id: str | None = None
    branch_version: int | None = None
    trunk_version: int | None = None


_COLUMNS = (
    EntityRow.id,
    EntityRow.version,
    EntityRow.properties,
    EntityRow.deleted,
    EntityRow.merged_into,
    EntityRow.decided,
    EntityRow.dataset,
    EntityRow.subject_id,
    EntityRow.area_id,
    EntityRow.label,
    EntityRow.created_at,
)


def _stored(row: Any) -> Stored:
    entity = Entity(row.id, row.version, row.properties, row.deleted, row.merged_into, row.decided or {})
    return Stored(entity, row.dataset, row.subject_id, row.area_id, row.label, row.created_at)


def load(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Stored]:
    """These entities, and the survivors of those that were merged into another, by id."""
    found: dict[str, Stored] = {}
    wanted = set(ids)
    while wanted:
        rows = session.execute(select(*_COLUMNS).where(EntityRow.feed_id == feed_id, EntityRow.id.in_(wanted)))
        new = {row.id: _stored(row) for row in rows}
        found |= new
        wanted = {s.entity.merged_into for s in new.values() if s.entity.merged_into} - set(found)
    return found


def of_subject(session: Session, feed_id: str, subject_id: str) -> list[Stored]:
    """Everything that travels with a subject, the subject itself included, gone or not."""
    rows = session.execute(
        select(*_COLUMNS).where(EntityRow.feed_id == feed_id, EntityRow.subject_id == subject_id).order_by(EntityRow.id)
    )
    return [_stored(row) for row in rows]


def versions(session: Session, feed_id: str, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], Properties]:
    """The properties of these `(entity, version)`."""
    if not wanted:
        return {}
    rows = session.execute(
        select(EntityVersionRow.entity_id, EntityVersionRow.version, EntityVersionRow.properties).where(
            EntityVersionRow.feed_id == feed_id,
            tuple_(EntityVersionRow.entity_id, EntityVersionRow.version).in_(list(wanted)),
        )
    )
    return {(row.entity_id, row.version): row.properties for row in rows}


def produced_by(session: Session, feed_id: str, operation_ids: Collection[str]) -> dict[str, list[tuple[str, int]]]:
    """The `(entity, version)` that each of these operations wrote, newest first."""
    found: dict[str, list[tuple[str, int]]] = {id_: [] for id_ in operation_ids}
    if operation_ids:
        rows = session.execute(
            select(EntityVersionRow.operation_id, EntityVersionRow.entity_id, EntityVersionRow.version)
            .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.operation_id.in_(list(operation_ids)))
            .order_by(EntityVersionRow.version.desc(), EntityVersionRow.entity_id)
        )
        for row in rows:
            found[row.operation_id].append((row.entity_id, row.version))
    return found


def last_writer(session: Session, feed_id: str, entity_id: str, names: Collection[str]) -> str | None:
    """The operation that last changed one of these properties, if it was one."""
    rows = session.execute(
        select(EntityVersionRow.operation_id, EntityVersionRow.changed)
        .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.entity_id == entity_id)
        .order_by(EntityVersionRow.version.desc())
    )
    return next((row.operation_id for row in rows if not set(names).isdisjoint(row.changed)), None)


def write_versions(session: Session, feed_id: str, written: Sequence[NewVersion], positions: dict[str, int]) -> None:
    """Write versions and the current rows they make; `positions`: the feed position of each entity's change.

    Raises `StaleVersion` when an entity is not at the version its next one was decided from.
    """
    last: dict[str, NewVersion] = {}
    was: dict[str, int] = {}
    for new in written:
        last[new.stored.entity.id] = new
        was.setdefault(new.stored.entity.id, new.was_version)
    created = [_current(feed_id, new, positions) for id_, new in last.items() if was[id_] == 0]
    if created:
        session.execute(insert(EntityRow), created)
    for id_, new in last.items():
        if was[id_] != 0:
            _advance(session, feed_id, new, was[id_], positions)
    if written:
        session.execute(insert(EntityVersionRow), [_version(feed_id, new) for new in written])


def write_version(session: Session, feed_id: str, new: NewVersion, position: int) -> None:
    """Write one version and the current row; see `write_versions`."""
    write_versions(session, feed_id, [new], {new.stored.entity.id: position})


def _current(feed_id: str, new: NewVersion, positions: dict[str, int]) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "id": new.stored.entity.id,
        "created_at": new.stored.created_at,
        **_mutable(new, positions),
    }


def _mutable(new: NewVersion, positions: dict[str, int]) -> dict[str, Any]:
    stored, entity = new.stored, new.stored.entity
    return {
        "dataset": stored.dataset,
        "subject_id": stored.subject_id,
        "area_id": stored.area_id,
        "version": entity.version,
        "properties": dict(entity.properties),
        "label": stored.label,
        "deleted": entity.deleted,
        "merged_into": entity.merged_into,
        "decided": dict(entity.decided),
        "updated_at": new.at,
        "position": positions.get(entity.id, 0),
    }


def _advance(session: Session, feed_id: str, new: NewVersion, was: int, positions: dict[str, int]) -> None:
    done: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(EntityRow)
        .where(EntityRow.feed_id == feed_id, EntityRow.id == new.stored.entity.id, EntityRow.version == was)
        .values(_mutable(new, positions))
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise StaleVersion(new.stored.entity.id)


def _version(feed_id: str, new: NewVersion) -> dict[str, Any]:
    entity = new.stored.entity
    return {
        "feed_id": feed_id,
        "entity_id": entity.id,
        "version": entity.version,
        "properties": dict(entity.properties),
        "changed": list(new.changed),
        "operation_id": new.operation_id,
        "author_id": new.author_id,
        "device_id": new.device_id,
        "at": new.at,
        "source": new.source,
        "branch_id": new.branch_id,
        "branch_version": new.branch_version,
        "trunk_version": new.trunk_version,
    }


def ids_in(stored: Iterable[Stored]) -> list[str]:
    """The ids of these entities."""
    return [each.entity.id for each in stored]
