"""Which photos submissions name, which of them have arrived, and what was made of them.

To name a digest is not to have the photo: a link counts from the moment its author has sent the bytes, or could see
them anyway. Otherwise a digest copied from a list would open a stranger's picture.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, first, many, rows, table, write_all
from fieldsvc.store.tables import AttachmentRow, BlobRow, DerivativeRow, ScopeRow, SubmissionRow

#: What has come for a link from its author: nothing, a thumbnail, the bytes.
MISSING, THUMBNAIL, PRESENT = "missing", "thumbnail", "present"
_IN_SUBMISSION = and_(SubmissionRow.feed_id == AttachmentRow.feed_id, SubmissionRow.id == AttachmentRow.submission_id)


_WAITING = (
    select(AttachmentRow.submission_id, SubmissionRow.author_id)
    .join(SubmissionRow, _IN_SUBMISSION)
    .where(AttachmentRow.feed_id == FEED, AttachmentRow.sha256 == bindparam("sha256"), AttachmentRow.state != PRESENT)
)
_LINKED = (
    update(table(AttachmentRow))
    .where(AttachmentRow.feed_id == FEED, AttachmentRow.sha256 == bindparam("digest"))
    .where(AttachmentRow.submission_id.in_(many("submissions")))
    .values(state=PRESENT)
)
_HELD = select(BlobRow.sha256).where(BlobRow.feed_id == FEED, BlobRow.sha256 == bindparam("sha256"))
_BLOB = insert(table(BlobRow))


def sent_ahead(person_id: str) -> str:
    """The kind of derivative that a person's phone has sent ahead; shown for that person's links alone."""
    return f"thumb:{person_id}"


def blob(session: Session, feed_id: str, sha256: str) -> BlobRow | None:
    """The verified bytes of that digest in this feed, or None."""
    return session.get(BlobRow, (feed_id, sha256))


def derivative(session: Session, feed_id: str, sha256: str, kind: str) -> DerivativeRow | None:
    """The `thumb` or `screen` of a photo, or None while there is none."""
    return session.get(DerivativeRow, (feed_id, sha256, kind))


def small_of(session: Session, feed_id: str, subject_id: str, digests: Collection[str]) -> dict[str, str]:
    """The blob of the thumbnail that was made here, by photo: of this subject's photos whose bytes have come."""
    made = DerivativeRow
    query = (
        select(made.sha256, made.blob_sha256)
        .distinct()
        .join(AttachmentRow, and_(AttachmentRow.feed_id == made.feed_id, AttachmentRow.sha256 == made.sha256))
        .where(
            made.feed_id == feed_id,
            made.sha256.in_(list(digests)),
            made.kind == "thumb",
            made.made_here,
            AttachmentRow.subject_id == subject_id,
            AttachmentRow.state == PRESENT,
        )
    )
    return {row.sha256: row.blob_sha256 for row in session.execute(query)}


def sent_by(session: Session, feed_id: str, person_id: str, digests: Sequence[str]) -> set[str]:
    """Which of these digests this person's own submissions name."""
    query = (
        select(AttachmentRow.sha256)
        .join(
            SubmissionRow,
            (SubmissionRow.feed_id == AttachmentRow.feed_id) & (SubmissionRow.id == AttachmentRow.submission_id),
        )
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.sha256.in_(digests),
            SubmissionRow.author_id == person_id,
        )
    )
    return set(session.scalars(query))


@dataclass(frozen=True, slots=True)
class Link:
    """One slot that names a photo: whose submission it is in, about whom, and what has come of it from its author."""

    author_id: str
    subject_id: str
    state: str


def links(session: Session, feed_id: str, sha256: str, *, person_id: str | None = None) -> list[Link]:
    """The links that count: whose author has sent the bytes, or at least a thumbnail. Those with the bytes first.

    With a person, only those of the person's own submissions and of subjects the person holds.
    """
    query = select(SubmissionRow.author_id, AttachmentRow.subject_id, AttachmentRow.state).distinct()
    query = query.join(AttachmentRow, _IN_SUBMISSION).where(
        AttachmentRow.feed_id == feed_id, AttachmentRow.sha256 == sha256, AttachmentRow.state != MISSING
    )
    if person_id is not None:
        query = query.outerjoin(ScopeRow, _held_by(person_id)).where(_within_sight(person_id))
    return sorted((Link(*row) for row in session.execute(query)), key=lambda link: link.state != PRESENT)


def visible_to(session: Session, feed_id: str, person_id: str, sha256: str) -> bool:
    """Whether this person has sent the photo's bytes, or holds a subject for which their author has."""
    return any(link.state == PRESENT for link in links(session, feed_id, sha256, person_id=person_id))


