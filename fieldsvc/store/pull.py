"""What a phone pulls: feed rows of the topics it follows, and the present state of what they speak of.

The cost follows what changed for this phone: one index seek per held subject, two more for its own topic
and the forms, and then only the rows found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select, true
from sqlalchemy.orm import Session, aliased

from fieldsvc.store.changes import FORMS_TOPIC, person_topic
from fieldsvc.store.tables import (
    AttachmentRow,
    ChangeRow,
    ConflictRow,
    EntityRow,
    EntityVersionRow,
    FeedRow,
    PersonRow,
    ScopeRow,
    SubmissionRow,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The feed's epoch, its last position, and the tag of the row there."""

    epoch: str
    position: int
    tag: str


def head(session: Session, feed_id: str) -> Head:
    """Where the feed ends in this snapshot."""
    feed = session.execute(select(FeedRow.epoch, FeedRow.position).where(FeedRow.id == feed_id)).one()
    tag = session.scalar(select(ChangeRow.tag).where(ChangeRow.feed_id == feed_id, ChangeRow.position == feed.position))
    return Head(feed.epoch, feed.position, tag or "")


def subject_rows(session: Session, feed_id: str, person_id: str, after: int, limit: int) -> Select[Any]:
    """The next rows about subjects the person holds: the statement whose plan is one seek per subject.

    PostgreSQL would rather scan the feed and throw strangers' rows away once its statistics are old: the
    lateral subquery leaves it no choice. SQLite has no lateral, and seeks by itself.
    """
    held = (ScopeRow.feed_id == feed_id, ScopeRow.person_id == person_id, ScopeRow.revoked_pos.is_(None))
    of_subject = (
        ChangeRow.feed_id == ScopeRow.feed_id,
        ChangeRow.topic == ScopeRow.subject_id,
        ChangeRow.position > after,
    )
    if _is_sqlite(session):
        return (
            select(ChangeRow)
            .select_from(ScopeRow)
            .join(ChangeRow, and_(*of_subject))
            .where(*held)
            .order_by(ChangeRow.position)
            .limit(limit)
        )
    inner = aliased(
        ChangeRow, select(ChangeRow).where(*of_subject).order_by(ChangeRow.position).limit(limit).lateral("found")
    )
    return select(inner).select_from(ScopeRow).join(inner, true()).where(*held).order_by(inner.position).limit(limit)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def own_rows(feed_id: str, person_id: str, after: int, limit: int) -> Select[Any]:
    """The next rows addressed to the person, or to everybody."""
    return (
        select(ChangeRow)
        .where(
            ChangeRow.feed_id == feed_id,
            ChangeRow.topic.in_((person_topic(person_id), FORMS_TOPIC)),
            ChangeRow.position > after,
        )
        .order_by(ChangeRow.position)
        .limit(limit)
    )


def rows_after(session: Session, feed_id: str, person_id: str, after: int, limit: int) -> tuple[list[ChangeRow], bool]:
    """The next rows the person follows, in order, and whether there may be more.

    Two streams are merged; where one of them was cut at the limit, what the other has beyond that place
    must wait for the next page, or a row between would be skipped.
    """
    statements = (
        subject_rows(session, feed_id, person_id, after, limit),
        own_rows(feed_id, person_id, after, limit),
    )
    streams: list[list[ChangeRow]] = [list(session.scalars(statement)) for statement in statements]
    full = [stream[-1].position for stream in streams if len(stream) == limit]
    end = min(full, default=None)
    rows = sorted((row for stream in streams for row in stream), key=lambda row: row.position)
    if end is not None:
        rows = [row for row in rows if row.position <= end]
    return rows, bool(full)


def entities(
    session: Session, feed_id: str, *, ids: Collection[str] = (), subjects: Collection[str] = ()
) -> list[tuple[EntityRow, str]]:
    """These entities, or all of these subjects, each with the name of who wrote its present version."""
    wanted = EntityRow.id.in_(ids) if ids else EntityRow.subject_id.in_(subjects)
    query = (
        select(EntityRow, PersonRow.name)
        .outerjoin(
            EntityVersionRow,
            and_(
                EntityVersionRow.feed_id == EntityRow.feed_id,
                EntityVersionRow.entity_id == EntityRow.id,
                EntityVersionRow.version == EntityRow.version,
            ),
        )
        .outerjoin(PersonRow, PersonRow.id == EntityVersionRow.author_id)
        .where(EntityRow.feed_id == feed_id, wanted)
        .order_by(EntityRow.subject_id, EntityRow.id)
    )
    return [(entity, name or "") for entity, name in session.execute(query)]


