"""An import at the server's command line: all rows at once, in batches of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fieldsvc.problems import TargetUnknown
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.desk_writing import attempt
from fieldsvc.services.imports import write
from fieldsvc.services.imports.decide import Decided
from fieldsvc.services.imports.model import Report, Row, Target
from fieldsvc.store import audit, imports

#: Rows per transaction, which every phone that pushes waits for: where the processor is short, the worker steps back
#: and holds the writer's turn the longer. Two hundred are a tenth cheaper, and keep a phone waiting twice as long.
BATCH = 100


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
    target = Target(source, dataset, key_property, subject_dataset, subject_property)
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
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]

        def work(session: Session, some: Sequence[Row] = some) -> list[Decided]:
            return write.batch(ctx, session, by, target, report.import_id, some)

        write.count(report, attempt(ctx, work))
    with ctx.db.write() as session:
        imports.finish(session, report.import_id, at=ctx.now_ms(), counts=report.counts())
    return report
