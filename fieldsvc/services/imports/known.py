"""Everything that the fates of some rows depend on, read in a fixed number of queries however many rows there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.imports.model import Row, Target
from fieldsvc.store import areas, conflict_rows, entities, imports
from fieldsvc.store.entities import Stored
from sync.model import Conflict


@dataclass(slots=True)
class Known:
    """What is known of some rows. `found` are records by the number in the row, of which there may be several."""

    before: dict[str, tuple[str, dict[str, Any]]]
    found: dict[str, list[str]]
    stored: dict[str, Stored]
    subjects: dict[str, Stored]
    conflicts: dict[str, list[Conflict]] = field(default_factory=dict)
    areas_by_code: dict[str, str] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)

    def record(self, row: Row) -> tuple[str | None, Stored | None, str]:
        """The id of a row's record, the record itself (of a merged one the survivor), and what is wrong."""
        if not row.key:
            return None, None, "key-missing"
        before, candidates = self.before.get(row.key), self.found.get(row.key, [])
        if before is None and len(candidates) > 1:
            return None, None, "key-ambiguous"
        entity_id = before[0] if before else candidates[0] if candidates else None
        was = self.stored.get(entity_id) if entity_id else None
        while was is not None and was.entity.merged_into:
            was = self.stored.get(was.entity.merged_into)
        return entity_id, was, ""


def load(session: Session, by: Actor, target: Target, rows: Sequence[Row]) -> Known:
    """What there is to know about these rows."""
    feed = by.feed_id
    keys = [row.key for row in rows]
    before = imports.remembered(session, feed, target.source, target.kind, keys)
    fresh = [key for key in keys if key not in before]
    named = target.key_property if fresh else None
    found = imports.by_property(session, feed, target.dataset, named, fresh) if named else {}
    ids = {entity_id for entity_id, _ in before.values()} | {one for many in found.values() for one in many}
    known = Known(before, found, entities.load(session, feed, ids), _subjects(session, feed, target, rows))
    for conflict in conflict_rows.open_of_entities(session, feed, list(known.stored)):
        known.conflicts.setdefault(conflict.entity_id, []).append(conflict)
    codes = areas.by_codes(session, feed, {row.area_code for row in rows if row.area_code})
    known.areas_by_code = {code: area.id for code, area in codes.items()}
    places = {stored.area_id for stored in [*known.stored.values(), *known.subjects.values()] if stored.area_id}
    paths = areas.paths(session, feed, places) | {area.id: area.path for area in codes.values()}
    known.reached = {area for area, path in paths.items() if access.may_in_area(by, Action.IMPORT, path)}
    return known


def _subjects(session: Session, feed: str, target: Target, rows: Sequence[Row]) -> dict[str, Stored]:
    """The households that member rows name, by the source's number or by the register's."""
    keys: Collection[str] = {row.subject_key for row in rows if row.subject_key is not None}
    if not keys:
        return {}
    said = imports.remembered(session, feed, target.source, target.subject_dataset, keys)
    ids = {key: entity_id for key, (entity_id, _) in said.items()}
    numbers = [key for key in keys if key not in ids]
    by_number = imports.by_property(session, feed, target.subject_dataset, target.subject_property, numbers)
    ids |= {key: found[0] for key, found in by_number.items() if len(found) == 1}
    stored = entities.load(session, feed, ids.values())
    return {key: stored[entity_id] for key, entity_id in ids.items() if entity_id in stored}
