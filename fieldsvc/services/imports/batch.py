"""Spreadsheets from other offices. A source is one more party that edits what it once saw (`sync/replica.py`).

Only cells the source itself changed since its last file are edits, so sending the same file again, or a file made
before the phones' corrections, reverts nothing. What still differs is listed for a person to compare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import TargetUnknown
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.desk_writing import Writing, attempt
from fieldsvc.store import areas, audit, conflict_rows, entities, imports
from fieldsvc.store.entities import Stored
from sync.decide import Case, Conflicted, Held, Review, decide
from sync.model import Action as Wanted
from sync.model import Edit, Entity, Properties, Rules, Writer
from sync.replica import Reading, read_row

#: Rows per transaction. A whole county in one would keep every phone waiting for the writer's lock.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet. `key` is the source's own number of the thing; `subject_key` the household's, of a member."""

    key: str
    values: Mapping[str, str | None]
    label: str = ""
    area_code: str | None = None
    subject_key: str | None = None


@dataclass(slots=True)
class Report:
    """What an import did. `refused` names rows that could not be read, each with a stable code."""

    import_id: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0
    differences: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers alone, for the record of the import."""
        names = ("created", "changed", "unchanged", "conflicts", "differences")
        return {name: getattr(self, name) for name in names} | {"refused": len(self.refused)}


def apply(
    ctx: Context,
    by: Actor,
    rows: Sequence[Row],
    *,
    source: str,
    dataset: str,
    key_property: str | None = None,
    subject_dataset: str = "households",
    subject_property: str = "hh_no",
) -> Report:
    """Import rows of one dataset from one source; records are found by the source's key, then by `key_property`.

    Rows are written in batches of their own, so phones sync meanwhile. An import that was cut short may be repeated:
    what was written is then what the source said last time.
    """
    access.require_anywhere(by, [Action.IMPORT])
    report = Report(ctx.new_id())
    with ctx.db.write() as session:
        if dataset not in datasets(ctx, session):
            raise TargetUnknown(dataset=dataset)
        now = ctx.now_ms()
        imports.begin(
            session,
            id=report.import_id,
            feed_id=by.feed_id,
            source=source,
            dataset=dataset,
            by_id=by.person_id,
            at=now,
            finished_at=None,
            counts={},
        )
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "import", f"import:{report.import_id}")])
    sheet = _Sheet(ctx, by, source, dataset, key_property, subject_dataset, subject_property)
    for start in range(0, len(rows), BATCH):
        sheet.write(rows[start : start + BATCH], report)
    with ctx.db.write() as session:
        imports.finish(session, report.import_id, at=ctx.now_ms(), counts=report.counts())
    return report


@dataclass(frozen=True, slots=True)
class _Sheet:
    ctx: Context
    by: Actor
    source: str
    dataset: str
    key_property: str | None
    subject_dataset: str
    subject_property: str

    def write(self, rows: Sequence[Row], report: Report) -> None:
        """Write one batch and add to the report; a batch that met another writer is counted once."""

        def work(session: Session) -> Report:
            batch = _Batch(self, session, Report(report.import_id))
            batch.run(rows)
            return batch.report

        done = attempt(self.ctx, work)
        for name in ("created", "changed", "unchanged", "conflicts", "differences"):
            setattr(report, name, getattr(report, name) + getattr(done, name))
        report.refused += done.refused


class _Batch:
    """Some rows, read and decided in one transaction."""

    def __init__(self, sheet: _Sheet, session: Session, report: Report) -> None:
        self.sheet, self.session, self.report = sheet, session, report
        self.feed_id = sheet.by.feed_id
        self.known: Datasets = datasets(sheet.ctx, session)
        self.rules: Rules = self.known.rules(sheet.dataset)
        self.writing = Writing.by(sheet.ctx, session, sheet.by, source="import")
        self.writing.operation_id = f"import:{report.import_id}"
        self.said: list[dict[str, Any]] = []
        self.different: dict[tuple[str, str], dict[str, Any]] = {}
        self.now: dict[str, Stored] = {}
        self._areas: dict[str, str | None] = {}

    def run(self, rows: Sequence[Row]) -> None:
        """Decide and write."""
        before = imports.remembered(
            self.session, self.feed_id, self.sheet.source, self.sheet.dataset, [row.key for row in rows]
        )
        found = self._found([row.key for row in rows if row.key not in before])
        ids = {entity_id for entity_id, _ in before.values()} | {one for many in found.values() for one in many}
        stored = entities.load(self.session, self.feed_id, ids)
        subjects = self._subjects(rows)
        done: set[str] = set()
        for row in rows:
            if row.key in done:
                self.report.refused.append((row.key, "key-twice"))
                continue
            done.add(row.key)
            self._row(row, before.get(row.key), found.get(row.key, []), stored, subjects)
        imports.remember(self.session, self.said, before.keys())
        touched = [said["entity_id"] for said in self.said]
        different = list(self.different.values())
        imports.set_differences(self.session, self.feed_id, self.sheet.source, touched, different)
        self.writing.finish()

    def _row(
        self,
        row: Row,
        before: tuple[str, dict[str, Any]] | None,
        candidates: Sequence[str],
        stored: Mapping[str, Stored],
        subjects: Mapping[str, Stored],
    ) -> None:
        if before is None and len(candidates) > 1:
            self.report.refused.append((row.key, "key-ambiguous"))
            return
        entity_id = before[0] if before else candidates[0] if candidates else None
        was = stored.get(entity_id) if entity_id else None
        while was is not None and was.entity.merged_into:
            was = stored.get(was.entity.merged_into)
        if was is not None:
            # Two rows of the sheet may be one household by now: the second meets what the first wrote.
            was = self.now.get(was.entity.id, was)
        place = was or self._new(row, entity_id, subjects)
        if place is None or not self._may(place.area_id):
            self.report.refused.append((row.key, "place-unknown"))
            return
        reading = read_row(dict(row.values), before[1] if before else None, was.entity if was else None, self.rules)
        self._remember(row.key, place.entity.id, reading)
        self._decide(row, place, was, reading)

    def _decide(self, row: Row, place: Stored, was: Stored | None, reading: Reading) -> None:
        if was is not None and not reading.changes:
            self.report.unchanged += 1
            return
        edit = Edit(
            place.entity.id,
            reading.changes,
            Wanted.UPDATE if was else Wanted.CREATE,
            operation_id=self.writing.operation_id or "",
            writer=Writer.IMPORT,
        )
        open_ones = tuple(conflict_rows.open_of_entities(self.session, self.feed_id, [place.entity.id]))
        outcome = decide(Case(edit, was.entity if was else None, reading.seen if was else {}, self.rules, open_ones))
        if isinstance(outcome, Held | Review):
            self.report.refused.append((row.key, "record-removed"))
            return
        label = row.label or self.known.label(self.sheet.dataset, outcome.entity.properties) or place.label
        self.writing.outcome(replace(place, label=label), was, outcome)
        self.now[place.entity.id] = replace(place, label=label, entity=outcome.entity)
        if isinstance(outcome, Conflicted):
            self.report.conflicts += len(outcome.opened)
        self.report.created += was is None
        self.report.changed += was is not None and outcome.advanced

    def _new(self, row: Row, entity_id: str | None, subjects: Mapping[str, Stored]) -> Stored | None:
        """Where a record nobody has yet would belong; nothing when the sheet does not say."""
        ctx, made_id = self.sheet.ctx, entity_id or self.sheet.ctx.new_id()
        if row.subject_key is not None:
            subject = subjects.get(row.subject_key)
            if subject is None:
                return None
            place, subject_id = subject.area_id, subject.entity.id
        else:
            area = areas.by_code(self.session, self.feed_id, row.area_code or "")
            if area is None:
                return None
            place, subject_id = area.id, made_id
        return Stored(Entity(made_id, 0, {}), self.sheet.dataset, subject_id, place, row.label, ctx.now_ms())

    def _found(self, keys: Sequence[str]) -> dict[str, list[str]]:
        if self.sheet.key_property is None or not keys:
            return {}
        return imports.by_property(self.session, self.feed_id, self.sheet.dataset, self.sheet.key_property, keys)

    def _subjects(self, rows: Sequence[Row]) -> dict[str, Stored]:
        """The households that member rows name, by the source's number or by the register's."""
        keys = {row.subject_key for row in rows if row.subject_key is not None}
        if not keys:
            return {}
        sheet = self.sheet
        ids = {
            key: entity_id
            for key, (entity_id, _) in imports.remembered(
                self.session, self.feed_id, sheet.source, sheet.subject_dataset, keys
            ).items()
        }
        numbers = keys - ids.keys()
        for key, found in imports.by_property(
            self.session, self.feed_id, sheet.subject_dataset, sheet.subject_property, numbers
        ).items():
            if len(found) == 1:
                ids[key] = found[0]
        stored = entities.load(self.session, self.feed_id, ids.values())
        return {key: stored[entity_id] for key, entity_id in ids.items() if entity_id in stored}

    def _may(self, area_id: str | None) -> bool:
        if area_id not in self._areas:
            area = areas.get(self.session, self.feed_id, area_id or "")
            self._areas[area_id or ""] = area.path if area else None
        path = self._areas.get(area_id or "")
        return access.may_in_area(self.sheet.by, Action.IMPORT, path)

    def _remember(self, key: str, entity_id: str, reading: Reading) -> None:
        mine = {"feed_id": self.feed_id, "source": self.sheet.source, "import_id": self.report.import_id}
        self.said.append(
            {
                **mine,
                "dataset": self.sheet.dataset,
                "key": key,
                "entity_id": entity_id,
                "remembered": _plain(reading.remembered),
            }
        )
        for one in reading.differences:
            values = {"recorded": _plain(one.current), "imported": _plain(one.imported)}
            names = " ".join(one.names)
            self.different[entity_id, names] = {**mine, "entity_id": entity_id, "names": names, **values}
        self.report.differences += len(reading.differences)


def _plain(properties: Properties) -> dict[str, str | None]:
    return dict(properties)
