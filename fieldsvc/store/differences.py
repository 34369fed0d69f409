"""Writing where rosters and the register differ: kept while it lasts, with what was decided about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, delete, exists, func, insert, literal, null, select, update
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.run import table, write_all
from fieldsvc.store.tables import DifferenceRow, EntityRow, ImportedRowRow

DIFFERENT, HERE, THERE = "different", "here", "there"
_DECIDED = ("choice", "by_id", "at", "reason")
_INSERT = insert(table(DifferenceRow))


def replace(
    session: Session, feed_id: str, source: str, roster: str, refs: Collection[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Let these be all that differs in these records; what was decided of one that is still the same stays decided."""
    mine = [*_of(feed_id, source, roster), DifferenceRow.part != HERE, DifferenceRow.ref.in_(list(refs))]
    decided = {
        (row.ref, row.names): row
        for row in session.scalars(select(DifferenceRow).where(*mine, DifferenceRow.choice.is_not(None)))
    }
    kept = [{**row, **_decision(row, decided.get((row["ref"], row["names"])))} for row in rows]
    session.execute(delete(DifferenceRow).where(*mine).execution_options(synchronize_session=False))
    write_all(session, _INSERT, kept)


def settle(
    session: Session,
    feed_id: str,
    source: str,
    roster: str,
    *,
    import_id: str,
    dataset: str,
    ought: Mapping[str, Sequence[str]],
    areas: Sequence[str] | None,
) -> None:
    """After the last row of a list: note which records it lacks, and forget what only an earlier list told.

    `ought` says which records a list should hold: those with one of these codes, or with any value where none is
    named. One statement whatever the number of records; `areas` are those the import could reach.
    """
    told = exists().where(
        ImportedRowRow.feed_id == feed_id,
        ImportedRowRow.source == source,
        ImportedRowRow.dataset == roster,
        ImportedRowRow.import_id == import_id,
        ImportedRowRow.entity_id == EntityRow.id,
    )
    home = aliased(EntityRow)
    lacking = (
        select(EntityRow.id, home.area_id, EntityRow.label)
        .join(home, and_(home.feed_id == EntityRow.feed_id, home.id == EntityRow.subject_id))
        .where(*_living(feed_id, dataset, home), *_ought(ought), ~told)
    )
    if areas is not None:
        lacking = lacking.where(home.area_id.in_(areas))
    gone = [*_of(feed_id, source, roster), *_within(areas)]
    ids = lacking.with_only_columns(EntityRow.id)
    quiet = {"synchronize_session": False}
    session.execute(
        delete(DifferenceRow)
        .where(*gone, DifferenceRow.part == HERE, DifferenceRow.ref.not_in(ids))
        .execution_options(**quiet)
    )
    session.execute(
        delete(DifferenceRow)
        .where(*gone, DifferenceRow.part == THERE, DifferenceRow.import_id != import_id)
        .execution_options(**quiet)
    )
    known = exists().where(*_of(feed_id, source, roster), DifferenceRow.ref == EntityRow.id, DifferenceRow.names == "")
    empty, nothing = literal({}, JSON()), null()
    fixed = (literal(""), literal(HERE), empty, empty, literal(import_id), nothing, nothing, nothing, nothing)
    new = lacking.where(~known).with_only_columns(
        literal(feed_id), literal(source), literal(roster), EntityRow.id, home.area_id, EntityRow.label, *fixed
    )
    names = ("feed_id", "source", "roster", "ref", "area_id", "label", "names", "part", "recorded", "imported")
    session.execute(insert(DifferenceRow).from_select([*names, "import_id", *_DECIDED], new))


def forget(session: Session, feed_id: str, source: str, roster: str, import_id: str) -> None:
    """Take away which records a list lacked and had alone: the list has been taken back."""
    session.execute(
        delete(DifferenceRow)
        .where(
            *_of(feed_id, source, roster),
            DifferenceRow.part.in_((HERE, THERE)),
            DifferenceRow.import_id == import_id,
        )
        .execution_options(synchronize_session=False)
    )


def get(session: Session, feed_id: str, source: str, roster: str, ref: str, names: str) -> DifferenceRow | None:
    """One difference, held until the commit."""
    return session.scalars(
        select(DifferenceRow)
        .where(*_of(feed_id, source, roster), DifferenceRow.ref == ref, DifferenceRow.names == names)
        .with_for_update()
    ).first()


def decide(session: Session, row: DifferenceRow, *, choice: str, by_id: str, at: int, reason: str) -> None:
    """Note what was decided of a difference."""
    mine = [*_of(row.feed_id, row.source, row.roster), DifferenceRow.ref == row.ref, DifferenceRow.names == row.names]
    session.execute(
        update(DifferenceRow)
        .where(*mine)
        .values(choice=choice, by_id=by_id, at=at, reason=reason)
        .execution_options(synchronize_session=False)
    )


def _decision(new: Mapping[str, Any], was: DifferenceRow | None) -> dict[str, Any]:
    same = was is not None and was.recorded == new["recorded"] and was.imported == new["imported"]
    return {name: getattr(was, name) if same else None for name in _DECIDED}


def _of(feed_id: str, source: str, roster: str) -> list[ColumnElement[bool]]:
    return [DifferenceRow.feed_id == feed_id, DifferenceRow.source == source, DifferenceRow.roster == roster]


def _within(areas: Sequence[str] | None) -> list[ColumnElement[bool]]:
    return [] if areas is None else [DifferenceRow.area_id.in_(areas)]


def _living(feed_id: str, dataset: str, home: type[EntityRow]) -> list[ColumnElement[bool]]:
    return [
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
        EntityRow.practice.is_(False),
        home.practice.is_(False),
    ]


def _ought(ought: Mapping[str, Sequence[str]]) -> list[ColumnElement[bool]]:
    found = []
    for name, codes in ought.items():
        value = func.coalesce(EntityRow.properties[name].as_string(), "")
        found.append(value.in_(list(codes)) if codes else value != "")
    return found
