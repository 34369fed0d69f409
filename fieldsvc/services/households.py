"""Households as the office looks them up: search, the whole record with who wrote what, masked by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, cases, reach, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.cases import Case
from fieldsvc.services.context import Context
from fieldsvc.services.corrections import Lost, lost_values
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.dossier import series
from fieldsvc.services.dossier.series import Series
from fieldsvc.store import areas, audit, conflicts, coverage, dossier, household_record, visit_log, visit_record
from fieldsvc.store.audit import Line
from fieldsvc.store.dossier import Pairing
from fieldsvc.store.household_record import Key
from fieldsvc.store.tables import ConflictRow, EntityRow, EntityVersionRow, PersonRow
from fieldsvc.store.visit_log import VisitLine

#: The property a household is known by in the office's files, beside its head's name.
NUMBER = "hh_no"
#: Why all of a household is gone; it is counted until the office closes it.
GONE = "gone_reason"
#: The dataset of the people who belong to a household.
MEMBERS = "members"
#: How many of those who looked last stand on the page itself; the others have a page of their own.
LAST_VIEWERS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One household of a search."""

    id: str
    label: str
    properties: Mapping[str, Any]
    area_id: str | None
    last_visit_at: int | None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of a search, in order of name; with the dataset's definition where a line says why it is gone."""

    lines: Sequence[Found]
    next: Key | None
    reach: reach.Reach
    definition: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A value and where it came from; `visit_id` is the visit that brought it, if one did."""

    name: str
    value: Any
    by: str
    at: int | None
    source: str
    visit_id: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One entity with the origin of each of its values."""

    id: str
    dataset: str
    label: str
    version: int
    properties: Sequence[Property]


@dataclass(frozen=True, slots=True)
class Household:
    """A household, who belongs to it, who visits it, and what is undecided about it.

    `series`: photos in their slots, by the record they are of, under the household's own id where they are of none.
    `doubted`: those of its helpers now who may be people helped themselves.
    """

    record: Record
    members: Sequence[Record]
    others: Sequence[Record]
    cases: Sequence[tuple[Record, Case]]
    visits: Sequence[VisitLine]
    conflicts: Sequence[ConflictRow]
    helpers: Sequence[str]
    doubted: frozenset[str]
    places: Sequence[str]
    is_home: bool
    practice: bool
    gone: str | None
    lost: Sequence[Lost]
    series: Mapping[str, Series]
    pairings: Sequence[Pairing]
    viewers: Sequence[Line]
    datasets: Mapping[str, Mapping[str, Any]]
    form_titles: Mapping[str, Any]


