"""Which SQL statements were sent, and how the database means to answer them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from fieldsvc.services.context import Context


class Sent(str):
    """One statement as it was sent, with its parameters."""

    parameters: Any = ()


@contextmanager
def statements(ctx: Context) -> Iterator[list[Sent]]:
    """The SQL statements sent within the block."""
    seen: list[Sent] = []
    engines = {id(e): e for e in (ctx.db.write_engine, ctx.db.read_engine)}.values()

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        sent = Sent(statement)
        sent.parameters = parameters
        seen.append(sent)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def plan(ctx: Context, sent: Sent) -> list[str]:
    """The database's own plan for a statement, a step a line."""
    explained = "EXPLAIN QUERY PLAN" if ctx.db.is_sqlite else "EXPLAIN"
    with ctx.db.read_engine.connect() as connection:
        return [str(row[-1]) for row in connection.exec_driver_sql(f"{explained} {sent}", sent.parameters)]


def rows_read(ctx: Context, sent: Sent) -> int:
    """How many rows of every kind PostgreSQL looks at for a statement, found or not."""
    with ctx.db.read_engine.connect() as connection:
        answer = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sent}", sent.parameters)
        [[planned]] = answer.scalars()
    return rows_of(planned["Plan"])


def rows_of(node: dict[str, Any]) -> int:
    """The rows that the scans of a plan looked at."""
    below = sum(rows_of(one) for one in node.get("Plans", []))
    if "Scan" not in node["Node Type"]:
        return below
    return below + round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
