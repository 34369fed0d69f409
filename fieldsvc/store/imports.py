"""What imported spreadsheets said last time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import columns, table, write_all
from fieldsvc.store.tables import EntityRow, ImportedRowRow, ImportRow

_rows = columns(ImportedRowRow)
_SAY_AGAIN = (
    update(table(ImportedRowRow))
    .where(*(_rows[name] == bindparam(f"to_{name}") for name in ("feed_id", "source", "dataset", "key")))
    .values(
        {name: bindparam(f"to_{name}", type_=_rows[name].type) for name in ("entity_id", "remembered", "import_id")}
    )
)
_SAY_AS_BEFORE = (
    update(table(ImportedRowRow))
    .where(
        _rows.feed_id == bindparam("at_feed"),
        _rows.source == bindparam("at_source"),
        _rows.dataset == bindparam("at_dataset"),
        _rows.import_id == bindparam("at_import"),
        _rows.key == bindparam("at_key"),
    )
    .values(remembered=bindparam("to_remembered", type_=_rows.remembered.type))
)


def begin(session: Session, **values: Any) -> None:
    """Note that an import begins."""
    session.execute(insert(ImportRow).values(**values))


def finish(session: Session, import_id: str, *, at: int, counts: Mapping[str, int]) -> None:
    """Note that an import came to its end, and with what."""
    session.execute(update(ImportRow).where(ImportRow.id == import_id).values(finished_at=at, counts=dict(counts)))


def latest(session: Session, feed_id: str, limit: int) -> list[ImportRow]:
    """The latest imports, newest first."""
    return list(
        session.scalars(
            select(ImportRow)
            .where(ImportRow.feed_id == feed_id)
            .order_by(ImportRow.at.desc(), ImportRow.id.desc())
            .limit(limit)
        )
    )


def remembered(
    session: Session, feed_id: str, source: str, dataset: str, keys: Collection[str]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """`(entity, what the source said last)` of each of these keys that it named before."""
    rows = session.execute(
        select(ImportedRowRow.key, ImportedRowRow.entity_id, ImportedRowRow.remembered).where(
            ImportedRowRow.feed_id == feed_id,
            ImportedRowRow.source == source,
            ImportedRowRow.dataset == dataset,
            ImportedRowRow.key.in_(list(keys)),
        )
    )
    return {key: (entity_id, said) for key, entity_id, said in rows}


def by_property(
    session: Session, feed_id: str, dataset: str, name: str, values: Collection[str]
) -> dict[str, list[str]]:
    """Living records of a dataset by the value of one property; a number given twice has two."""
    value = EntityRow.properties[name].as_string()
    rows = session.execute(
        select(value, EntityRow.id).where(
            EntityRow.feed_id == feed_id,
            EntityRow.dataset == dataset,
            EntityRow.deleted.is_(False),
            EntityRow.merged_into.is_(None),
            value.in_(list(values)),
        )
    )
    found: dict[str, list[str]] = {}
    for said, entity_id in rows:
        found.setdefault(said, []).append(entity_id)
    return found


def remember(session: Session, rows: Sequence[dict[str, Any]], known: Collection[str]) -> None:
    """Keep what the source said now, in place of what it said before under the `known` keys."""
    new = [row for row in rows if row["key"] not in known]
    if new:
        session.execute(insert(ImportedRowRow), new)
    again = [{f"to_{name}": value for name, value in row.items()} for row in rows if row["key"] in known]
    write_all(session, _SAY_AGAIN, again)


def say_as_before(
    session: Session, feed_id: str, source: str, dataset: str, import_id: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Let the source have said what it said before an import, where this import was its last word."""
    again = [
        {"at_feed": feed_id, "at_source": source, "at_dataset": dataset, "at_import": import_id, "at_key": row["key"]}
        | {"to_remembered": row["remembered"]}
        for row in rows
    ]
    write_all(session, _SAY_AS_BEFORE, again)


def forget_saying(
    session: Session, feed_id: str, source: str, dataset: str, import_id: str, keys: Sequence[str]
) -> None:
    """Let the source never have spoken of these, where this import was its last word."""
    session.execute(
        delete(ImportedRowRow).where(
            ImportedRowRow.feed_id == feed_id,
            ImportedRowRow.source == source,
            ImportedRowRow.dataset == dataset,
            ImportedRowRow.import_id == import_id,
            ImportedRowRow.key.in_(list(keys)),
        )
    )
