"""Reading the audit log: by who, by which household, by kind of act and by day, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from fieldsvc.store import staff
from fieldsvc.store.audit import Line
from fieldsvc.store.audit_order import Search, positions
from fieldsvc.store.tables import (
    AuditRow,
    CampaignRow,
    ConflictRow,
    DeviceRow,
    DifferenceRow,
    EntityRow,
    ImportRow,
    PersonRow,
    SubmissionRow,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One entry and the thing it is about, by kind and id."""

    line: Line
    thing: str


def page(
    session: Session,
    feed_id: str,
    wanted: Search,
    own: Collection[str] | None,
    *,
    at: int,
    before: int | None = None,
    limit: int = 50,
) -> list[Found]:
    """Entries from before a place in the log; with `own` areas only about households and people in them."""
    always = [AuditRow.feed_id == feed_id, *_days(session, feed_id, wanted)]
    if own is not None:
        always.append(or_(*_within(feed_id, own, at)))
    if before is not None:
        always.append(AuditRow.position < before)
    places = session.scalars(positions(wanted, always, limit)).all()
    # Other names for the two tables: those who are written about below are not those who wrote.
    who, phone = aliased(PersonRow), aliased(DeviceRow)
    query = (
        select(AuditRow, who.name, who.unit, phone.name.label("device"))
        .join(who, who.id == AuditRow.actor_id, isouter=True)
        .join(phone, phone.id == AuditRow.device_id, isouter=True)
        .where(AuditRow.feed_id == feed_id, AuditRow.position.in_(places))
        .order_by(AuditRow.position.desc())
    )
    return [
        Found(
            Line(row.position, row.at, row.action, name or "", unit or "", device, row.detail or {}, row.actor_id),
            row.thing,
        )
        for row, name, unit, device in session.execute(query)
    ]


def things_of(session: Session, feed_id: str, subject_id: str) -> list[str]:
    """Everything the log may call when it means this household: itself, its records, its visits, its conflicts."""
    tables = (
        ("entity", select(EntityRow.id).where(EntityRow.feed_id == feed_id, EntityRow.subject_id == subject_id)),
        (
            "submission",
            select(SubmissionRow.id).where(SubmissionRow.feed_id == feed_id, SubmissionRow.subject_id == subject_id),
        ),
        (
            "conflict",
            select(ConflictRow.id).where(ConflictRow.feed_id == feed_id, ConflictRow.subject_id == subject_id),
        ),
    )
    found = [f"{kind}:{one}" for kind, query in tables for one in session.scalars(query)]
    return [f"subject:{subject_id}", *found]


def subjects_of(session: Session, feed_id: str, things: Collection[str]) -> dict[str, tuple[str, str]]:
    """`(household, its name)` of those of these things that belong to one."""
    ids: dict[str, set[str]] = {}
    for thing in things:
        kind, _, identifier = thing.partition(":")
        ids.setdefault(kind, set()).add(identifier)
    owners = {f"subject:{one}": one for one in ids.get("subject", ())}
    for kind, column, key in (
        ("entity", EntityRow.subject_id, EntityRow.id),
        ("submission", SubmissionRow.subject_id, SubmissionRow.id),
        ("conflict", ConflictRow.subject_id, ConflictRow.id),
    ):
        if kind in ids:
            rows = session.execute(select(key, column).where(key.in_(ids[kind])))
            owners |= {f"{kind}:{row[0]}": row[1] for row in rows}
    query = select(EntityRow.id, EntityRow.label).where(
        EntityRow.feed_id == feed_id, EntityRow.id.in_(set(owners.values()))
    )
    labels = {row.id: row.label for row in session.execute(query)}
    return {thing: (subject, labels[subject]) for thing, subject in owners.items() if subject in labels}


