"""Long lists for export, read row by row: a province's records do not fit into memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.submissions import APART
from fieldsvc.store.tables import AreaRow, EntityRow, PersonRow, SubmissionRow

NUMBER = "hh_no"
_AT_ONCE = 500


def records(session: Session, feed_id: str, dataset: str, paths: tuple[str, ...]) -> Iterator[Any]:
    """Living records of a dataset below these areas, by area and number of their household."""
    subject = aliased(EntityRow)
    number = subject.properties[NUMBER].as_string()
    query = (
        select(
            EntityRow.properties,
            AreaRow.code.label("area_code"),
            AreaRow.name.label("area_name"),
            number.label("number"),
        )
        .outerjoin(AreaRow, AreaRow.id == EntityRow.area_id)
        .outerjoin(subject, (subject.feed_id == EntityRow.feed_id) & (subject.id == EntityRow.subject_id))
        .where(
            EntityRow.feed_id == feed_id,
            EntityRow.dataset == dataset,
            EntityRow.deleted.is_(False),
            EntityRow.merged_into.is_(None),
            subject.practice.is_not(True),
            subject.deleted.is_not(True),
        )
        .order_by(AreaRow.code, number, EntityRow.id)
    )
    return _stream(session, _below(query, paths))


def subjects(session: Session, feed_id: str, dataset: str, paths: tuple[str, ...]) -> Iterator[Any]:
    """The living subjects of a dataset below these areas with all their values, by area and number."""
    query = (
        select(
            EntityRow.id,
            EntityRow.label,
            EntityRow.properties,
            EntityRow.area_id,
            AreaRow.code.label("area_code"),
            AreaRow.name.label("area_name"),
        )
        .outerjoin(AreaRow, AreaRow.id == EntityRow.area_id)
        .where(
            EntityRow.feed_id == feed_id,
            EntityRow.dataset == dataset,
            EntityRow.deleted.is_(False),
            EntityRow.merged_into.is_(None),
            EntityRow.practice.is_(False),
        )
        .order_by(AreaRow.code, EntityRow.properties[NUMBER].as_string(), EntityRow.id)
    )
    return _stream(session, _below(query, paths))


def visits(session: Session, feed_id: str, month: int | None, paths: tuple[str, ...]) -> Iterator[Any]:
    """The visits of the log below these areas: of one month in order of arrival, of all household by household.

    That is how an index has them: in order of arrival a million of them were sorted in memory. As in the log an amended
    visit is listed once, with its last amendment.
    """
    query = (
        select(
            SubmissionRow.id,
            SubmissionRow.form_id,
            SubmissionRow.started_at,
            SubmissionRow.received_at,
            SubmissionRow.review_state,
            AreaRow.name.label("area_name"),
            EntityRow.label,
            EntityRow.properties[NUMBER].as_string().label("number"),
            PersonRow.name.label("author"),
        )
        .outerjoin(AreaRow, AreaRow.id == SubmissionRow.area_id)
        .outerjoin(
            EntityRow,
            (EntityRow.feed_id == SubmissionRow.feed_id) & (EntityRow.id == SubmissionRow.subject_id),
        )
        .outerjoin(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(*_counting(feed_id))
    )
    arrived = (SubmissionRow.received_at, SubmissionRow.id)
    if month is None:
        query = query.order_by(SubmissionRow.subject_id, *arrived)
    else:
        query = query.where(SubmissionRow.month == month).order_by(*arrived)
    return _stream(session, _below(query, paths))


def submissions(
    session: Session,
    feed_id: str,
    form_id: str,
    month: int | None,
    paths: tuple[str, ...],
    subject_id: str | None = None,
) -> Iterator[Any]:
    """The standing submissions of a form (about one subject) with their answers, by month and in order of arrival.

    That is how an index has them: in another order a million of them with their answers were sorted in memory.
    """
    query = (
        select(
            SubmissionRow.id,
            SubmissionRow.form_version,
            SubmissionRow.answers,
            SubmissionRow.started_at,
            SubmissionRow.received_at,
            SubmissionRow.review_state,
            AreaRow.code.label("area_code"),
            AreaRow.name.label("area_name"),
            EntityRow.label,
            EntityRow.properties[NUMBER].as_string().label("number"),
            PersonRow.name.label("author"),
        )
        .outerjoin(AreaRow, AreaRow.id == SubmissionRow.area_id)
        .outerjoin(
            EntityRow,
            (EntityRow.feed_id == SubmissionRow.feed_id) & (EntityRow.id == SubmissionRow.subject_id),
        )
        .outerjoin(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(*_standing(feed_id, form_id, month))
        .order_by(SubmissionRow.month, SubmissionRow.received_at, SubmissionRow.id)
    )
    if subject_id is not None:
        query = query.where(SubmissionRow.subject_id == subject_id)
    return _stream(session, _below(query, paths))


def forms_of(session: Session, feed_id: str, subject_ids: Collection[str]) -> set[tuple[str, str]]:
    """The versions of forms of which there are standing submissions about these subjects; trials are not among them."""
    form = (SubmissionRow.form_id, SubmissionRow.form_version)
    query = select(*form).distinct().where(SubmissionRow.subject_id.in_(list(subject_ids)))
    query = query.where(*_counting(feed_id), SubmissionRow.review_state != "trial")
    return {(row.form_id, row.form_version) for row in session.execute(query)}


def of_versions(
    session: Session, feed_id: str, subject_ids: Collection[str], versions: Collection[tuple[str, str]]
) -> list[Any]:
    """Which standing submissions about these subjects are of these versions of forms."""
    form = (SubmissionRow.form_id, SubmissionRow.form_version)
    query = (
        select(SubmissionRow.id, SubmissionRow.subject_id, *form, SubmissionRow.received_at)
        .where(SubmissionRow.subject_id.in_(list(subject_ids)), tuple_(*form).in_(list(versions)))
        .where(*_counting(feed_id), SubmissionRow.review_state != "trial")
        .order_by(SubmissionRow.subject_id, SubmissionRow.received_at, SubmissionRow.id)
    )
    return list(session.execute(query))


def number(
    session: Session, feed_id: str, form_id: str, month: int | None, paths: tuple[str, ...], at_most: int
) -> int:
    """How many that would be, counted no further than `at_most`."""
    query = (
        select(SubmissionRow.id)
        .outerjoin(AreaRow, AreaRow.id == SubmissionRow.area_id)
        .where(*_standing(feed_id, form_id, month))
    )
    return session.scalar(select(func.count()).select_from(_below(query, paths).limit(at_most).subquery())) or 0


def _standing(feed_id: str, form_id: str, month: int | None) -> list[ColumnElement[bool]]:
    """Neither withdrawn, nor replaced by an amendment, nor made to learn."""
    conditions = [*_counting(feed_id), SubmissionRow.form_id == form_id]
    return conditions if month is None else [*conditions, SubmissionRow.month == month]


def _counting(feed_id: str) -> list[ColumnElement[bool]]:
    return [
        SubmissionRow.feed_id == feed_id,
        SubmissionRow.withdrawn_at.is_(None),
        SubmissionRow.replaced_by_id.is_(None),
        SubmissionRow.review_state.not_in(APART),
    ]


def _below(query: Select[Any], paths: tuple[str, ...]) -> Select[Any]:
    """Only what lies below one of these areas; the root lets everything through, also what lies nowhere."""
    if "/" in paths:
        return query
    return query.where(or_(*(AreaRow.path.startswith(path, autoescape=True) for path in paths)))


def _stream(session: Session, query: Select[Any]) -> Iterator[Any]:
    return iter(session.execute(query, execution_options={"yield_per": _AT_ONCE}))