def later_changes(session: Session, feed_id: str, entity_ids: Collection[str]) -> list[tuple[str, list[Any], str, int]]:
    """Every version after the first of these entities, oldest first: entity, properties changed, by whom, when."""
    query = (
        select(EntityVersionRow.entity_id, EntityVersionRow.changed, PersonRow.name, EntityVersionRow.at)
        .outerjoin(PersonRow, PersonRow.id == EntityVersionRow.author_id)
        .where(
            EntityVersionRow.feed_id == feed_id,
            EntityVersionRow.entity_id.in_(entity_ids),
            EntityVersionRow.version > 1,
        )
        .order_by(EntityVersionRow.entity_id, EntityVersionRow.version)
    )
    return [(entity_id, changed, name or "", at) for entity_id, changed, name, at in session.execute(query)]


def open_conflicts(session: Session, feed_id: str, entity_ids: Collection[str]) -> dict[str, list[str]]:
    """The properties of these entities that wait for a decision, by entity."""
    found: dict[str, list[str]] = {}
    query = select(ConflictRow.entity_id, ConflictRow.names).where(
        ConflictRow.feed_id == feed_id, ConflictRow.entity_id.in_(entity_ids), ConflictRow.state == "open"
    )
    for entity_id, names in session.execute(query):
        found.setdefault(entity_id, []).extend(names)
    return found


_SUMMARY = (
    SubmissionRow.id,
    SubmissionRow.form_id,
    SubmissionRow.form_version,
    SubmissionRow.subject_id,
    SubmissionRow.author_id,
    SubmissionRow.started_at,
    SubmissionRow.received_at,
    SubmissionRow.review_state,
    SubmissionRow.replaces_id,
    SubmissionRow.replaced_by_id,
    SubmissionRow.withdrawn_at,
    SubmissionRow.flags,
    PersonRow.name,
)


def submissions(
    session: Session, feed_id: str, *, ids: Collection[str] = (), subjects: Collection[str] = (), since: int = 0
) -> list[Any]:
    """These submissions, or those of these subjects received since then, with the author's name, without answers.

    What waits for a supervisor's review has not happened yet for anybody else.
    """
    wanted = (
        SubmissionRow.id.in_(ids)
        if ids
        else and_(SubmissionRow.subject_id.in_(subjects), SubmissionRow.received_at >= since)
    )
    query = (
        select(*_SUMMARY)
        .outerjoin(PersonRow, PersonRow.id == SubmissionRow.author_id)
        .where(SubmissionRow.feed_id == feed_id, wanted)
        .order_by(SubmissionRow.subject_id, SubmissionRow.received_at, SubmissionRow.id)
    )
    return [row for row in session.execute(query) if "review" not in (row.flags or {})]


def photos(session: Session, feed_id: str, submission_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The photos of these submissions, by submission: where in the form, which bytes, and whether one can look."""
    found: dict[str, list[dict[str, Any]]] = {}
    query = (
        select(AttachmentRow.submission_id, AttachmentRow.ref, AttachmentRow.sha256, AttachmentRow.state)
        .where(AttachmentRow.feed_id == feed_id, AttachmentRow.submission_id.in_(submission_ids))
        .order_by(AttachmentRow.submission_id, AttachmentRow.ref)
    )
    for submission_id, ref, sha256, state in session.execute(query):
        found.setdefault(submission_id, []).append({"ref": ref, "sha256": sha256, "thumb": state != "missing"})
    return found


def scope_roles(session: Session, feed_id: str, person_id: str, subjects: Collection[str]) -> dict[str, str]:
    """The role in which the person holds each of these subjects now; those not held are left out."""
    query = select(ScopeRow.subject_id, ScopeRow.role).where(
        ScopeRow.feed_id == feed_id,
        ScopeRow.person_id == person_id,
        ScopeRow.subject_id.in_(subjects),
        ScopeRow.revoked_pos.is_(None),
    )
    return {row.subject_id: row.role for row in session.execute(query)}


def notices(session: Session, feed_id: str, person_id: str, limit: int) -> Sequence[ChangeRow]:
    """The newest notices addressed to the person, oldest first."""
    query = (
        select(ChangeRow)
        .where(ChangeRow.feed_id == feed_id, ChangeRow.topic == person_topic(person_id), ChangeRow.kind == "notice")
        .order_by(ChangeRow.position.desc())
        .limit(limit)
    )
    return session.scalars(query).all()[::-1]
