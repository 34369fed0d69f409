"""An eye on every statement that answers a phone: none finds its rows in a table that grows by the county alone.

A phone's sync must cost the same in the hundredth month as in the first. SQLite chooses its way by the shape of a
statement: an `ORDER BY` that fits another index, or pairs in an `IN`, and it reads a county's whole history for three
rows, in a test of three rows as quickly as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from fieldsvc.store.engine import Database

#: Tables of which a county has as many rows as visits, records, people times households, or more.
GROWING = {
    *("attachments", "audit", "blobs", "changes", "claims", "deadlines", "effects", "entities", "entity_versions"),
    *("fingerprints", "operations", "places", "scope", "submissions"),
}
_STEP = re.compile(r"(?:SCAN|SEARCH) (\w+?)(?:_\d+)?(?: .*)?")
#: Statements that were looked at, whatever the number of their parameters: a plan is the same for all stories.
_LOOKED_AT: set[str] = set()


@contextmanager
def watched(db: Database) -> Iterator[None]:
    """Look at the plans of what is sent within the block, of each statement once; raises where one is too dear."""
    sent: dict[str, Any] = {}

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, many: bool) -> None:
        sent.setdefault(statement, parameters[0] if many else parameters)

    if not db.is_sqlite:
        yield
        return
    engines = (db.write_engine, db.read_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    _look_at(db, sent)


def _look_at(db: Database, sent: dict[str, Any]) -> None:
    new = {statement: given for statement, given in sent.items() if _shape(statement) not in _LOOKED_AT}
    if not new:
        return
    with db.read() as session:
        for statement, parameters in new.items():
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            dear = [row.detail for row in plan if _is_dear(row.detail)]
            assert not dear, f"{dear} for {statement}"
            _LOOKED_AT.add(_shape(statement))


def _shape(statement: str) -> str:
    """A statement, the same for four things as for a hundred; for one or two SQLite may plan otherwise."""
    return re.sub(r"((\(\?(, \?)*\)|\?)(, (\(\?(, \?)*\)|\?)){3})(, (\(\?(, \?)*\)|\?))+", r"\1", statement)


def _is_dear(step: str) -> bool:
    found = _STEP.fullmatch(step)
    return bool(found and found[1] in GROWING and (step.startswith("SCAN") or "(feed_id=?)" in step))
