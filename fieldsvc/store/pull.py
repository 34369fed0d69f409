"""What a phone pulls: feed rows of the topics it follows, and the present state of what they speak of.

The cost follows what changed for this phone: one index seek per held subject, two more for its own topic
and the forms, and then only the rows found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Integer, Select, and_, bindparam, select, true
from sqlalchemy.orm import Session

from fieldsvc.store.changes import FORMS_TOPIC, person_topic
from fieldsvc.store.run import FEED, columns, first, many, rows
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

_feeds, _changes, _scope = columns(FeedRow), columns(ChangeRow), columns(ScopeRow)
_entities, _versions, _people = columns(EntityRow), columns(EntityVersionRow), columns(PersonRow)
_submissions, _attachments, _conflicts = columns(SubmissionRow), columns(AttachmentRow), columns(ConflictRow)
_PERSON: BindParameter[str] = bindparam("person")
_AFTER: BindParameter[int] = bindparam("after")
_LIMIT: BindParameter[int] = bindparam("limit", type_=Integer())


@dataclass(frozen=True, slots=True)
class Head:
    """The feed's epoch, its last position, and the tag of the row there."""

    epoch: str
    position: int
    tag: str


_rows_there, _receipts_there = ChangeRow.__table__.alias(), ChangeRow.__table__.alias()


