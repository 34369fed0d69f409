"""The end of a sheet: what it held goes once the county's days for it are over, and with it the way back.

A sheet of households holds identity numbers and telephones in full, those of rows that were refused among them. Its
rows keep their numbers and fates, so that the history of imports still says what each did.
"""

from __future__ import annotations

from fieldsvc.services.context import Context
from fieldsvc.store import import_lines

#: Rows emptied in one transaction; each is a write of one row, and phones that push wait for it.
AT_ONCE = 1000
#: What becomes of an import whose sheet is gone, by how it stood. One that began nothing is as good as given up.
_ENDS = {"mapping": "dropped", "checked": "dropped", "failed": "dropped"}
_ENDS |= {"done": "closed", "stopped": "closed", "undo-stopped": "closed"}


def empty(ctx: Context, feed_id: str, before: int) -> int:
    """Empty the sheets of imports that ended before this moment; how many there were."""
    with ctx.db.read() as session:
        ids = import_lines.over(session, feed_id, before)
    return sum(_end(ctx, feed_id, import_id) for import_id in ids)


def _end(ctx: Context, feed_id: str, import_id: str) -> bool:
    """Close it first: nobody may take back what is half emptied. Whether nobody was at it meanwhile."""
    with ctx.db.write() as session:
        row = import_lines.get(session, feed_id, import_id, lock=True)
        if row is None or row.state in import_lines.BUSY:
            return False
        import_lines.set_state(session, import_id, state=_ENDS.get(row.state, row.state))
        import_lines.empty_headings(session, import_id)
        import_lines.forget_file(session, import_id)
    while numbers := _left(ctx, import_id):
        with ctx.db.write() as session:
            import_lines.empty(session, import_id, numbers)
    return True


def _left(ctx: Context, import_id: str) -> list[int]:
    with ctx.db.read() as session:
        return import_lines.still_say(session, import_id, AT_ONCE)
