"""The demo district grown to any number of visits: copies of its households and visits, further and further back.

The rows are copied inside the database, with the indexes taken away and built anew at the end: a million visits are
there in minutes, and lie as they would after years, oldest first. What phones sent (the operations) is not copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    case,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import DeclarativeBase

from fieldsvc.services.context import Context
from fieldsvc.store.tables import (
    AssignmentRow,
    AttachmentRow,
    AuditRow,
    ConflictRow,
    DeadlineRow,
    EntityRow,
    FeedRow,
    FlagRow,
    PlaceRow,
    ReviewRow,
    SubmissionRow,
)

MONTH_MS = 2_629_800_000
#: So many districts' worth of households at most: about 45,000. Beyond that, visits lie further back.
DISTRICTS = 20
#: Months that the demo's own visits lie in.
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """A table to be copied: which columns name a visit or its like, which a household or its record."""

    row: type[DeclarativeBase]
    visits: Sequence[str] = ()
    homes: Sequence[str] = ()

    @property
    def table(self) -> Table:
        """The table itself."""
        found = self.row.__table__
        assert isinstance(found, Table)
        return found


_OF_HOUSEHOLDS = (
    Kind(EntityRow, homes=("id", "subject_id")),
    Kind(PlaceRow, homes=("entity_id",)),
    Kind(DeadlineRow, homes=("entity_id", "subject_id")),
    Kind(AssignmentRow, homes=("id", "subject_id")),
    Kind(ConflictRow, homes=("id", "entity_id", "subject_id")),
)
_OF_VISITS = (
    Kind(SubmissionRow, visits=("id", "replaces_id", "replaced_by_id"), homes=("subject_id",)),
    Kind(AttachmentRow, visits=("submission_id",), homes=("subject_id",)),
    Kind(ReviewRow, visits=("id", "submission_id")),
    Kind(FlagRow, visits=("id", "submission_id")),
)


def grow(ctx: Context, visits: int) -> int:
    """Copy until there are at least so many submissions; return how many there are."""
    with ctx.db.write() as session:
        first = session.scalars(select(func.count()).select_from(SubmissionRow)).one()
        copies = max(0, -(-visits // first) - 1)
        if copies:
            _grow(session.connection(), copies)
    _keep_house(ctx)
    ctx.db.dispose()  # nobody measures with the memory that was given for this
    return int(first * (copies + 1))


def lengthen_log(ctx: Context) -> int:
    """Let the audit log be as long as there are visits, if it is not yet; return how many lines it has.

    A third of what is added are pushes, a third views, a third approvals, half a minute apart. Hashes are left out.
    """
    with ctx.db.write() as session:
        last, at = session.execute(select(func.max(AuditRow.position), func.max(AuditRow.at))).one()
        visits = session.scalars(select(func.count()).select_from(SubmissionRow)).one()
        if last >= visits:
            return int(last)
        reviewer = session.scalars(select(ReviewRow.by_id).limit(1)).one()
        names = ["feed_id", "position", "at", "actor_id", "action", "thing", "previous", "hash"]
        session.execute(insert(AuditRow).from_select(names, _lines(last, at, reviewer)))
        session.execute(update(FeedRow).values(audit_position=last + visits))
    _keep_house(ctx)
    return int(last + visits)


def _keep_house(ctx: Context) -> None:
    """What PostgreSQL's own housekeeping would have done meanwhile."""
    if not ctx.db.is_sqlite:
        with ctx.db.write_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _lines(last: int, at: int, reviewer: str) -> Select[Any]:
    """One line for each visit, after that place and moment."""
    of = SubmissionRow
    number = func.row_number().over(order_by=(of.received_at, of.id)).label("number")
    one = select(of.feed_id, of.id, of.author_id, of.subject_id, number).subquery().c
    pushed, viewed = one.number % 3 == 0, one.number % 3 == 1
    things = {"person:": one.author_id, "subject:": one.subject_id, "submission:": one.id}
    person, subject, visit = (literal(kind).concat(id_) for kind, id_ in things.items())
    return select(
        one.feed_id,
        last + one.number,
        literal(at, BigInteger()) + one.number * literal(30_000, BigInteger()),
        case((pushed, one.author_id), else_=reviewer),
        case((pushed, "push"), (viewed, "view"), else_="visit-approve"),
        case((pushed, person), (viewed, subject), else_=visit),
        literal(""),
        literal(""),
    )


def _grow(connection: Connection, copies: int) -> None:
    kinds = (*_OF_HOUSEHOLDS, *_OF_VISITS)
    roomy = "PRAGMA cache_size=-800000" if connection.dialect.name == "sqlite" else "SET maintenance_work_mem = '512MB'"
    connection.exec_driver_sql(roomy)
    for table in (kind.table for kind in kinds):
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE first_{table.name} AS SELECT * FROM {table.name}")
        for index in table.indexes:
            index.drop(connection)
    for copy in range(copies, 0, -1):
        for kind in kinds if copy < DISTRICTS else _OF_VISITS:
            _copy(connection, kind, copy)
    for table in (kind.table for kind in kinds):
        for index in table.indexes:
            index.create(connection)


def _copy(connection: Connection, kind: Kind, copy: int) -> None:
    """One more of everything: of households while there are few of them, then three months earlier each time."""
    table = kind.table
    first = table.to_metadata(MetaData(), name=f"first_{table.name}")
    home, back = copy % DISTRICTS, MONTHS * (copy // DISTRICTS)
    chosen = {column.name: column for column in first.columns}
    changed: dict[str, ColumnElement[Any]] = {
        **{name: _numbered(chosen[name], home) for name in kind.homes},
        **{name: _numbered(chosen[name], copy) for name in kind.visits},
        **(_earlier(chosen, back) if back else {}),
    }
    names = list(chosen)
    connection.execute(insert(table).from_select(names, select(*(changed.get(name, chosen[name]) for name in names))))


def _earlier(of: Mapping[str, ColumnElement[Any]], back: int) -> dict[str, ColumnElement[Any]]:
    """The same so many months earlier, and decided meanwhile."""
    moved = {name: of[name] - back * MONTH_MS for name in ("received_at", "started_at", "at") if name in of}
    if "month" in of:
        months = of["month"] // 100 * 12 + of["month"] % 100 - 1 - back
        moved["month"] = months // 12 * 100 + months % 12 + 1
    if "review_state" in of:
        moved["review_state"] = case((of["review_state"] == "waiting", "approved"), else_=of["review_state"])
    return moved


def _numbered(column: ColumnElement[Any], copy: int) -> ColumnElement[Any]:
    """The id of a thing's copy: another fourth group. Copy 0 is the thing itself."""
    if copy == 0:
        return column
    return func.substr(column, 1, 19).concat(literal(f"c{copy:03x}")).concat(func.substr(column, 24))
