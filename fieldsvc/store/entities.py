"""Entities as the merge engine speaks of them, and their versions; every advance is compare-and-set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    String,
    and_,
    bindparam,
    column,
    insert,
    select,
    update,
    values,
)
from sqlalchemy.orm import Session

from fieldsvc.store.places import keep as places
from fieldsvc.store.run import FEED, columns, many, rows, table, write_all
from fieldsvc.store.tables import EntityRow, EntityVersionRow
from sync.model import Entity, Properties


class StaleVersion(Exception):
    """Somebody else advanced an entity between our reading and our writing: decide again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An entity with what the engine need not know: its dataset, subject, area and label.

    `begun_by` is the operation that began it anew, from a screen on which it was already: it was lost with a restored
    backup, and what had made it came later, or has still to come. Only `load` knows.
    """

    entity: Entity
    dataset: str
    subject_id: str
    area_id: str | None
    label: str
    created_at: int
    practice: bool = False
    begun_by: str | None = None


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


_entities, _versions = columns(EntityRow), columns(EntityVersionRow)
_LOAD = select(
    _entities.id,
    _entities.version,
    _entities.properties,
    _entities.deleted,
    _entities.merged_into,
    _entities.decided,
    _entities.dataset,
    _entities.subject_id,
    _entities.area_id,
    _entities.label,
    _entities.created_at,
    _entities.practice,
).where(_entities.feed_id == FEED)
_BEGUN_BY = (
    select(_versions.operation_id)
    .where(
        _versions.feed_id == FEED,
        _versions.entity_id == _entities.id,
        _versions.version == 1,
        _versions.trunk_version > 0,
    )
    .correlate(table(EntityRow))
    .scalar_subquery()
)
_LOAD_BY_ID = _LOAD.add_columns(_BEGUN_BY.label("begun_by")).where(_entities.id.in_(many("ids")))
_LOAD_BY_SUBJECT = _LOAD.where(_entities.subject_id == bindparam("subject")).order_by(_entities.id)
_LOAD_PARTS = _LOAD.where(_entities.subject_id.in_(many("subjects")), _entities.dataset.in_(many("datasets")))
_MOST: BindParameter[int] = bindparam("most", type_=Integer())
_LOAD_BY_DATASET = (
    _LOAD.where(_entities.dataset == bindparam("dataset"), _entities.id > bindparam("after"))
    .order_by(_entities.id)
    .limit(_MOST)
)
_INSERT, _INSERT_VERSION = insert(table(EntityRow)), insert(table(EntityVersionRow))
_ADVANCE = update(table(EntityRow)).where(
    _entities.feed_id == FEED, _entities.id == bindparam("entity"), _entities.version == bindparam("was")
)


def _stored(row: Any) -> Stored:
    entity = Entity(row.id, row.version, row.properties, row.deleted, row.merged_into, row.decided or {})
    where = (row.dataset, row.subject_id, row.area_id, row.label)
    return Stored(entity, *where, row.created_at, row.practice, getattr(row, "begun_by", None))


def load(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, Stored]:
    """These entities, and the survivors of those that were merged into another, by id."""
    found: dict[str, Stored] = {}
    wanted = set(ids)
    while wanted:
        new = {row.id: _stored(row) for row in rows(session, _LOAD_BY_ID, feed=feed_id, ids=list(wanted))}
        found |= new
        wanted = {s.entity.merged_into for s in new.values() if s.entity.merged_into} - set(found)
    return found


def of_subject(session: Session, feed_id: str, subject_id: str) -> list[Stored]:
    """Everything that travels with a subject, the subject itself included, gone or not."""
    return [_stored(row) for row in rows(session, _LOAD_BY_SUBJECT, feed=feed_id, subject=subject_id)]


def of_subjects(
    session: Session, feed_id: str, subject_ids: Collection[str], datasets: Collection[str]
) -> dict[str, Stored]:
    """The entities of these datasets that travel with these subjects, by id."""
    if not subject_ids or not datasets:
        return {}
    found = rows(session, _LOAD_PARTS, feed=feed_id, subjects=list(subject_ids), datasets=list(datasets))
    return {row.id: _stored(row) for row in found}


def of_dataset(session: Session, feed_id: str, dataset: str, most: int = 500) -> Iterator[list[Stored]]:
    """Every record of a dataset, gone or not, some at a time."""
    after = ""
    while some := [
        _stored(row) for row in rows(session, _LOAD_BY_DATASET, feed=feed_id, dataset=dataset, after=after, most=most)
    ]:
        yield some
        after = some[-1].entity.id


def versions(session: Session, feed_id: str, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], Properties]:
    """The properties of these `(entity, version)`."""
    if not wanted:
        return {}
    # Joined, because SQLite finds no index for pairs in an IN: it would read every version the county ever had.
    asked = values(column("entity_id", String), column("version", BigInteger)).data(list(wanted)).cte("wanted")
    found = session.execute(
        select(EntityVersionRow.entity_id, EntityVersionRow.version, EntityVersionRow.properties)
        .join(
            asked,
            and_(asked.c.entity_id == EntityVersionRow.entity_id, asked.c.version == EntityVersionRow.version),
        )
        .where(EntityVersionRow.feed_id == feed_id)
    )
    return {(row.entity_id, row.version): row.properties for row in found}


def produced_by(session: Session, feed_id: str, operation_ids: Collection[str]) -> dict[str, list[tuple[str, int]]]:
    """The `(entity, version)` that each of these operations wrote, newest first."""
    found: dict[str, list[tuple[str, int]]] = {id_: [] for id_ in operation_ids}
    if operation_ids:
        ordered = session.execute(
            select(EntityVersionRow.operation_id, EntityVersionRow.entity_id, EntityVersionRow.version)
            .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.operation_id.in_(list(operation_ids)))
            .order_by(EntityVersionRow.version.desc(), EntityVersionRow.entity_id)
        )
        for row in ordered:
            found[row.operation_id].append((row.entity_id, row.version))
    return found


def last_writer(session: Session, feed_id: str, entity_id: str, names: Collection[str]) -> str | None:
    """The operation that last changed one of these properties, if it was one."""
    found = session.execute(
        select(EntityVersionRow.operation_id, EntityVersionRow.changed)
        .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.entity_id == entity_id)
        .order_by(EntityVersionRow.version.desc())
    )
    return next((row.operation_id for row in found if not set(names).isdisjoint(row.changed)), None)


def written_by(session: Session, feed_id: str, entity_id: str) -> list[tuple[str | None, Sequence[str]]]:
    """The operation that wrote each version of an entity, none where an office did, with what it changed: in order."""
    found = session.execute(
        select(EntityVersionRow.operation_id, EntityVersionRow.changed)
        .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.entity_id == entity_id)
        .order_by(EntityVersionRow.version)
    )
    return [(row.operation_id, row.changed) for row in found]


def last_authors(session: Session, feed_id: str, entity_id: str) -> dict[str, str | None]:
    """Who was the last to change each property of an entity."""
    found = session.execute(
        select(EntityVersionRow.author_id, EntityVersionRow.changed)
        .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.entity_id == entity_id)
        .order_by(EntityVersionRow.version)
    )
    return {name: row.author_id for row in found for name in row.changed}


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
    write_all(session, _INSERT, created)
    for id_, new in last.items():
        if was[id_] != 0:
            _advance(session, feed_id, new, was[id_], positions)
    write_all(session, _INSERT_VERSION, [_version(feed_id, new) for new in written])
    homes = [(id_, new) for id_, new in last.items() if new.stored.dataset == places.HOUSEHOLDS]
    places.refresh(session, feed_id, [{"id": id_, **_mutable(new, positions)} for id_, new in homes])


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
        "practice": stored.practice,
        "decided": dict(entity.decided),
        "updated_at": new.at,
        "position": positions.get(entity.id, 0),
    }


def _advance(session: Session, feed_id: str, new: NewVersion, was: int, positions: dict[str, int]) -> None:
    parameters = {"feed": feed_id, "entity": new.stored.entity.id, "was": was, **_mutable(new, positions)}
    done = session.connection().execute(_ADVANCE, parameters)
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
