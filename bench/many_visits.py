"""The demo district grown to any number of visits: copies of its households and visits, further and further back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, insert, literal, select
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AttachmentRow, EntityRow, ReviewRow, SubmissionRow

MONTH_MS = 2_629_800_000
#: So many counties' worth of households at most: about 45,000. Beyond that, visits lie further back.
HOUSEHOLDS = 20


def grow(ctx: Context, visits: int) -> int:
    """Copy until there are at least so many submissions; return how many there are."""
    with ctx.db.read() as session:
        first = session.scalars(select(func.count()).select_from(SubmissionRow)).one()
    copies = max(0, -(-visits // first) - 1)
    for copy in range(1, copies + 1):
        with ctx.db.write() as session:
            _copy(session, copy)
    with ctx.db.write() as session:
        session.connection().exec_driver_sql("ANALYZE")
    return first * (copies + 1)


def _copy(session: Session, copy: int) -> None:
    """One more of everything: of households while there are few of them, then three months earlier each time."""
    home, back = copy % HOUSEHOLDS, 3 * (copy // HOUSEHOLDS)
    original = ~SubmissionRow.id.like(_pattern())
    subject = _numbered(SubmissionRow.subject_id, home)
    if back == 0:
        household = _numbered(EntityRow.id, home)
        made = {EntityRow.id: household, EntityRow.subject_id: household}
        _insert(session, EntityRow, made, (EntityRow.dataset == "households") & ~EntityRow.id.like(_pattern()))
    months = SubmissionRow.month // 100 * 12 + SubmissionRow.month % 100 - 1 - back
    earlier = case((SubmissionRow.review_state == "waiting", "approved"), else_=SubmissionRow.review_state)
    _insert(
        session,
        SubmissionRow,
        {
            SubmissionRow.id: _numbered(SubmissionRow.id, copy),
            SubmissionRow.subject_id: subject,
            SubmissionRow.received_at: SubmissionRow.received_at - back * MONTH_MS,
            SubmissionRow.month: months // 12 * 100 + months % 12 + 1,
            SubmissionRow.review_state: earlier if back else SubmissionRow.review_state,
        },
        original,
    )
    named = _numbered(AttachmentRow.submission_id, copy)
    _insert(session, AttachmentRow, {AttachmentRow.submission_id: named}, ~AttachmentRow.submission_id.like(_pattern()))
    decided = {
        ReviewRow.id: _numbered(ReviewRow.id, copy),
        ReviewRow.submission_id: _numbered(ReviewRow.submission_id, copy),
        ReviewRow.at: ReviewRow.at - back * MONTH_MS,
    }
    _insert(session, ReviewRow, decided, ~ReviewRow.id.like(_pattern()))


def _insert(
    session: Session,
    table: type[DeclarativeBase],
    changed: Mapping[InstrumentedAttribute[Any], ColumnElement[Any]],
    where: ColumnElement[bool],
) -> None:
    columns = table.__table__.columns
    by_name = {attribute.key: value for attribute, value in changed.items()}
    chosen = [by_name.get(column.name, column) for column in columns]
    query = select(*chosen).where(where)
    session.execute(insert(table).from_select([column.name for column in columns], query))


def _pattern() -> str:
    """What the id of every copy is like: its fourth group begins as no identifier of ours does."""
    return "___________________c%"


def _numbered(column: Any, copy: int) -> ColumnElement[str]:
    """The id of a thing's copy: another fourth group. Copy 0 is the thing itself."""
    if copy == 0:
        return cast(column, String)
    return func.substr(column, 1, 19).concat(literal(f"c{copy:03x}")).concat(func.substr(column, 24))
