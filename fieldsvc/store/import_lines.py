"""The rows of an imported sheet with their fates, and the file they came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import columns, table, write_all
from fieldsvc.store.tables import ConflictRow, EntityRow, ImportFileRow, ImportLineRow, ImportRow, SubmissionRow

#: Cells of a row that was emptied, as they are stored; a row of a sheet has some, or it was left out.
_NOTHING = "[]"
#: States in which a worker goes through the rows.
BUSY = ("reading", "checking", "writing", "undoing")
_lines = columns(ImportLineRow)
_INSERT = insert(table(ImportLineRow))
_SETTLE = (
    update(table(ImportLineRow))
    .where(_lines.import_id == bindparam("of"), _lines.number == bindparam("row"))
    .values(
        {
            name: bindparam(f"to_{name}", type_=_lines[name].type)
            for name in ("key", "fate", "code", "field", "entity_id", "before", "after", "said")
        }
    )
)


def keep_file(session: Session, import_id: str, content: bytes) -> None:
    """Keep the file until its rows have been taken out of it."""
    session.execute(insert(ImportFileRow).values(import_id=import_id, content=content))


def file_of(session: Session, import_id: str) -> bytes | None:
    """The file, while it is kept."""
    return session.scalar(select(ImportFileRow.content).where(ImportFileRow.import_id == import_id))


def forget_file(session: Session, import_id: str) -> None:
    """The file is not needed any more."""
    session.execute(delete(ImportFileRow).where(ImportFileRow.import_id == import_id))


def still_say(session: Session, import_id: str, most: int) -> list[int]:
    """The numbers of the next rows out of which nobody has taken yet what the sheet said."""
    query = select(ImportLineRow.number).where(
        ImportLineRow.import_id == import_id, cast(ImportLineRow.cells, Text) != _NOTHING
    )
    return list(session.scalars(query.order_by(ImportLineRow.number).limit(most)))


def empty(session: Session, import_id: str, numbers: Collection[int]) -> None:
    """Take what the sheet said out of these rows; their numbers and fates stay."""
    session.execute(
        update(ImportLineRow)
        .where(ImportLineRow.import_id == import_id, ImportLineRow.number.in_(list(numbers)))
        .values(cells=[], key="", before=None, after=None, said=None)
        .execution_options(synchronize_session=False)
    )


def over(session: Session, feed_id: str, before: int) -> list[str]:
    """Imports that ended, or were last touched, before this moment and of whose sheets something is still here."""
    lines = select(ImportLineRow.number).where(
        ImportLineRow.import_id == ImportRow.id, cast(ImportLineRow.cells, Text) != _NOTHING
    )
    files = select(ImportFileRow.import_id).where(ImportFileRow.import_id == ImportRow.id)
    query = select(ImportRow.id).where(
        ImportRow.feed_id == feed_id,
        ImportRow.state.not_in(BUSY),
        func.coalesce(ImportRow.finished_at, ImportRow.at) < before,
        lines.exists() | files.exists(),
    )
    return list(session.scalars(query.order_by(ImportRow.at, ImportRow.id)))


def empty_headings(session: Session, import_id: str) -> None:
    """Take the values that stood under the headings from there; the headings stay."""
    headings = session.scalar(select(ImportRow.headings).where(ImportRow.id == import_id))
    set_state(session, import_id, headings=[[heading, []] for heading, _ in headings or ()])


def forget(session: Session, import_id: str, *, after: int = -1) -> None:
    """Take the rows away, all or those after a number: to read them anew, or because nobody wants them."""
    session.execute(delete(ImportLineRow).where(ImportLineRow.import_id == import_id, ImportLineRow.number > after))


def add(session: Session, lines: Sequence[dict[str, Any]]) -> None:
    """Keep rows as they were read."""
    write_all(session, _INSERT, lines)


def some(session: Session, import_id: str, after: int, most: int, fates: Sequence[str] = ()) -> list[ImportLineRow]:
    """The next rows after a number, of these fates or of all, in the order of the sheet."""
    query = select(ImportLineRow).where(ImportLineRow.import_id == import_id, ImportLineRow.number > after)
    if fates:
        query = query.where(ImportLineRow.fate.in_(list(fates)))
    return list(session.scalars(query.order_by(ImportLineRow.number).limit(most)))


def from_the_end(session: Session, import_id: str, done: int, most: int, fates: Sequence[str]) -> list[ImportLineRow]:
    """The next rows of these fates from the last row on upwards, of whose numbers so many are `done`."""
    upto = last_number(session, import_id) - done
    query = select(ImportLineRow).where(
        ImportLineRow.import_id == import_id, ImportLineRow.number <= upto, ImportLineRow.fate.in_(list(fates))
    )
    return list(session.scalars(query.order_by(ImportLineRow.number.desc()).limit(most)))


def last_number(session: Session, import_id: str) -> int:
    """The number of the last row of the sheet."""
    return session.scalar(select(func.max(ImportLineRow.number)).where(ImportLineRow.import_id == import_id)) or 0


def settle(session: Session, import_id: str, fates: Sequence[Mapping[str, Any]]) -> None:
    """Note what became of rows: each is its `number` and what it shall have from now on."""
    rows = [
        {"of": import_id, "row": one["number"], **{f"to_{key}": value for key, value in one.items() if key != "number"}}
        for one in fates
    ]
    write_all(session, _SETTLE, rows)


def keys_before(session: Session, import_id: str, number: int, keys: Collection[str]) -> set[str]:
    """Those of these keys that an earlier row of the sheet has."""
    query = select(ImportLineRow.key).where(
        ImportLineRow.import_id == import_id, ImportLineRow.number < number, ImportLineRow.key.in_(list(keys))
    )
    return set(session.scalars(query))


def keys_to_be(session: Session, import_id: str) -> set[str]:
    """The keys of the rows that would make something, as far as they have been looked at."""
    query = select(ImportLineRow.key).where(ImportLineRow.import_id == import_id, ImportLineRow.fate == "new")
    return set(session.scalars(query))


def counts(session: Session, import_id: str) -> dict[str, int]:
    """How many rows have which fate."""
    query = (
        select(ImportLineRow.fate, func.count())
        .where(ImportLineRow.import_id == import_id)
        .group_by(ImportLineRow.fate)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def in_use(session: Session, feed_id: str, entity_ids: Sequence[str | None]) -> set[str]:
    """Those of these records that others belong to, or that somebody has sent something about."""
    ids = [one for one in entity_ids if one]
    if not ids:
        return set()
    belongs = select(EntityRow.subject_id).where(
        EntityRow.feed_id == feed_id,
        EntityRow.subject_id.in_(ids),
        EntityRow.id != EntityRow.subject_id,
        EntityRow.deleted.is_(False),
    )
    sent = select(SubmissionRow.subject_id).where(SubmissionRow.feed_id == feed_id, SubmissionRow.subject_id.in_(ids))
    return {*session.scalars(belongs), *session.scalars(sent)}


def conflicts_of(session: Session, feed_id: str, operation_id: str, entity_ids: Sequence[str]) -> list[str]:
    """The open conflicts of these records that an import opened."""
    query = select(ConflictRow.id).where(
        ConflictRow.feed_id == feed_id,
        ConflictRow.candidate_operation_id == operation_id,
        ConflictRow.entity_id.in_(list(entity_ids)),
        ConflictRow.state == "open",
    )
    return list(session.scalars(query))


def get(session: Session, feed_id: str, import_id: str, *, lock: bool = False) -> ImportRow | None:
    """One import of this county; to `lock` it holds everybody else off until the commit."""
    row = session.get(ImportRow, import_id, with_for_update=lock or None)
    return row if row is not None and row.feed_id == feed_id else None


def set_state(session: Session, import_id: str, **values: Any) -> None:
    """Say where an import stands."""
    session.execute(
        update(ImportRow).where(ImportRow.id == import_id).values(**values).execution_options(synchronize_session=False)
    )


def history(
    session: Session, feed_id: str, by_id: str | None, after: tuple[int, str] | None, most: int
) -> list[ImportRow]:
    """Imports, the newest first: of one person, or of all."""
    query = select(ImportRow).where(ImportRow.feed_id == feed_id)
    if by_id is not None:
        query = query.where(ImportRow.by_id == by_id)
    if after is not None:
        at, import_id = after
        query = query.where((ImportRow.at < at) | ((ImportRow.at == at) & (ImportRow.id < import_id)))
    return list(session.scalars(query.order_by(ImportRow.at.desc(), ImportRow.id.desc()).limit(most)))


def last_mapping(session: Session, feed_id: str, source: str, dataset: str) -> ImportRow | None:
    """The latest import of such a sheet whose columns somebody has named."""
    return session.scalars(
        select(ImportRow)
        .where(
            ImportRow.feed_id == feed_id,
            ImportRow.source == source,
            ImportRow.dataset == dataset,
            ImportRow.mapping.is_not(None),
        )
        .order_by(ImportRow.at.desc())
        .limit(1)
    ).first()
