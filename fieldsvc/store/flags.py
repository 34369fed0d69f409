"""Flags on visits: raised once, dismissed by a person, counted on the visit so that the log can be filtered."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    ChangeRow,
    FlagRow,
    ScrutinyRow,
    SubmissionRow,
)

#: The key under which a submission's `flags` count the open ones.
OPEN = "evidence"


@dataclass(frozen=True, slots=True)
class Flag:
    """What to say of which question of a visit; `about` tells two of the same code apart."""

    submission_id: str
    code: str
    ref: str
    facts: Mapping[str, Any]
    about: str = ""

    @property
    def id(self) -> str:
        """Follows from what is said, not from when."""
        told = "\n".join((self.submission_id, self.code, self.ref, self.about))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Use:
    """A photo where a standing visit names it."""

    submission_id: str
    ref: str
    sha256: str
    subject_id: str
    month: int
    received_at: int
    form_id: str
    form_version: str


def raise_all(session: Session, feed_id: str, flags: Iterable[Flag], at: int) -> None:
    """Raise what is not raised yet, open again what was withdrawn, and count again on the visits concerned."""
    touched = set()
    for flag in flags:
        touched.add(flag.submission_id)
        row = session.get(FlagRow, (feed_id, flag.id))
        if row is not None and row.withdrawn_at is not None:
            row.withdrawn_at, row.facts = None, dict(flag.facts)
            session.flush()
        if row is None:
            session.add(
                FlagRow(
                    feed_id=feed_id,
                    id=flag.id,
                    submission_id=flag.submission_id,
                    code=flag.code,
                    ref=flag.ref,
                    facts=dict(flag.facts),
                    raised_at=at,
                )
            )
            session.flush()
    for submission_id in touched:
        count(session, feed_id, submission_id)


def count(session: Session, feed_id: str, submission_id: str) -> None:
    """Write on the visit how many of its flags are open. Other notes beside that number stay."""
    visit = session.get(SubmissionRow, (feed_id, submission_id), with_for_update=True)
    if visit is None:
        return
    number = sum(is_open(flag) for flag in of_visit(session, feed_id, submission_id))
    others = {name: value for name, value in (visit.flags or {}).items() if name != OPEN}
    wanted = {**others, **({OPEN: number} if number else {})} or None
    if wanted != visit.flags:
        visit.flags = wanted
        session.flush()


def is_open(flag: FlagRow) -> bool:
    """Whether a person is still to look at it."""
    return flag.dismissed_at is None and flag.withdrawn_at is None


def withdraw(session: Session, feed_id: str, flags: Iterable[FlagRow], at: int) -> None:
    """Note that what these flags say holds no longer; they stay readable."""
    touched = set()
    for flag in flags:
        flag.withdrawn_at = at
        touched.add(flag.submission_id)
    session.flush()
    for submission_id in touched:
        count(session, feed_id, submission_id)


def about(session: Session, feed_id: str, code: str, subjects: Collection[str]) -> Sequence[FlagRow]:
    """The flags of this code on the visits to these subjects, withdrawn ones too."""
    if not subjects:
        return ()
    query = select(FlagRow).join(
        SubmissionRow, (SubmissionRow.feed_id == FlagRow.feed_id) & (SubmissionRow.id == FlagRow.submission_id)
    )
    query = query.where(
        SubmissionRow.feed_id == feed_id,
        SubmissionRow.subject_id.in_(list(subjects)),
        FlagRow.code == code,
    )
    return session.scalars(query.order_by(FlagRow.id)).all()


def flagged(session: Session, feed_id: str, submission_ids: Sequence[str]) -> list[str]:
    """Those of the visits that have flags, open or dismissed."""
    query = select(FlagRow.submission_id).where(FlagRow.feed_id == feed_id, FlagRow.submission_id.in_(submission_ids))
    return list(session.scalars(query.distinct()))


def of_visit(session: Session, feed_id: str, submission_id: str) -> Sequence[FlagRow]:
    """A visit's flags, dismissed ones too, in the order in which they were raised."""
    query = select(FlagRow).where(FlagRow.feed_id == feed_id, FlagRow.submission_id == submission_id)
    return session.scalars(query.order_by(FlagRow.raised_at, FlagRow.id)).all()


def find(session: Session, feed_id: str, flag_id: str) -> FlagRow | None:
    """A flag, locked until the commit."""
    return session.get(FlagRow, (feed_id, flag_id), with_for_update=True)


def uses(
    session: Session, feed_id: str, digests: Sequence[str], limit: int, *, of_visit: str | None = None
) -> list[Use]:
    """Where standing visits (not replaced or withdrawn) name these photos, oldest first; or where one visit does."""
    query = (
        select(
            AttachmentRow.submission_id,
            AttachmentRow.ref,
            AttachmentRow.sha256,
            SubmissionRow.subject_id,
            SubmissionRow.month,
            SubmissionRow.received_at,
            SubmissionRow.form_id,
            SubmissionRow.form_version,
            SubmissionRow.flags,
        )
        .join(
            SubmissionRow,
            (SubmissionRow.feed_id == AttachmentRow.feed_id) & (SubmissionRow.id == AttachmentRow.submission_id),
        )
        .where(
            AttachmentRow.feed_id == feed_id,
            AttachmentRow.sha256.in_(digests),
            SubmissionRow.replaced_by_id.is_(None),
            SubmissionRow.withdrawn_at.is_(None),
        )
        .order_by(SubmissionRow.received_at, SubmissionRow.id, AttachmentRow.ref)
        .limit(limit)
    )
    if of_visit is not None:
        query = query.where(AttachmentRow.submission_id == of_visit)
    return [Use(*row[:-1]) for row in session.execute(query) if "trial" not in (row.flags or {})]


def photos_of(session: Session, feed_id: str, submission_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The digests of these visits' photos whose bytes are here, by visit; most visits have none."""
    query = (
        select(AttachmentRow.submission_id, AttachmentRow.sha256)
        .join(BlobRow, (BlobRow.feed_id == AttachmentRow.feed_id) & (BlobRow.sha256 == AttachmentRow.sha256))
        .where(AttachmentRow.feed_id == feed_id, AttachmentRow.submission_id.in_(submission_ids))
        .distinct()
        .order_by(AttachmentRow.submission_id, AttachmentRow.sha256)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for visit, sha256 in session.execute(query):
        found[visit].append(sha256)
    return found


def seen_up_to(session: Session, feed_id: str) -> int:
    """The position up to which visits have been looked through."""
    row = session.get(ScrutinyRow, feed_id)
    return row.position if row else 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the feed: where it ends, the visits in it, and the records that changed."""

    end: int
    visits: Sequence[str]
    records: Sequence[str]


def unseen(session: Session, feed_id: str, after: int, most: int) -> Stretch:
    """The next stretch of the feed."""
    rows = session.execute(
        select(ChangeRow.position, ChangeRow.kind, ChangeRow.ref_id)
        .where(ChangeRow.feed_id == feed_id, ChangeRow.position > after)
        .order_by(ChangeRow.position)
        .limit(most)
    ).all()
    visits, records = (
        list(dict.fromkeys(row.ref_id for row in rows if row.kind == kind)) for kind in ("submission", "entity")
    )
    return Stretch(rows[-1].position if rows else after, visits, records)


def seen_to(session: Session, feed_id: str, position: int) -> None:
    """Note that the feed was looked through to here."""
    session.merge(ScrutinyRow(feed_id=feed_id, position=position))
    session.flush()
