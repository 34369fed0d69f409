"""The worker's part: an import is read, checked, written or taken back a hundred rows at a time, or fewer.

Each slice is a job of its own, so that photos and deadlines have their turn between two, and each batch a transaction
of its own, so that phones do; where one held them for long the next is shorter. What was done is noted in the same
transaction: a worker that dies is continued by the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import Problem
from fieldsvc.services import enrol, jobs
from fieldsvc.services.access import Action, Actor, area_paths
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.desk_writing import attempt
from fieldsvc.services.imports import rosters, undo, write
from fieldsvc.services.imports.apply import BATCH
from fieldsvc.services.imports.decide import refused
from fieldsvc.services.imports.desk import JOB
from fieldsvc.services.imports.kinds import kind_of
from fieldsvc.services.imports.lists import LISTS
from fieldsvc.services.imports.model import GOOD, Fate, Row, Target
from fieldsvc.services.imports.pace import rows_after
from fieldsvc.services.imports.sheet import open_table
from fieldsvc.services.imports.values import Reader
from fieldsvc.store import audit, differences, import_lines
from fieldsvc.store.tables import ImportLineRow, ImportRow

#: Batches of one job, while they are whole ones.
SLICE = 10
#: Rows of a sheet that was taken back which are emptied for each that is taken back: a write of one row is a tenth.
EMPTIED = 10
_READ = "read"
#: Where some rows are written already: such an import is gone on with or taken back, never dropped.
_STOPPED = {"writing": "stopped", "undoing": "undo-stopped"}
_NEXT = {"reading": "checking", "checking": "checked", "writing": "done", "undoing": "undone"}


def work(ctx: Context, feed_id: str, payload: Mapping[str, Any]) -> None:
    """Go on with one import, and note a job for the rest."""
    import_id = str(payload["import"])
    with ctx.db.read() as session:
        row = import_lines.get(session, feed_id, import_id)
    if row is None or row.state not in _NEXT:
        return
    by = enrol.actor_of(ctx, row.by_id)
    if by is None or not area_paths(by, Action.IMPORT):
        _stop(ctx, row, "not-allowed")
        return
    rows = BATCH
    if row.state == "reading":
        _read(ctx, row)
    else:
        rows = _slice(ctx, by, row, int(payload.get("rows", BATCH)))
    with ctx.db.write() as session:
        again = import_lines.get(session, feed_id, import_id)
        if again is not None and again.state in _NEXT:
            jobs.add(session, ctx, feed_id, JOB, {"import": import_id, "rows": rows})


def give_up(ctx: Context, feed_id: str, payload: Mapping[str, Any]) -> None:
    """Stop an import over which every attempt failed: no button leads out of a state that waits for a worker."""
    with ctx.db.read() as session:
        row = import_lines.get(session, feed_id, str(payload["import"]))
    if row is not None and row.state in _NEXT:
        _stop(ctx, row, "gave-up")


def _read(ctx: Context, row: ImportRow) -> None:
    """Take the rows out of the file; begun anew when a worker died over it."""
    with ctx.db.write() as session:
        data = import_lines.file_of(session, row.id)
        import_lines.forget(session, row.id)
    number = 0
    try:
        table = open_table(data or b"", row.filename)
        some: list[dict[str, Any]] = []
        for at, cells in table.rows:
            some.append({"import_id": row.id, "number": at, "cells": cells, "key": "", "fate": _READ, "code": ""})
            some[-1] |= {"field": "", "entity_id": None, "before": None, "after": None, "said": None}
            number += 1
            if len(some) == 1000:
                with ctx.db.write() as session:
                    import_lines.add(session, some)
                some = []
        with ctx.db.write() as session:
            import_lines.add(session, some)
            import_lines.set_state(session, row.id, state="checking", total=number, done=0)
    except Problem as problem:
        _end(ctx, row, "failed", problem=problem.code)


def _slice(ctx: Context, by: Actor, row: ImportRow, rows: int) -> int:
    """What one job does, beginning with so many rows in a transaction; how many the next job begins with."""
    left = SLICE * BATCH
    while left > 0:
        done, took = _batch(ctx, by, row, min(rows, left))
        if not done:
            done, took = _emptied(ctx, row, min(rows, left))
        if not done:
            _end(ctx, row, _NEXT[row.state], by=by)
            break
        if done == rows:
            rows = rows_after(rows, took)
        left -= done
    return rows


def _batch(ctx: Context, by: Actor, row: ImportRow, most: int) -> tuple[int, int]:
    """One batch: how many rows there were, and the milliseconds for which it held everybody else who writes."""
    began = 0
    fates = {
        "checking": (),
        "writing": GOOD,
        "undoing": GOOD,
    }[row.state]

    def do(session: Session) -> int:
        nonlocal began
        began = ctx.now_ms()
        now = import_lines.get(session, row.feed_id, row.id, lock=True)
        assert now is not None
        backwards = row.state == "undoing" and row.dataset in LISTS and LISTS[row.dataset].backwards
        read = import_lines.from_the_end if backwards else import_lines.some
        some = read(session, row.id, now.done, most, fates)
        if not some or now.state != row.state:
            return 0
        if row.state == "undoing" and kind_of(row.dataset).fields:
            _undo_list(ctx, session, by, row, some)
        elif row.state == "undoing":
            undo.batch(ctx, session, by, row, some)
        else:
            _settle(ctx, session, by, row, some)
        place = some[-1].number
        done = import_lines.last_number(session, row.id) + 1 - place if backwards else place
        import_lines.set_state(session, row.id, done=done)
        return len(some)

    return attempt(ctx, do), ctx.now_ms() - began


def _emptied(ctx: Context, row: ImportRow, most: int) -> tuple[int, int]:
    """Take what the sheet said out of some rows of an import that was taken back; counted and timed as a batch is."""
    if row.state != "undoing":
        return 0, 0
    with ctx.db.read() as session:  # looked for outside the writer's turn
        numbers = import_lines.still_say(session, row.id, EMPTIED * most)
    if not numbers:
        return 0, 0
    with ctx.db.write() as session:
        began = ctx.now_ms()
        import_lines.empty(session, row.id, numbers)
    return -(-len(numbers) // EMPTIED), ctx.now_ms() - began


def _settle(ctx: Context, session: Session, by: Actor, row: ImportRow, some: Sequence[ImportLineRow]) -> None:
    kind = kind_of(row.dataset)
    reader = Reader(kind, datasets(ctx, session), row.mapping or ())
    read = [(line, *reader.row(line.cells)) for line in some]
    good = [one for _, one, code, _ in read if not code]
    if kind.fields:
        _settle_list(ctx, session, by, row, some, read)
        return
    target = Target(row.source, kind.dataset, kind.key, roster=kind.name, compared=kind.roster, says=kind.says)
    if row.state == "writing":
        decided = write.batch(ctx, session, by, target, row.id, good)
    else:
        decided = write.dry(ctx, session, by, target, f"import:{row.id}", good)
        twice = import_lines.keys_before(session, row.id, some[0].number, [one.key for one in good])
        decided = [refused(each.row, "key-twice") if each.row.key in twice else each for each in decided]
    fates = iter(decided)
    import_lines.settle(session, row.id, [_fate(line, one, code, field, fates) for line, one, code, field in read])


def _settle_list(
    ctx: Context,
    session: Session,
    by: Actor,
    row: ImportRow,
    some: Sequence[ImportLineRow],
    read: Sequence[tuple[ImportLineRow, Row, str, str]],
) -> None:
    """The same for a sheet that is no records."""
    earlier, twice = set[str](), set[str]()
    if row.state == "checking":
        twice = import_lines.keys_before(session, row.id, some[0].number, [one.key for _, one, _, _ in read])
        earlier = import_lines.keys_to_be(session, row.id)
    good = [refused(one, "key-missing") if not one.key else one for _, one, code, _ in read if not code]
    part = LISTS[row.dataset](ctx, session, by, row.state == "writing", earlier)
    found = iter(part.run([one for one in good if isinstance(one, Row)]))
    decided = [next(found) if isinstance(one, Row) else one for one in good]
    fates = iter([refused(one.row, "key-twice") if one.row.key in twice else one for one in decided])
    import_lines.settle(session, row.id, [_fate(line, one, code, field, fates) for line, one, code, field in read])


def _undo_list(ctx: Context, session: Session, by: Actor, row: ImportRow, some: Sequence[ImportLineRow]) -> None:
    """Take back a sheet that is no records, the last row first: a village goes before its town."""
    part = LISTS[row.dataset](ctx, session, by, True)
    ordered = some if part.backwards else reversed(some)
    wrote = [line for line in ordered if line.fate in (Fate.NEW, Fate.CHANGED)]
    stayed = [line for line in wrote if not part.undo(line)]
    import_lines.settle(session, row.id, [undo.note(line) for line in stayed])
    audit.append(session, by.feed_id, part.entries)
    part.undone()


def _fate(line: ImportLineRow, row: Row, code: str, field: str, decided: Any) -> dict[str, Any]:
    base = {"number": line.number, "key": row.key, "code": code, "field": field}
    if code:
        nothing = {"entity_id": None, "before": None, "after": None, "said": None}
        return {**base, "fate": Fate.ERROR.value, **nothing}
    one = next(decided).line
    before = dict(one.before) if one.before is not None else None
    after = dict(one.after) if one.after is not None else None
    said = dict(one.said) if one.said is not None else None
    return {
        **base,
        "fate": one.fate.value,
        "code": one.code,
        "entity_id": one.entity_id,
        "before": before,
        "after": after,
        "said": said,
    }


def _stop(ctx: Context, row: ImportRow, problem: str) -> None:
    """Say that nobody works on it any more. How far it came is kept where the register was changed."""
    with ctx.db.read() as session:
        now = import_lines.get(session, row.feed_id, row.id)
    if now is None or row.state not in _STOPPED or (row.state == "writing" and not now.done):
        _end(ctx, row, "failed", problem=problem)
        return
    with ctx.db.write() as session:
        import_lines.set_state(
            session,
            row.id,
            state=_STOPPED[row.state],
            problem=problem,
            counts=import_lines.counts(session, row.id),
            finished_at=ctx.now_ms(),
        )


def _end(ctx: Context, row: ImportRow, state: str, problem: str | None = None, by: Actor | None = None) -> None:
    with ctx.db.write() as session:
        kind = kind_of(row.dataset)
        if kind.roster and state == "done" and by is not None:
            rosters.settle(session, by, row, kind)
        if state == "undone":
            differences.forget(session, row.feed_id, row.source, row.dataset, row.id)
        counts = import_lines.counts(session, row.id)
        done = state in ("done", "undone", "failed")
        values = {"finished_at": ctx.now_ms()} if done else {}
        import_lines.set_state(session, row.id, state=state, done=0, counts=counts, problem=problem, **values)
        if state in ("done", "undone"):
            import_lines.forget_file(session, row.id)
        if state == "undone":
            import_lines.empty_headings(session, row.id)
