"""Writes the district into the database: areas, people, households and members, and who visits whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from fieldsvc.demo.district import Cadre, District, Household
from fieldsvc.demo.properties import household_properties, member_properties
from fieldsvc.demo.words import identifiers
from fieldsvc.store import areas, changes, entities, pairings
from fieldsvc.store.changes import NewChange
from fieldsvc.store.entities import NewVersion, Stored
from fieldsvc.store.tables import AssignmentRow, PersonRow, RoleRow
from sync.model import Entity

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything goes: the feed and its county's area; the day it is made for, the moment it is dated."""

    feed_id: str
    county_id: str
    today: date
    at: int


def write_areas(session: Session, place: Place, district: District) -> None:
    """The towns and villages below the county that is there already."""
    paths = {district.places.county.id: f"/{place.county_id}/"}
    for area in district.places.areas()[1:]:
        assert area.parent is not None
        paths[area.id] = f"{paths[area.parent]}{area.id}/"
        parent = place.county_id if area.parent == district.places.county.id else area.parent
        areas.add(
            session,
            id=area.id,
            feed_id=place.feed_id,
            code=area.code,
            name=area.name,
            level=area.level,
            parent_id=parent,
            path=paths[area.id],
        )


def write_people(session: Session, place: Place, people: Iterable[Mapping[str, Any]]) -> None:
    """People with one role each: keys `id name staff_no unit phone password_hash role area_id`."""
    rows = list(people)
    common = {"feed_id": place.feed_id, "locale": "zh", "active": True, "created_at": place.at}
    persons = [{k: v for k, v in row.items() if k not in ("role", "area_id")} | common for row in rows]
    roles = [
        {"person_id": row["id"], "role": row["role"], "area_id": row["area_id"], "from_at": place.at} for row in rows
    ]
    session.execute(insert(PersonRow), persons)
    session.execute(insert(RoleRow), roles)


def cadre_row(cadre: Cadre, *, login: str | None = None, password_hash: str | None = None) -> dict[str, Any]:
    """A cadre as `write_people` wants them; their role is held in the village they help."""
    return {
        "id": cadre.id,
        "name": cadre.name,
        "staff_no": login or cadre.staff_no,
        "unit": cadre.unit,
        "phone": cadre.phone,
        "password_hash": password_hash,
        "role": "cadre",
        "area_id": cadre.households[0].village.area.id,
    }


def write_households(
    session: Session, place: Place, households: Iterable[Household], names: Mapping[str, frozenset[str]]
) -> None:
    """Households and members as first versions of entities, each a change that phones pull.

    `names`: the properties each dataset has; what it lacks is left out.
    """
    written: list[NewVersion] = []
    for household in households:
        subject, area = household.id, household.village.area.id
        properties = household_properties(household)
        home = _first(place, "households", subject, subject, area, household.head.name, properties, names)
        written.append(replace(home, stored=replace(home.stored, practice=household.practice)))
        for member in household.members:
            properties = member_properties(member, place.today)
            written.append(_first(place, "members", member.id, subject, area, member.name, properties, names))
    first = changes.allocate(session, place.feed_id, len(written))
    positions = {new.stored.entity.id: first + at for at, new in enumerate(written)}
    rows = [NewChange(new.stored.subject_id, "entity", new.stored.entity.id, place.at, version=1) for new in written]
    for start in range(0, len(written), BATCH):
        entities.write_versions(session, place.feed_id, written[start : start + BATCH], positions)
        changes.write(session, place.feed_id, first + start, rows[start : start + BATCH])


def _first(
    place: Place,
    dataset: str,
    id_: str,
    subject: str,
    area: str,
    label: str,
    properties: Mapping[str, str | None],
    names: Mapping[str, frozenset[str]],
) -> NewVersion:
    known = {name: value for name, value in properties.items() if name in names[dataset]}
    stored = Stored(Entity(id_, 1, known), dataset, subject, area, label, place.at)
    return NewVersion(stored, 0, sorted(known), "demo", place.at)


def write_pairings(session: Session, place: Place, pairs: Mapping[str, Iterable[Household]]) -> None:
    """Give each person (by id) these households to visit, and their phones the right to hold them."""
    ids = identifiers("assignment")
    grants = {
        person: {household.id: pairings.LEARNER if household.practice else pairings.HELPER for household in given}
        for person, given in pairs.items()
    }
    positions = iter(pairings.rescope(session, place.feed_id, place.at, grants=grants))
    rows = [
        {
            "id": next(ids),
            "feed_id": place.feed_id,
            "person_id": person,
            "subject_id": subject,
            "role": role,
            "from_at": place.at,
            "from_pos": next(positions),
            "reason": "结对帮扶",
        }
        for person, subjects in grants.items()
        for subject, role in subjects.items()
    ]
    session.execute(insert(AssignmentRow), rows)