def _at(rows: Any, position: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(rows.c.feed_id == _feeds.id, rows.c.position == position)


_ENDS = FeedRow.__table__.outerjoin(ChangeRow.__table__, _at(ChangeRow.__table__, _feeds.position))
_HEAD = select(_feeds.epoch, _feeds.position, _changes.tag).select_from(_ENDS).where(_feeds.id == FEED)
#: Every sync asks this first, and a statement costs more than the rows it finds.
_HEAD_AND_TAGS = (
    select(
        _feeds.epoch,
        _feeds.position,
        _changes.tag,
        _rows_there.c.tag.label("there"),
        _receipts_there.c.tag.label("receipt"),
    )
    .select_from(
        _ENDS.outerjoin(_rows_there, _at(_rows_there, bindparam("position", type_=BigInteger()))).outerjoin(
            _receipts_there, _at(_receipts_there, bindparam("receipted", type_=BigInteger()))
        )
    )
    .where(_feeds.id == FEED)
)


def head(session: Session, feed_id: str) -> Head:
    """Where the feed ends in this snapshot."""
    row = first(session, _HEAD, feed=feed_id)
    return Head(row.epoch, row.position, row.tag or "")


def head_and_tags(session: Session, feed_id: str, position: int, receipted: int) -> tuple[Head, str | None, str | None]:
    """`head`, and the tags of the rows at two positions, `None` where there is no such row."""
    row = first(session, _HEAD_AND_TAGS, feed=feed_id, position=position, receipted=receipted)
    return Head(row.epoch, row.position, row.tag or ""), row.there, row.receipt


@cache
def subject_rows(dialect: str) -> Select[Any]:
    """The next rows about subjects a person holds: the statement whose plan is one seek per subject.

    PostgreSQL would rather scan the feed and throw strangers' rows away once its statistics are old: the
    lateral subquery leaves it no choice. SQLite has no lateral, and seeks by itself.
    """
    held = (_scope.feed_id == FEED, _scope.person_id == _PERSON, _scope.revoked_pos.is_(None))
    of_subject = (
        _changes.feed_id == _scope.feed_id,
        _changes.topic == _scope.subject_id,
        _changes.position > _AFTER,
    )
    scope, changes = ScopeRow.__table__, ChangeRow.__table__
    if dialect == "sqlite":
        found = select(changes).select_from(scope.join(changes, and_(*of_subject)))
        return found.where(*held).order_by(_changes.position).limit(_LIMIT)
    inner = select(changes).where(*of_subject).order_by(_changes.position).limit(_LIMIT).lateral("found")
    return select(inner).select_from(scope.join(inner, true())).where(*held).order_by(inner.c.position).limit(_LIMIT)


_OWN_ROWS = (
    select(ChangeRow.__table__)
    .where(_changes.feed_id == FEED, _changes.topic.in_(many("topics")), _changes.position > _AFTER)
    .order_by(_changes.position)
    .limit(_LIMIT)
)


def rows_after(session: Session, feed_id: str, person_id: str, after: int, limit: int) -> tuple[list[Any], bool]:
    """The next rows the person follows, in order, and whether there may be more.

    Two streams are merged; where one of them was cut at the limit, what the other has beyond that place
    must wait for the next page, or a row between would be skipped.
    """
    of_subjects = subject_rows(session.get_bind().dialect.name)
    topics = [person_topic(person_id), FORMS_TOPIC]
    streams = (
        rows(session, of_subjects, feed=feed_id, person=person_id, after=after, limit=limit),
        rows(session, _OWN_ROWS, feed=feed_id, topics=topics, after=after, limit=limit),
    )
    full = [stream[-1].position for stream in streams if len(stream) == limit]
    end = min(full, default=None)
    found = sorted((row for stream in streams for row in stream), key=lambda row: row.position)
    if end is not None:
        found = [row for row in found if row.position <= end]
    return found, bool(full)


_ENTITIES = (
    select(EntityRow.__table__, _people.name.label("written_by"))
    .select_from(
        EntityRow.__table__.outerjoin(
            EntityVersionRow.__table__,
            and_(
                _versions.feed_id == _entities.feed_id,
                _versions.entity_id == _entities.id,
                _versions.version == _entities.version,
            ),
        ).outerjoin(PersonRow.__table__, _people.id == _versions.author_id)
    )
    .where(_entities.feed_id == FEED)
)
_ENTITIES_BY_ID = _ENTITIES.where(_entities.id.in_(many("ids")))
_ENTITIES_BY_SUBJECT = _ENTITIES.where(_entities.subject_id.in_(many("ids")))


def entities(
    session: Session, feed_id: str, *, ids: Collection[str] = (), subjects: Collection[str] = ()
) -> Sequence[Any]:
    """These entities, or all of these subjects, each `written_by` whoever wrote its present version.

    They are put in order here: asked for an order that an index has, SQLite reads a county by that index for three ids.
    """
    statement, wanted = (_ENTITIES_BY_ID, ids) if ids else (_ENTITIES_BY_SUBJECT, subjects)
    return sorted(rows(session, statement, feed=feed_id, ids=list(wanted)), key=lambda row: (row.subject_id, row.id))


_LATER_CHANGES = (
    select(_versions.entity_id, _versions.changed, _people.name, _versions.at)
    .select_from(EntityVersionRow.__table__.outerjoin(PersonRow.__table__, _people.id == _versions.author_id))
    .where(_versions.feed_id == FEED, _versions.entity_id.in_(many("ids")), _versions.version > 1)
    .order_by(_versions.entity_id, _versions.version)
)


def later_changes(session: Session, feed_id: str, entity_ids: Collection[str]) -> list[tuple[str, list[Any], str, int]]:
    """Every version after the first of these entities, oldest first: entity, properties changed, by whom, when."""
    if not entity_ids:
        return []
    found = rows(session, _LATER_CHANGES, feed=feed_id, ids=list(entity_ids))
    return [(entity_id, changed, name or "", at) for entity_id, changed, name, at in found]


_OPEN_CONFLICTS = select(_conflicts.entity_id, _conflicts.names).where(
    _conflicts.feed_id == FEED, _conflicts.entity_id.in_(many("ids")), _conflicts.state == "open"
)


def open_conflicts(session: Session, feed_id: str, entity_ids: Collection[str]) -> dict[str, list[str]]:
    """The properties of these entities that wait for a decision, by entity."""
    found: dict[str, list[str]] = {}
    for entity_id, names in rows(session, _OPEN_CONFLICTS, feed=feed_id, ids=list(entity_ids)) if entity_ids else ():
        found.setdefault(entity_id, []).extend(names)
    return found


_SUMMARIES = (
    select(
        _submissions.id,
        _submissions.form_id,
        _submissions.form_version,
        _submissions.subject_id,
        _submissions.author_id,
        _submissions.started_at,
        _submissions.received_at,
        _submissions.review_state,
        _submissions.replaces_id,
        _submissions.replaced_by_id,
        _submissions.withdrawn_at,
        _submissions.flags,
        _people.name,
    )
    .select_from(SubmissionRow.__table__.outerjoin(PersonRow.__table__, _people.id == _submissions.author_id))
    .where(_submissions.feed_id == FEED)
)
_SUMMARIES_BY_ID = _SUMMARIES.where(_submissions.id.in_(many("ids")))
_SUMMARIES_BY_SUBJECT = _SUMMARIES.where(
    _submissions.subject_id.in_(many("ids")), _submissions.received_at >= bindparam("since")
)


def submissions(
    session: Session, feed_id: str, *, ids: Collection[str] = (), subjects: Collection[str] = (), since: int = 0
) -> list[Any]:
    """These submissions, or those of these subjects received since then, with the author's name, without answers.

    What waits for a supervisor's review has not happened yet for anybody else; a trial never does. In order of subjects
    and arrival, as `entities`.
    """
    if ids:
        found = rows(session, _SUMMARIES_BY_ID, feed=feed_id, ids=list(ids))
    else:
        found = rows(session, _SUMMARIES_BY_SUBJECT, feed=feed_id, ids=list(subjects), since=since)
    told = (row for row in found if not {"review", "trial"} & (row.flags or {}).keys())
    return sorted(told, key=lambda row: (row.subject_id, row.received_at, row.id))


_PHOTOS = (
    select(_attachments.submission_id, _attachments.ref, _attachments.sha256, _attachments.state, _attachments.capture)
    .where(_attachments.feed_id == FEED, _attachments.submission_id.in_(many("ids")))
    .order_by(_attachments.submission_id, _attachments.ref)
)


def photos(session: Session, feed_id: str, submission_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The photos of these submissions, by submission: where in the form, which bytes, whether one can look, and where
    it was taken, as far as that is known: the next photo is to be taken from the same spot."""
    found: dict[str, list[dict[str, Any]]] = {}
    if submission_ids:
        for row in rows(session, _PHOTOS, feed=feed_id, ids=list(submission_ids)):
            photo = {"ref": row.ref, "sha256": row.sha256, "thumb": row.state != "missing"}
            position = (row.capture or {}).get("position")
            found.setdefault(row.submission_id, []).append({**photo, **({"position": position} if position else {})})
    return found


_SCOPE_ROLES = select(_scope.subject_id, _scope.role).where(
    _scope.feed_id == FEED,
    _scope.person_id == _PERSON,
    _scope.subject_id.in_(many("ids")),
    _scope.revoked_pos.is_(None),
)


def scope_roles(session: Session, feed_id: str, person_id: str, subjects: Collection[str]) -> dict[str, str]:
    """The role in which the person holds each of these subjects now; those not held are left out."""
    if not subjects:
        return {}
    found = rows(session, _SCOPE_ROLES, feed=feed_id, person=person_id, ids=list(subjects))
    return {row.subject_id: row.role for row in found}


def notices(session: Session, feed_id: str, person_id: str, limit: int) -> Sequence[Any]:
    """The newest notices addressed to the person, oldest first."""
    query = (
        select(ChangeRow.__table__)
        .where(_changes.feed_id == feed_id, _changes.topic == person_topic(person_id), _changes.kind == "notice")
        .order_by(_changes.position.desc())
        .limit(limit)
    )
    return rows(session, query)[::-1]


def notices_about(session: Session, feed_id: str, person_id: str, refs: Collection[str]) -> Sequence[Any]:
    """The notices addressed to the person about these visits, oldest first."""
    query = (
        select(ChangeRow.__table__)
        .where(
            _changes.feed_id == feed_id,
            _changes.topic == person_topic(person_id),
            _changes.kind == "notice",
            _changes.ref_id.in_(refs),
        )
        .order_by(_changes.position)
    )
    return rows(session, query)
