"""The people of a county in lists: who holds which role where, and how they sign in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from fieldsvc.store.pairings import OWN
from fieldsvc.store.tables import AreaRow, AssignmentRow, EntityRow, PersonRow, RoleRow, ScopeRow

#: Where a person stands in a list: it is sorted by name, and names repeat.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Only:
    """Which people are wanted: the beginning of a name or a whole number, a role, areas it is held in."""

    text: str = ""
    role: str | None = None
    areas: Collection[str] | None = None
    active: bool = True


def page(
    session: Session,
    feed_id: str,
    own: Collection[str] | None,
    wanted: Only,
    *,
    at: int,
    after: Key | None = None,
    limit: int = 50,
) -> list[PersonRow]:
    """People by name. With `own` areas only those who hold roles there and nothing, role or household, elsewhere."""
    query = select(PersonRow).where(PersonRow.feed_id == feed_id, PersonRow.active.is_(wanted.active))
    query = query.where(*wholly_within(own, at))
    if wanted.text:
        query = query.where(called(wanted.text))
    if wanted.role or wanted.areas is not None:
        conditions = [RoleRow.role == wanted.role] if wanted.role else []
        conditions += [RoleRow.area_id.in_(wanted.areas)] if wanted.areas is not None else []
        query = query.where(_role(at, *conditions).exists())
    if after:
        query = query.where(tuple_(PersonRow.name, PersonRow.id) > tuple_(*after))
    return list(session.scalars(query.order_by(PersonRow.name, PersonRow.id).limit(limit)))


def wholly_within(own: Collection[str] | None, at: int) -> list[ColumnElement[bool]]:
    """That a person holds roles in these areas and nothing, role or household, elsewhere; of everybody for none."""
    if own is None:
        return []
    return [
        _role(at, RoleRow.area_id.in_(own)).exists(),
        ~_role(at, RoleRow.area_id.not_in(own)).exists(),
        ~_held(EntityRow.area_id.not_in(own)).exists(),
    ]


def called(text: str) -> ColumnElement[bool]:
    """That a person's name begins so, or that one of their numbers is this."""
    return or_(PersonRow.name.startswith(text, autoescape=True), PersonRow.staff_no == text, PersonRow.phone == text)


def roles(session: Session, person_ids: Sequence[str], at: int) -> dict[str, list[tuple[str, str, str]]]:
    """`(role, area id, area name)` of what each of these people holds now, from the top of the tree."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    query = (
        select(RoleRow.person_id, RoleRow.role, AreaRow.id, AreaRow.name)
        .join(AreaRow, AreaRow.id == RoleRow.area_id)
        .where(RoleRow.person_id.in_(person_ids), RoleRow.from_at <= at, _open(at))
        .order_by(AreaRow.path, RoleRow.role)
    )
    for person_id, role, area_id, name in session.execute(query):
        found.setdefault(person_id, []).append((role, area_id, name))
    return found


def assigned(session: Session, feed_id: str, person_ids: Sequence[str]) -> dict[str, int]:
    """How many households, those to learn with apart, are on the phones of each of these people."""
    query = (
        select(ScopeRow.person_id, func.count())
        .join(EntityRow, (EntityRow.feed_id == ScopeRow.feed_id) & (EntityRow.id == ScopeRow.subject_id))
        .where(
            ScopeRow.feed_id == feed_id,
            ScopeRow.person_id.in_(person_ids),
            ScopeRow.revoked_pos.is_(None),
            ScopeRow.role != OWN,
            EntityRow.practice.is_(False),
        )
        .group_by(ScopeRow.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def with_login(session: Session, logins: Collection[str], *, other_than: str = "") -> dict[str, PersonRow]:
    """Who signs in with one of these staff or phone numbers, by that number; of the retired, staff numbers only."""
    query = select(PersonRow).where(
        or_(PersonRow.staff_no.in_(logins), PersonRow.phone.in_(logins) & PersonRow.active),
        PersonRow.id != other_than,
    )
    found: dict[str, PersonRow] = {}
    for row in session.scalars(query.order_by(PersonRow.created_at, PersonRow.id)):
        for number in (row.staff_no, row.phone if row.active else None):
            if number in logins:
                found.setdefault(str(number), row)
    return found


def change(session: Session, person_id: str, values: Mapping[str, Any]) -> None:
    """Write a person's details."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(**values))


def has_assignments(session: Session, feed_id: str, person_id: str, but_roles: Collection[str]) -> bool:
    """Whether anything is still assigned to a person, in any role but these."""
    query = select(AssignmentRow.id).where(
        AssignmentRow.feed_id == feed_id,
        AssignmentRow.person_id == person_id,
        AssignmentRow.to_pos.is_(None),
        AssignmentRow.role.not_in(but_roles),
    )
    return session.scalars(query.limit(1)).first() is not None


def _open(at: int) -> ColumnElement[bool]:
    return or_(RoleRow.to_at.is_(None), RoleRow.to_at > at)


def _role(at: int, *conditions: ColumnElement[bool]) -> Select[str]:
    mine = RoleRow.person_id == PersonRow.id
    return select(RoleRow.person_id).where(mine, RoleRow.from_at <= at, _open(at), *conditions).correlate(PersonRow)


def _held(condition: ColumnElement[bool]) -> Select[str]:
    return (
        select(ScopeRow.subject_id)
        .join(EntityRow, (EntityRow.feed_id == ScopeRow.feed_id) & (EntityRow.id == ScopeRow.subject_id))
        .where(
            ScopeRow.feed_id == PersonRow.feed_id,
            ScopeRow.person_id == PersonRow.id,
            ScopeRow.revoked_pos.is_(None),
            EntityRow.practice.is_(False),
            condition,
        )
        .correlate(PersonRow)
    )