def titles_of(session: Session, feed_id: str, things: Collection[str]) -> dict[str, str]:
    """What imports, campaigns and differences are called that are among these things."""
    ids: dict[str, set[str]] = {}
    for thing in things:
        kind, _, identifier = thing.partition(":")
        ids.setdefault(kind, set()).add(identifier)
    found: dict[str, str] = {}
    for kind, key, title in (
        ("import", ImportRow.id, ImportRow.filename),
        ("campaign", CampaignRow.id, CampaignRow.name),
    ):
        if kind in ids:
            found |= {
                f"{kind}:{one}": said for one, said in session.execute(select(key, title).where(key.in_(ids[kind])))
            }
    # Of a difference the last part names the record, or the row that has none. Before it stand source and roster.
    refs = {one: one.rpartition("/") for one in ids.get("difference", ())}
    if refs:
        query = select(DifferenceRow.ref, DifferenceRow.label).where(
            DifferenceRow.feed_id == feed_id, DifferenceRow.ref.in_({ref for _, _, ref in refs.values()})
        )
        labels = {row.ref: row.label for row in session.execute(query)}
        found |= {f"difference:{one}": labels[ref] for one, (_, _, ref) in refs.items() if ref in labels}
    return found


def owners_of_devices(session: Session, device_ids: Collection[str]) -> dict[str, str]:
    """Whose these phones are."""
    query = select(DeviceRow.id, DeviceRow.person_id).where(DeviceRow.id.in_(device_ids))
    return {row.id: row.person_id for row in session.execute(query)}


def called(session: Session, feed_id: str, text: str) -> list[str]:
    """The people whose name begins so or who have this number; twenty at most."""
    query = select(PersonRow.id).where(PersonRow.feed_id == feed_id, staff.called(text))
    return list(session.scalars(query.order_by(PersonRow.name, PersonRow.id).limit(20)))


def _days(session: Session, feed_id: str, wanted: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions += [
            AuditRow.at >= wanted.since,
            AuditRow.position >= _place(session, feed_id, wanted.since - _SLACK),
        ]
    if wanted.until is not None:
        conditions += [AuditRow.at < wanted.until, AuditRow.position <= _place(session, feed_id, wanted.until + _SLACK)]
    return conditions


#: An entry's moment is taken before its place in the log, so neighbours may stand the other way round, by seconds.
_SLACK = 10 * 60_000


def _place(session: Session, feed_id: str, at: int) -> int:
    """The first place in the log at or after that moment, found by halving: there is no index by time, nor a need."""
    low = 1
    high = (session.scalar(select(func.max(AuditRow.position)).where(AuditRow.feed_id == feed_id)) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = session.scalar(
            select(AuditRow.at)
            .where(AuditRow.feed_id == feed_id, AuditRow.position >= middle)
            .order_by(AuditRow.position)
            .limit(1)
        )
        if found is not None and found < at:
            low = middle + 1
        else:
            high = middle
    return low


def _within(feed_id: str, own: Collection[str], at: int) -> list[ColumnElement[bool]]:
    """That an entry is about a household in these areas, about a visit or conflict there, or about somebody there."""

    def is_about(kind: str, key: ColumnElement[str] | object) -> ColumnElement[bool]:
        return AuditRow.thing.startswith(f"{kind}:") & (func.substr(AuditRow.thing, len(kind) + 2) == key)

    # Each says what it means by the row outside: left alone, a subquery within a subquery would read the log anew.
    households = select(EntityRow.id).where(EntityRow.feed_id == feed_id, EntityRow.area_id.in_(own))
    households = households.correlate(AuditRow)
    conflicts = select(ConflictRow.id).where(
        ConflictRow.feed_id == feed_id, ConflictRow.subject_id == EntityRow.id, is_about("conflict", ConflictRow.id)
    )
    visits = select(SubmissionRow.id).where(SubmissionRow.feed_id == feed_id, SubmissionRow.area_id.in_(own))
    somebody = select(PersonRow.id).where(PersonRow.feed_id == feed_id, *staff.wholly_within(own, at))
    somebody = somebody.correlate(AuditRow)
    phones = select(DeviceRow.id).where(DeviceRow.person_id == PersonRow.id, is_about("device", DeviceRow.id))
    return [
        households.where(is_about("subject", EntityRow.id)).exists(),
        households.where(is_about("entity", EntityRow.id)).exists(),
        households.where(conflicts.correlate(AuditRow, EntityRow).exists()).exists(),
        visits.where(is_about("submission", SubmissionRow.id)).correlate(AuditRow).exists(),
        somebody.where(is_about("person", PersonRow.id)).exists(),
        somebody.where(phones.correlate(AuditRow, PersonRow).exists()).exists(),
    ]