def already_shown(session: Session, feed_id: str, person_id: str, digests: Collection[str]) -> dict[str, str]:
    """Which of these photos this person has, by digest: `present` where they may see the whole, `thumbnail` where they
    have sent one."""
    query = (
        select(AttachmentRow.sha256, AttachmentRow.state)
        .distinct()
        .join(SubmissionRow, _IN_SUBMISSION)
        .outerjoin(ScopeRow, _held_by(person_id))
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.sha256.in_(list(digests)),
            or_(
                and_(AttachmentRow.state == PRESENT, _within_sight(person_id)),
                and_(AttachmentRow.state == THUMBNAIL, SubmissionRow.author_id == person_id),
            ),
        )
    )
    found: dict[str, str] = {}
    for sha256, state in session.execute(query):
        if found.get(sha256) != PRESENT:
            found[sha256] = state
    return found


def note_thumbnail(session: Session, feed_id: str, person_id: str, sha256: str) -> None:
    """A thumbnail has come from this person: for the links of their own submissions, and for no other."""
    own = select(SubmissionRow.id).where(SubmissionRow.feed_id == feed_id, SubmissionRow.author_id == person_id)
    session.execute(
        update(AttachmentRow)
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.sha256 == sha256,
            AttachmentRow.state == MISSING,
            AttachmentRow.submission_id.in_(own),
        )
        .values(state=THUMBNAIL)
    )


def note_possession(session: Session, feed_id: str, person_id: str, sha256: str) -> None:
    """The bytes have come from this person, or the person may see them: link their slots.

    So are the slots of others that name it where they may see it by now: the visit that was amended by the next
    helper while its photos were still on the first one's phone.
    """
    waiting = rows(session, _WAITING, feed=feed_id, sha256=sha256)
    _link(session, feed_id, sha256, [id_ for id_, author in waiting if author == person_id])
    others = [(id_, author) for id_, author in waiting if author != person_id]
    _link(session, feed_id, sha256, [id_ for id_, author in others if visible_to(session, feed_id, author, sha256)])


def _link(session: Session, feed_id: str, sha256: str, submissions: Sequence[str]) -> None:
    if submissions:
        parameters = {"feed": feed_id, "digest": sha256, "submissions": submissions}
        session.connection().execute(_LINKED, parameters)


def _held_by(person_id: str) -> ColumnElement[bool]:
    return and_(
        ScopeRow.feed_id == AttachmentRow.feed_id,
        ScopeRow.subject_id == AttachmentRow.subject_id,
        ScopeRow.person_id == person_id,
        ScopeRow.revoked_pos.is_(None),
    )


def _within_sight(person_id: str) -> ColumnElement[bool]:
    return or_(SubmissionRow.author_id == person_id, ScopeRow.person_id.is_not(None))


def add_blob(session: Session, feed_id: str, sha256: str, **values: Any) -> bool:
    """Record verified bytes, and say whether they are new; recording them again changes nothing."""
    if first(session, _HELD, feed=feed_id, sha256=sha256) is not None:
        return False
    write_all(session, _BLOB, [{"feed_id": feed_id, "sha256": sha256, **values}])
    return True


def named_by(session: Session, feed_id: str, sha256: str) -> list[tuple[str, str, str]]:
    """Which questions a photo answers: form, form version and concrete reference."""
    query = select(SubmissionRow.form_id, SubmissionRow.form_version, AttachmentRow.ref).distinct()
    query = query.join(AttachmentRow, _IN_SUBMISSION)
    found = session.execute(query.where(AttachmentRow.feed_id == feed_id, AttachmentRow.sha256 == sha256))
    return [(form_id, version, ref) for form_id, version, ref in found]


def note_codes(session: Session, feed_id: str, sha256: str, codes: Sequence[str]) -> None:
    """Note the texts of the codes that were read in a photo."""
    row = session.get(BlobRow, (feed_id, sha256))
    if row is not None:
        row.codes = list(codes)


def describe(
    session: Session, feed_id: str, sha256: str, *, width: int | None, height: int | None, unshown: str | None
) -> None:
    """Note what was found when the bytes were opened: the picture's size, or why it cannot be shown."""
    row = session.get(BlobRow, (feed_id, sha256))
    if row is not None:
        row.width, row.height, row.unshown = width, height, unshown


def put_derivative(session: Session, row: DerivativeRow) -> None:
    """Record a smaller picture. One made here takes the place of one a phone sent ahead, never the other way."""
    before = session.get(DerivativeRow, (row.feed_id, row.sha256, row.kind))
    if before is None:
        session.add(row)
    elif row.made_here:
        before.blob_sha256, before.bytes = row.blob_sha256, row.bytes
        before.width, before.height, before.made_here = row.width, row.height, True
    session.flush()
