"""Taking an import back: a counter-import, which undoes only what nobody has changed since.

What a cadre corrected after the import, a household that has been visited, a record that others belong to: they stay.
What the source had said before counts again, so that the next file of the source is read as if this one had not been.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.desk_writing import Writing
from fieldsvc.services.imports.model import Fate
from fieldsvc.store import conflict_rows, differences, entities, import_lines, imports
from fieldsvc.store.entities import Stored
from fieldsvc.store.tables import ImportLineRow, ImportRow
from sync.decide import Case, Written, decide
from sync.model import Action as Wanted
from sync.model import Edit, Writer

#: A row that could not be taken back whole: somebody has changed it since, or others belong to it.
STAYED = "changed-since"


def batch(ctx: Context, session: Session, by: Actor, row: ImportRow, some: Sequence[ImportLineRow]) -> None:
    """Take back what these rows wrote, in the caller's transaction."""
    feed, operation = row.feed_id, f"import:{row.id}"
    known = datasets(ctx, session)
    writing = Writing.by(ctx, session, by, source="import")
    writing.operation_id = f"{operation}/undo"
    stored = entities.load(session, feed, {line.entity_id for line in some if line.entity_id})
    used = import_lines.in_use(session, feed, [line.entity_id for line in some if line.fate == Fate.NEW])
    now = ctx.now_ms()
    for conflict_id in import_lines.conflicts_of(session, feed, operation, list(stored)):
        conflict_rows.end(session, conflict_id, state="superseded", reason="import-undone", at=now)
    stayed = []
    for line in some:
        was = stored.get(line.entity_id or "")
        if line.fate not in (Fate.NEW, Fate.CHANGED, Fate.CONFLICT) or was is None:
            continue
        rules = known.rules(was.dataset)
        new = line.before is None
        edit = _removal(was, used) if new else _reversal(line, was)
        if edit is None if new else _corrected(line, was):
            stayed.append(line)
        if edit is not None:
            outcome = decide(Case(edit, was.entity, was.entity.properties, rules))
            assert isinstance(outcome, Written), "what is undone as it stands contradicts nobody"
            writing.outcome(was, was, outcome)
    import_lines.settle(session, row.id, [note(line) for line in stayed])
    imports.forget_saying(session, feed, row.source, row.dataset, row.id, [one.key for one in some if one.said is None])
    again = [
        {"key": one.key, "remembered": one.said} for one in some if one.said is not None and one.fate != Fate.ERROR
    ]
    imports.say_as_before(session, feed, row.source, row.dataset, row.id, again)
    differences.replace(session, feed, row.source, row.dataset, list(stored), [])
    writing.finish()


def _removal(was: Stored, used: set[str]) -> Edit | None:
    """Removing a record that the import made, unless somebody has had to do with it since."""
    if was.entity.version != 1 or was.entity.id in used:
        return None
    return Edit(was.entity.id, {}, Wanted.DELETE, trunk_version=1, writer=Writer.IMPORT)


def _reversal(line: ImportLineRow, was: Stored) -> Edit | None:
    """The values of before, of those that still are what the import wrote."""
    current = was.entity.properties
    back = {
        name: (line.before or {}).get(name)
        for name, value in (line.after or {}).items()
        if (current.get(name) or None) == (value or None) and (line.before or {}).get(name) != value
    }
    if not back:
        return None
    version = was.entity.version
    return Edit(was.entity.id, back, trunk_version=version, base_version=version, writer=Writer.IMPORT)


def _corrected(line: ImportLineRow, was: Stored) -> bool:
    """Whether somebody has given one of these values another one than the import did, and than there was before."""
    before, current = line.before or {}, was.entity.properties
    return any(
        (current.get(name) or None) not in ((value or None), (before.get(name) or None))
        for name, value in (line.after or {}).items()
    )


def note(line: ImportLineRow) -> dict[str, Any]:
    """A row that could not be taken back whole, as it is noted."""
    return {
        "number": line.number,
        **{name: getattr(line, name) for name in ("key", "fate", "field", "entity_id", "before", "after", "said")},
        "code": STAYED,
    }
