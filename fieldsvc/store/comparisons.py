"""Reading where rosters and the register differ, within a supervisor's areas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.tables import DifferenceRow, EntityRow, ImportedRowRow, ImportRow

Key = tuple[str, str, str]
_entity, _home = aliased(EntityRow), aliased(EntityRow)
#: Where a difference is: where its household lives now, or where the sheet said.
_PLACE = func.coalesce(_home.area_id, DifferenceRow.area_id)
_LABEL = func.coalesce(_entity.label, DifferenceRow.label)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which differences: of a source's roster, of one part, decided or not, of these areas and this property."""

    source: str
    roster: str
    part: str | None = None
    choice: str | None = None
    names: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One difference with the household it is about, if there is one."""

    row: DifferenceRow
    label: str
    area_id: str | None
    subject_id: str | None
    subject: str
    properties: dict[str, Any] | None

    @property
    def key(self) -> Key:
        """Where it stands in the list."""
        return self.label, self.row.ref, self.row.names


def rosters(session: Session, feed_id: str) -> list[tuple[str, str, int]]:
    """Every source with its kinds of sheet, and when it last sent one."""
    query = (
        select(ImportRow.source, ImportRow.dataset, func.max(ImportRow.at))
        .where(ImportRow.feed_id == feed_id, ImportRow.state == "done")
        .group_by(ImportRow.source, ImportRow.dataset)
        .order_by(func.max(ImportRow.at).desc(), ImportRow.source, ImportRow.dataset)
    )
    return [(source, roster, at) for source, roster, at in session.execute(query)]


def counts(session: Session, feed_id: str, areas: Sequence[str] | None) -> dict[tuple[str, str], dict[str, int]]:
    """Of each source's roster, how many differences of each part nobody has decided."""
    columns = (DifferenceRow.source, DifferenceRow.roster, DifferenceRow.part)
    counted: Any = select(*columns, func.count())
    query = _within(_joined(counted), areas).where(DifferenceRow.feed_id == feed_id, DifferenceRow.choice.is_(None))
    found: dict[tuple[str, str], dict[str, int]] = {}
    grouped = query.group_by(*columns)
    for source, roster, part, number in session.execute(grouped):
        found.setdefault((source, roster), {})[part] = number
    return found


def parts(
    session: Session, feed_id: str, wanted: Wanted, areas: Sequence[str] | None
) -> dict[tuple[str, str | None, str], int]:
    """How many differences there are of each part, choice and property."""
    columns = (DifferenceRow.part, DifferenceRow.choice, DifferenceRow.names)
    counted: Any = select(*columns, func.count())
    query = _within(_joined(counted), areas).where(
        DifferenceRow.feed_id == feed_id, DifferenceRow.source == wanted.source, DifferenceRow.roster == wanted.roster
    )
    return {(part, choice, names): number for part, choice, names, number in session.execute(query.group_by(*columns))}


def matching(session: Session, feed_id: str, source: str, roster: str, areas: Sequence[str] | None) -> int:
    """How many records the source named last and agrees with in everything it said."""
    last = (
        select(ImportRow.id)
        .where(
            ImportRow.feed_id == feed_id,
            ImportRow.source == source,
            ImportRow.dataset == roster,
            ImportRow.state == "done",
        )
        .order_by(ImportRow.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    differs = select(DifferenceRow.ref).where(
        DifferenceRow.feed_id == feed_id,
        DifferenceRow.source == source,
        DifferenceRow.roster == roster,
        DifferenceRow.part == "different",
    )
    query = (
        select(func.count())
        .select_from(ImportedRowRow)
        .join(_entity, and_(_entity.feed_id == feed_id, _entity.id == ImportedRowRow.entity_id))
        .join(_home, and_(_home.feed_id == feed_id, _home.id == _entity.subject_id))
        .where(
            ImportedRowRow.feed_id == feed_id,
            ImportedRowRow.source == source,
            ImportedRowRow.dataset == roster,
            ImportedRowRow.import_id == last,
            _entity.deleted.is_(False),
            ImportedRowRow.entity_id.not_in(differs),
        )
    )
    if areas is not None:
        query = query.where(_home.area_id.in_(areas))
    return session.scalar(query) or 0


def page(
    session: Session,
    feed_id: str,
    wanted: Wanted,
    areas: Sequence[str] | None,
    *,
    after: Key | None = None,
    limit: int = 50,
) -> list[Found]:
    """Differences by the name of what they are about."""
    columns = (DifferenceRow, _LABEL, _PLACE, _entity.subject_id, _home.label, _entity.properties)
    query = _within(_joined(select(*columns)), areas).where(
        DifferenceRow.feed_id == feed_id,
        DifferenceRow.source == wanted.source,
        DifferenceRow.roster == wanted.roster,
    )
    if wanted.part is not None:
        query = query.where(DifferenceRow.part == wanted.part)
    if wanted.names is not None:
        query = query.where(DifferenceRow.names == wanted.names)
    if wanted.choice is not None:
        open_ = DifferenceRow.choice.is_(None)
        query = query.where(open_ if wanted.choice == "open" else DifferenceRow.choice == wanted.choice)
    if after is not None:
        query = query.where(tuple_(_LABEL, DifferenceRow.ref, DifferenceRow.names) > tuple_(*after))
    rows = session.execute(query.order_by(_LABEL, DifferenceRow.ref, DifferenceRow.names).limit(limit))
    return [Found(row, label, area, subject, home or "", known) for row, label, area, subject, home, known in rows]


def every(session: Session, feed_id: str, wanted: Wanted, areas: Sequence[str] | None) -> Iterator[Found]:
    """All of them, some hundred at a time."""
    after: Key | None = None
    while some := page(session, feed_id, wanted, areas, after=after, limit=500):
        yield from some
        after = some[-1].key


def _joined(query: Select[Any]) -> Select[Any]:
    of_record = and_(_entity.feed_id == DifferenceRow.feed_id, _entity.id == DifferenceRow.ref)
    of_home = and_(_home.feed_id == _entity.feed_id, _home.id == _entity.subject_id)
    return query.select_from(DifferenceRow).outerjoin(_entity, of_record).outerjoin(_home, of_home)


def _within(query: Select[Any], areas: Sequence[str] | None) -> Select[Any]:
    return query if areas is None else query.where(_PLACE.in_(areas))
