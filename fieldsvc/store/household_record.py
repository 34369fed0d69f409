"""Households and what belongs to them, as the office looks them up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from fieldsvc.store.tables import (
    AreaRow,
    AssignmentRow,
    DatasetRow,
    EntityRow,
    EntityVersionRow,
    FormRow,
    FormVersionRow,
    PersonRow,
    RoleRow,
)

Key = tuple[str, str]
#: The dataset of papers that were filed at a desk: each names the digest of its bytes.
SCANS = "archive_scans"


def entity(session: Session, feed_id: str, entity_id: str) -> EntityRow | None:
    """One entity at its current version."""
    return session.get(EntityRow, (feed_id, entity_id))


def entities(session: Session, feed_id: str, ids: Collection[str]) -> dict[str, EntityRow]:
    """Several entities at their current versions, by id."""
    rows = session.scalars(select(EntityRow).where(EntityRow.feed_id == feed_id, EntityRow.id.in_(ids)))
    return {row.id: row for row in rows}


def members(session: Session, feed_id: str, subject_id: str) -> list[EntityRow]:
    """The living entities that travel with a subject, other than itself."""
    return list(
        session.scalars(
            select(EntityRow)
            .where(
                EntityRow.feed_id == feed_id,
                EntityRow.subject_id == subject_id,
                EntityRow.id != subject_id,
                EntityRow.deleted.is_(False),
                EntityRow.merged_into.is_(None),
            )
            .order_by(EntityRow.dataset, EntityRow.created_at, EntityRow.id)
        )
    )


def kinds(session: Session, feed_id: str, subject_ids: Collection[str]) -> set[str]:
    """The datasets of which these subjects have living records, other than themselves."""
    return set(session.scalars(select(EntityRow.dataset).distinct().where(*_with(feed_id, subject_ids))))


def of_kind(session: Session, feed_id: str, subject_ids: Collection[str], dataset: str) -> list[EntityRow]:
    """The living records of one dataset that travel with these subjects, the oldest first."""
    query = select(EntityRow).where(*_with(feed_id, subject_ids), EntityRow.dataset == dataset)
    return list(session.scalars(query.order_by(EntityRow.created_at, EntityRow.id)))


def _with(feed_id: str, subject_ids: Collection[str]) -> list[ColumnElement[bool]]:
    return [
        EntityRow.feed_id == feed_id,
        EntityRow.subject_id.in_(list(subject_ids)),
        EntityRow.id != EntityRow.subject_id,
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
    ]


def versions(session: Session, feed_id: str, entity_ids: Sequence[str]) -> dict[str, list[EntityVersionRow]]:
    """Every version of these entities, oldest first."""
    found: dict[str, list[EntityVersionRow]] = {}
    for row in session.scalars(
        select(EntityVersionRow)
        .where(EntityVersionRow.feed_id == feed_id, EntityVersionRow.entity_id.in_(entity_ids))
        .order_by(EntityVersionRow.entity_id, EntityVersionRow.version)
    ):
        found.setdefault(row.entity_id, []).append(row)
    return found


def version(session: Session, feed_id: str, entity_id: str, number: int) -> EntityVersionRow | None:
    """One version of an entity as it was written."""
    return session.get(EntityVersionRow, (feed_id, entity_id, number))


def page(
    session: Session,
    feed_id: str,
    dataset: str,
    areas: Sequence[str] | None,
    *,
    text: str = "",
    number_property: str | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[EntityRow]:
    """Living records in order of name, whose name begins with `text` or whose number is `text`."""
    query = select(EntityRow).where(
        EntityRow.feed_id == feed_id,
        EntityRow.dataset == dataset,
        EntityRow.practice.is_(False),
        EntityRow.deleted.is_(False),
        EntityRow.merged_into.is_(None),
    )
    if areas is not None:
        query = query.where(EntityRow.area_id.in_(areas))
    if text:
        matches = [EntityRow.label.startswith(text, autoescape=True)]
        if number_property:
            matches.append(EntityRow.properties[number_property].as_string() == text)
        query = query.where(or_(*matches))
    if after is not None:
        query = query.where(tuple_(EntityRow.label, EntityRow.id) > tuple_(*after))
    return list(session.scalars(query.order_by(EntityRow.label, EntityRow.id).limit(limit)))


def helpers(session: Session, feed_id: str, subjects: Sequence[str], now_ms: int) -> dict[str, list[PersonRow]]:
    """Who helps each of these subjects now, in order of assignment; checkers are no helpers."""
    if not subjects:
        return {}
    rows = session.execute(
        select(AssignmentRow.subject_id, PersonRow)
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .where(
            AssignmentRow.feed_id == feed_id,
            AssignmentRow.subject_id.in_(subjects),
            AssignmentRow.role == "cadre",
            PersonRow.active.is_(True),
            AssignmentRow.from_at <= now_ms,
            or_(AssignmentRow.to_at.is_(None), AssignmentRow.to_at > now_ms),
        )
        .order_by(AssignmentRow.subject_id, AssignmentRow.from_at, AssignmentRow.id)
    )
    found: dict[str, list[PersonRow]] = {}
    for subject, person in rows:
        found.setdefault(str(subject), []).append(person)
    return found


def areas(session: Session, feed_id: str) -> list[AreaRow]:
    """Every area of the feed, in order of code: a county has a few hundred."""
    return list(session.scalars(select(AreaRow).where(AreaRow.feed_id == feed_id).order_by(AreaRow.code, AreaRow.id)))


class Somebody(NamedTuple):
    """A person as a list names them: a county has 1,200 helpers, whose whole rows cost a page most of its time."""

    id: str
    name: str
    unit: str | None
    staff_no: str | None
    phone: str | None


def cadres(session: Session, feed_id: str, area_ids: Sequence[str] | None) -> list[Somebody]:
    """People who hold a role in these areas, in order of name; all of the feed's for None."""
    columns = (PersonRow.id, PersonRow.name, PersonRow.unit, PersonRow.staff_no, PersonRow.phone)
    query = select(*columns).where(PersonRow.feed_id == feed_id, PersonRow.active.is_(True))
    if area_ids is not None:
        query = query.where(PersonRow.id.in_(select(RoleRow.person_id).where(RoleRow.area_id.in_(area_ids))))
    found = session.execute(query.order_by(PersonRow.name, PersonRow.id).limit(2000))
    return [Somebody(*row) for row in found]


def datasets(session: Session) -> dict[str, dict[str, Any]]:
    """The newest definition of every dataset."""
    newest = select(DatasetRow.name, func.max(DatasetRow.version)).group_by(DatasetRow.name)
    rows = session.scalars(select(DatasetRow).where(tuple_(DatasetRow.name, DatasetRow.version).in_(newest)))
    return {row.name: row.definition for row in rows}


def forms(session: Session, feed_id: str) -> list[FormRow]:
    """The forms people of this feed may fill in, in a fixed order."""
    return list(
        session.scalars(
            select(FormRow).where(or_(FormRow.feed_id.is_(None), FormRow.feed_id == feed_id)).order_by(FormRow.id)
        )
    )


def definition(session: Session, form_id: str, form_version: str) -> dict[str, Any] | None:
    """One published version of a form, as compiled."""
    row = session.get(FormVersionRow, (form_id, form_version))
    return row.definition if row else None
