"""Imports as a desk sees them: upload a file, name its columns, read the fate of every row, begin, maybe take back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, PreconditionFailed
from fieldsvc.services import access, enrol, jobs
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.imports import kinds
from fieldsvc.services.imports.kinds import Kind, kind_of
from fieldsvc.services.imports.sheet import open_table
from fieldsvc.store import audit, import_lines, imports, people
from fieldsvc.store.tables import ImportLineRow, ImportRow

JOB = "import"
PAGE = 50
#: States in which a worker goes through the rows.
BUSY = import_lines.BUSY
#: States in which the rows have only their numbers and fates left: taken back, or kept for as long as sheets are.
EMPTIED = ("undone", "closed")
#: What may be asked for, in which states, and the state that follows each. Where rows are written nothing is dropped.
_STEPS = {
    "map": {"mapping": "reading", "checked": "reading", "failed": "reading"},
    "start": {"checked": "writing"},
    "go-on": {"stopped": "writing", "undo-stopped": "undoing"},
    "drop": {"mapping": "dropped", "checked": "dropped", "failed": "dropped"},
    "undo": {"done": "undoing", "stopped": "undoing"},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One import: its row, its kind, who it is by, how many rows have which fate, and what its columns may be."""

    row: ImportRow
    kind: Kind
    by: str
    counts: Mapping[str, int]
    fields: Mapping[str, Mapping[str, str]]
    mapping: Sequence[str]
    definition: Mapping[str, Any]


def upload(ctx: Context, by: Actor, *, kind: str, source: str, data: bytes, filename: str) -> str:
    """Keep a file with its headings, to be asked what its columns are; the import's id.

    Raises `sheet-unreadable`, `sheet-too-large`, `sheet-merged`, `not-allowed`.
    """
    access.require_anywhere(by, [Action.IMPORT])
    chosen = kind_of(kind)
    table = open_table(data, filename)
    first = [cells for _, cells in islice(table.rows, 3)]
    columns = [[heading, [cells[at] for cells in first]] for at, heading in enumerate(table.headings)]
    import_id, now = ctx.new_id(), ctx.now_ms()
    with ctx.db.write() as session:
        imports.begin(
            session,
            id=import_id,
            feed_id=by.feed_id,
            source=source,
            dataset=chosen.name,
            by_id=by.person_id,
            at=now,
            finished_at=None,
            counts={},
            state="mapping",
            filename=filename[-120:],
            headings=columns,
        )
        import_lines.keep_file(session, import_id, data)
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "import-upload", f"import:{import_id}")])
    return import_id


def show(ctx: Context, by: Actor, import_id: str) -> Shown:
    """One import. Raises `not-found` for those of others, except to whoever answers for the whole county."""
    with ctx.db.read() as session:
        row = _row(session, by, import_id)
        kind, known = kind_of(row.dataset), datasets(ctx, session)
        before = import_lines.last_mapping(session, by.feed_id, row.source, row.dataset)
        remembered = _chosen(before) if before is not None else None
        headings = [heading for heading, _ in row.headings or ()]
        return Shown(
            row,
            kind,
            people.names(session, [row.by_id]).get(row.by_id, ""),
            import_lines.counts(session, import_id),
            kinds.fields(kind, known),
            row.mapping or kinds.guess(kind, known, headings, remembered),
            kinds.definition(kind, known),
        )


def lines(ctx: Context, by: Actor, import_id: str, fate: str, after: int, most: int = PAGE) -> list[ImportLineRow]:
    """Some rows with their fates, those of one fate or all, after a number of the sheet."""
    with ctx.db.read() as session:
        _row(session, by, import_id)
        return import_lines.some(session, import_id, after, most, [fate] if fate else ())


def all_of(ctx: Context, by: Actor, import_id: str, fate: str) -> Iterator[ImportLineRow]:
    """All rows of one fate, never all in memory."""
    after = 0
    while some := lines(ctx, by, import_id, fate, after, 1000):
        yield from some
        after = some[-1].number


def history(ctx: Context, by: Actor, after: tuple[int, str] | None = None) -> tuple[list[ImportRow], dict[str, str]]:
    """A page of imports, the newest first and one more than fits, and who they are by."""
    access.require_anywhere(by, [Action.IMPORT])
    with ctx.db.read() as session:
        whole = access.supervised_areas(session, by, Action.IMPORT) is None
        rows = import_lines.history(session, by.feed_id, None if whole else by.person_id, after, PAGE + 1)
        return rows, people.names(session, [row.by_id for row in rows])


def name_columns(ctx: Context, by: Actor, import_id: str, mapping: Sequence[str]) -> list[str]:
    """Say which field each column is, and let every row be looked at; the fields still missing, and then nothing is."""
    with ctx.db.write() as session:
        row = _row(session, by, import_id, lock=True)
        kind = kind_of(row.dataset)
        offered = kinds.fields(kind, datasets(ctx, session))
        chosen = [name if name in offered and name not in mapping[:at] else "" for at, name in enumerate(mapping)]
        lacking = kinds.missing(kind, chosen)
        if not lacking:
            _step(ctx, session, by, row, "map", mapping=chosen[: len(row.headings or ())])
        return lacking


def act(ctx: Context, by: Actor, import_id: str, step: str) -> None:
    """Begin the import (`start`), give it up (`drop`), take it back (`undo`), or go on where a worker stopped.

    Raises `changed-meanwhile` when it is not in a state for that any more: somebody else was quicker.
    """
    if step not in ("start", "go-on", "drop", "undo"):
        raise NotFound
    with ctx.db.write() as session:
        _step(ctx, session, by, _row(session, by, import_id, lock=True), step)


def _step(ctx: Context, session: Session, by: Actor, row: ImportRow, step: str, **values: Any) -> None:
    state = _STEPS[step].get(row.state)
    if state is None:
        raise PreconditionFailed(state=row.state)
    now = ctx.now_ms()
    if row.state == "stopped" and step == "undo":
        # What no worker came to was never written: somebody may have written the same value since, and it stays.
        import_lines.forget(session, row.id, after=row.done)
    values |= {} if step == "go-on" else {"done": 0}
    carried_by = row.by_id if _may(ctx, session, row.by_id) else by.person_id
    import_lines.set_state(session, row.id, state=state, problem=None, by_id=carried_by, **values)
    if state in BUSY:
        jobs.add(session, ctx, row.feed_id, JOB, {"import": row.id})
    else:
        import_lines.forget(session, row.id)
        import_lines.forget_file(session, row.id)
        import_lines.empty_headings(session, row.id)  # the first rows stand under them
    audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, f"import-{step}", f"import:{row.id}")])


def _may(ctx: Context, session: Session, person_id: str) -> bool:
    """Whether the worker can go on with this person's rights; else whoever presses the button answers for it."""
    importer = enrol.actor_within(ctx, session, person_id)
    return importer is not None and bool(access.area_paths(importer, Action.IMPORT))


def _row(session: Session, by: Actor, import_id: str, *, lock: bool = False) -> ImportRow:
    """An import for whoever may see it. A step locks it: two pressed at once would both make a job."""
    access.require_anywhere(by, [Action.IMPORT])
    row = import_lines.get(session, by.feed_id, import_id, lock=lock)
    if row is None or row.dataset not in kinds.kinds():
        raise NotFound
    if row.by_id != by.person_id and access.supervised_areas(session, by, Action.IMPORT) is not None:
        raise NotFound
    return row


def _chosen(row: ImportRow) -> dict[str, str]:
    return {heading: name for (heading, _), name in zip(row.headings or (), row.mapping or (), strict=False)}
