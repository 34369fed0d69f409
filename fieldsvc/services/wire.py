"""How rows travel to a phone: the shapes of protocol clause 5, with empty values left out to save bytes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.store import definitions, form_shelf, pull

Item = dict[str, Any]


def entities(
    session: Session, feed_id: str, *, ids: Collection[str] = (), subjects: Collection[str] = ()
) -> list[Item]:
    """The present state of these entities, or of everything that travels with these subjects."""
    if not ids and not subjects:
        return []
    found = pull.entities(session, feed_id, ids=ids, subjects=subjects)
    waiting = pull.open_conflicts(session, feed_id, [row.id for row in found])
    origins: dict[str, dict[str, list[Any]]] = {}
    moved_on = [row.id for row in found if row.version > 1]
    for entity_id, changed, name, at in pull.later_changes(session, feed_id, moved_on):
        origins.setdefault(entity_id, {}).update({one: [name, at] for one in changed})
    return [_entity(row, waiting.get(row.id), origins.get(row.id)) for row in found]


def submissions(
    session: Session, feed_id: str, *, ids: Collection[str] = (), subjects: Collection[str] = (), since: int = 0
) -> list[Item]:
    """What the record's timeline shows of these submissions."""
    if not ids and not subjects:
        return []
    found = pull.submissions(session, feed_id, ids=ids, subjects=subjects, since=since)
    pictures = pull.photos(session, feed_id, [row.id for row in found])
    return [_submission(row, pictures.get(row.id)) for row in found]


def published(session: Session, person_id: str) -> list[Item]:
    """Every form and dataset this person's phone should have, the ones they try out among them."""
    forms = [
        {
            "kind": "form",
            "form": row.id,
            "version": row.version,
            "digest": row.digest,
            "title": row.title,
            "subject_dataset": row.subject_dataset,
        }
        for row in [*definitions.published_forms(session), *form_shelf.trials_of(session, person_id)]
    ]
    datasets = [_dataset(session, name, version) for name, version in definitions.newest_datasets(session)]
    return [*forms, *datasets]


def announcement(row: Any) -> Item:
    """A feed row that tells of a published form or dataset."""
    name = "form" if row.kind == "form" else "name"
    return {"kind": row.kind, name: row.ref_id, **(row.data or {})}


def notice(row: Any) -> Item:
    """Something the person should be told, numbered by its place in the feed."""
    return {**(row.data or {}), "id": row.position, "at": row.at}


def gone(item: Item, subject: str) -> Item:
    """An entity as those see it whom it has left: not who wrote what since, nor what is in dispute there."""
    kept = {name: item[name] for name in ("kind", "dataset", "id", "version", "at")}
    return {**kept, "subject": subject, "properties": {}, "label": "", "by": "", "deleted": True}


def _dataset(session: Session, name: str, version: int) -> Item:
    row = definitions.dataset(session, name, version)
    return {"kind": "dataset", "name": name, "version": version, "digest": row.digest if row else ""}


def _entity(row: Any, waiting: list[str] | None, origin: dict[str, list[Any]] | None) -> Item:
    item: Item = {
        "kind": "entity",
        "dataset": row.dataset,
        "id": row.id,
        "subject": row.subject_id,
        "version": row.version,
        "properties": row.properties,
        "label": row.label,
        "at": row.updated_at,
        "by": row.written_by or "",
    }
    if row.deleted:
        item["deleted"] = True
    if row.merged_into:
        item["merged_into"] = row.merged_into
    if origin:
        item["origin"] = origin  # who said so and when, of every line that was changed since it was first entered
    if waiting:
        item["conflicts"] = sorted(set(waiting))
    return item


def _submission(row: Any, pictures: list[Item] | None) -> Item:
    item: Item = {
        "kind": "submission",
        "id": row.id,
        "form": row.form_id,
        "version": row.form_version,
        "subject": row.subject_id,
        "author": row.name or "",
        "author_id": row.author_id,
        "started_at": row.started_at,
        "received_at": row.received_at,
        "state": "withdrawn" if row.withdrawn_at is not None else row.review_state,
    }
    if row.replaces_id:
        item["replaces"] = row.replaces_id
    if row.replaced_by_id:
        item["replaced_by"] = row.replaced_by_id
    if pictures:
        item["photos"] = pictures
    return item
