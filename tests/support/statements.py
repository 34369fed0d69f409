"""Which SQL statements were sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from fieldsvc.services.context import Context


@contextmanager
def statements(ctx: Context) -> Iterator[list[str]]:
    """The SQL statements sent within the block."""
    seen: list[str] = []
    engines = {id(e): e for e in (ctx.db.write_engine, ctx.db.read_engine)}.values()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
