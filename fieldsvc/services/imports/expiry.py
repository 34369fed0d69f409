"""The end of a sheet: what it held goes once the county's days for it are over, and with it the way back.

A sheet of households holds identity numbers and telephones in full, those of rows that were refused among them. Its
rows keep their numbers and fates, so that the history of imports still says what each did.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from fieldsvc.services.context import Context
from fieldsvc.store import import_lines

#: Rows emptied in one transaction; each is a write of one row, and phones that push wait for it.
AT_ONCE = 1000
#: What becomes of an import whose sheet is gone, by how it stood. One that began nothing is as good as given up.
_ENDS = {"mapping": "dropped", "checked": "dropped", "failed": "dropped"}
_ENDS |= {"done": "closed", "stopped": "closed", "undo-stopped": "closed"}


def close(session: Session, feed_id: str, before: int) -> list[str]:
    """Close the imports that ended before this moment, those whose rows an earlier `empty` left too; their ids.

    First, because nobody may take back what is half emptied. The caller writes the log's line in the same transaction,
    and then empties them.
    """
    closed = []
    for import_id in import_lines.over(session, feed_id, before):
        row = import_lines.get(session, feed_id, import_id, lock=True)
        if row is None or row.state in import_lines.BUSY:
            continue
        import_lines.set_state(session, import_id, state=_ENDS.get(row.state, row.state))
        import_lines.empty_headings(session, import_id)
        import_lines.forget_file(session, import_id)
        closed.append(import_id)
    return closed


def empty(ctx: Context, closed: Iterable[str]) -> None:
    """Take what the sheets of these closed imports said out of their rows."""
    for import_id in closed:
        while numbers := _left(ctx, import_id):
            with ctx.db.write() as session:
                import_lines.empty(session, import_id, numbers)


def _left(ctx: Context, import_id: str) -> list[int]:
    with ctx.db.read() as session:
        return import_lines.still_say(session, import_id, AT_ONCE)
