"""Writing what was decided of some rows: versions, conflicts, what the source said, and where it still differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import Writing
from fieldsvc.services.imports import compare
from fieldsvc.services.imports.decide import Decided, Deciding
from fieldsvc.services.imports.model import Fate, Report, Row, Target
from fieldsvc.store import differences, imports
from sync.decide import Conflicted
from sync.model import Properties


def batch(
    ctx: Context, session: Session, by: Actor, target: Target, import_id: str, rows: Sequence[Row]
) -> list[Decided]:
    """Decide these rows and write them, in the caller's transaction."""
    operation = f"import:{import_id}"
    decided = dry(ctx, session, by, target, operation, rows)
    writing = Writing.by(ctx, session, by, source="import")
    writing.operation_id = operation
    for each in decided:
        if each.outcome is not None and each.place is not None:
            writing.outcome(each.place, each.was, each.outcome)
    _remember(session, by, target, import_id, decided)
    writing.finish()
    return decided


def dry(
    ctx: Context, session: Session, by: Actor, target: Target, operation: str, rows: Sequence[Row]
) -> list[Decided]:
    """What would become of these rows."""
    if target.compared:
        return compare.run(ctx, session, by, target, rows)
    return Deciding(ctx, session, by, target, operation).run(rows)


def count(report: Report, decided: Sequence[Decided]) -> None:
    """Add the fates of these rows to a report."""
    for each in decided:
        fate, outcome = each.line.fate, each.outcome
        if fate is Fate.ERROR:
            report.refused.append((each.row.key, each.line.code))
            continue
        report.created += fate is Fate.NEW
        report.changed += each.was is not None and outcome is not None and outcome.advanced
        report.unchanged += fate in (Fate.UNCHANGED, Fate.KEPT) and outcome is None
        report.conflicts += len(outcome.opened) if isinstance(outcome, Conflicted) else 0
        report.differences += len(each.reading.differences) if each.reading else 0


def _remember(session: Session, by: Actor, target: Target, import_id: str, decided: Sequence[Decided]) -> None:
    mine = {"feed_id": by.feed_id, "source": target.source, "import_id": import_id}
    listed = {**mine, "roster": target.kind}
    said: list[dict[str, Any]] = []
    different: dict[tuple[str, str], dict[str, Any]] = {}
    known: set[str] = set()
    for each in decided:
        if each.place is None or (each.reading is None and each.line.fate is not Fate.THERE):
            continue
        where = {"ref": each.place.entity.id, "area_id": each.place.area_id, "label": each.place.label}
        if each.reading is None:
            alone = {"part": differences.THERE, "recorded": {}, "imported": dict(each.line.after or {})}
            different[where["ref"] or "", ""] = {**listed, **where, "names": "", **alone}
            continue
        if each.line.said is not None:
            known.add(each.row.key)
        entity_id, remembered = each.place.entity.id, _plain(each.reading.remembered)
        what = {"dataset": target.kind, "key": each.row.key, "entity_id": entity_id, "remembered": remembered}
        said.append({**mine, **what})
        for one in each.reading.differences:
            values = {"recorded": _plain(one.current), "imported": _plain(one.imported)}
            names = " ".join(one.names)
            different[entity_id, names] = {**listed, **where, "names": names, "part": differences.DIFFERENT, **values}
    imports.remember(session, said, known)
    touched = [row["entity_id"] for row in said] + [ref for ref, _ in different]
    differences.replace(session, by.feed_id, target.source, target.kind, touched, list(different.values()))


def _plain(properties: Properties) -> dict[str, str | None]:
    return dict(properties)