def search(
    ctx: Context, text: str, area_id: str | None, *, by: Actor, after: Key | None = None, limit: int = 50
) -> FoundPage:
    """Households within reach whose head's name begins with `text`, or whose number it is."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        rows = household_record.page(
            session,
            by.feed_id,
            HOUSEHOLDS,
            within.narrowed(area_id),
            text=text,
            number_property=NUMBER,
            after=after,
            limit=limit + 1,
        )
        more, rows = len(rows) > limit, rows[:limit]
        last = coverage.last_visits(session, by.feed_id, [row.id for row in rows])
        return FoundPage(
            lines=[Found(row.id, row.label, row.properties, row.area_id, last.get(row.id)) for row in rows],
            next=(rows[-1].label, rows[-1].id) if more else None,
            reach=within,
            definition=household_record.datasets(session).get(HOUSEHOLDS) if _some_gone(rows) else None,
        )


def _some_gone(rows: Iterable[Any]) -> bool:
    return any(row.properties.get(GONE) for row in rows)


def household(ctx: Context, household_id: str, *, by: Actor, viewed: bool = True) -> Household:
    """One household, whole. The view is written to the audit log, unless the caller has written why already."""
    with ctx.db.read() as session:
        row = _readable(session, household_id, by)
        found = _load(session, ctx, row, by)
    if viewed:
        with ctx.db.write() as session:
            views.note(session, ctx, by, household_id, None)
    return found


def reveal(ctx: Context, household_id: str, entity_id: str, name: str, *, by: Actor) -> None:
    """Note that a masked value is about to be shown, before it is: who, whose, and which property.

    Raises `not-found`, also for a property in which the record has nothing.
    """
    with ctx.db.write() as session:
        _readable(session, household_id, by)
        entity = household_record.entity(session, by.feed_id, entity_id)
        if entity is None or entity.subject_id != household_id or entity.properties.get(name) in (None, ""):
            raise problems.NotFound()
        views.note(session, ctx, by, household_id, {"entity": entity_id, "property": name})


def _readable(session: Session, household_id: str, by: Actor) -> EntityRow:
    row = household_record.entity(session, by.feed_id, household_id)
    if row is None or row.subject_id != row.id or not access.may(session, by, Action.REVIEW, household_id):
        raise problems.NotFound()
    return row


def _load(session: Session, ctx: Context, row: EntityRow, by: Actor) -> Household:
    feed = by.feed_id
    members = household_record.members(session, feed, row.id)
    versions = household_record.versions(session, feed, [row.id, *(one.id for one in members)])
    people = visit_record.people(session, [one.author_id for each in versions.values() for one in each])
    names = {person_id: person.name for person_id, person in people.items()}
    helpers = household_record.helpers(session, feed, [row.id], ctx.now_ms()).get(row.id, [])
    found = cases.of_records(ctx, session, feed, members, versions, names)
    records = {one.id: _record(one, versions.get(one.id, []), names) for one in members}
    in_process = {case.id for case in found}
    above = (areas.path_of_subject(session, feed, row.id) or "").strip("/").split("/")
    return Household(
        record=_record(row, versions.get(row.id, []), names),
        members=[one for one in records.values() if one.dataset == MEMBERS],
        others=[one for one in records.values() if one.dataset != MEMBERS and one.id not in in_process],
        cases=[(records[case.id], case) for case in found],
        visits=visit_log.of_subject(session, feed, row.id),
        conflicts=conflicts.of_subjects(session, feed, [row.id]),
        helpers=[person.name for person in helpers],
        doubted=_doubted(session, feed, helpers),
        places=reach.of(session, by).places(row.area_id),
        is_home=row.dataset == HOUSEHOLDS,
        practice=row.practice,
        gone="merged" if row.merged_into else "deleted" if row.deleted else None,
        lost=lost_values(session, feed, row.id),
        series=series.of_household(ctx, session, feed, row.id, [case.id for case in found]),
        pairings=dossier.pairings(session, feed, row.id, above),
        viewers=audit.of_thing(session, feed, f"subject:{row.id}", "view", before=None, limit=LAST_VIEWERS),
        datasets=household_record.datasets(session),
        form_titles={form.id: form.title for form in household_record.forms(session, feed)},
    )


def _doubted(session: Session, feed_id: str, helpers: Sequence[PersonRow]) -> frozenset[str]:
    """The helpers whom the register has by name and telephone as people who are helped themselves."""
    known = {(person.name, person.phone) for person in helpers if person.phone}
    return frozenset(name for name, _ in dossier.registered(session, feed_id, known)) if known else frozenset()


def _record(row: EntityRow, versions: Sequence[EntityVersionRow], names: Mapping[str, str]) -> Record:
    origin: dict[str, EntityVersionRow] = {}
    for version in versions:
        for name in version.changed or version.properties:
            origin[name] = version
    return Record(
        id=row.id,
        dataset=row.dataset,
        label=row.label,
        version=row.version,
        properties=[
            Property(
                name=name,
                value=value,
                by=names.get(origin[name].author_id or "", "") if name in origin else "",
                at=origin[name].at if name in origin else None,
                source=origin[name].source if name in origin else "",
                visit_id=_visit(origin.get(name)),
            )
            for name, value in row.properties.items()
        ],
    )


def _visit(version: EntityVersionRow | None) -> str | None:
    return version.operation_id if version is not None and version.source == "submission" else None
