"""Signed papers that come back to a desk: a scan or a photo is filed in an item of the household's file.

What a phone photographs comes in by a form; a town's office has a scanner, and a notice that was signed there never
sees a phone. The bytes are kept as they came under their digest, the record says who filed them when, and the log
holds the digest, so that an evidence package proves this paper as it proves a photo.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc import media
from fieldsvc.problems import NotFound, ScanUnfit
from fieldsvc.services import access, jobs, register, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import attempt
from fieldsvc.services.dossier import archive
from fieldsvc.store import attachments, audit, household_record
from fieldsvc.store.household_record import SCANS as SCANS
from fieldsvc.store.tables import EntityRow

#: Ten pages of a scanner that was left at its finest; a mailbox takes no more either.
MOST_BYTES = 20_000_000
PDF = "application/pdf"
_TYPES = ("image/jpeg", "image/png", PDF)


@dataclass(frozen=True, slots=True)
class Scan:
    """A paper that is filed: its record, the item it stands in, and the digest and type of its bytes."""

    id: str
    slot: str
    sha256: str
    type: str


def file(ctx: Context, by: Actor, household_id: str, slot: str, data: bytes) -> str:
    """File a signed paper; the record's id. The type is what the bytes begin with, whatever the file was called.

    Raises `not-found` (also for an item there is not), `scan-unfit`, and `not-unique` when it is in that item already.
    """
    with ctx.db.read() as session:
        access.require(session, by, Action.REVIEW, household_id)
    item = next((one for one in archive.slots() if one["code"] == slot), None)
    if item is None:
        raise NotFound
    kind = _type(data)
    if kind is None or len(data) > MOST_BYTES:
        raise ScanUnfit
    sha256 = hashlib.sha256(data).hexdigest()
    ctx.blobs.put(sha256, data)
    made_id = ctx.new_id()

    def work(session: Session) -> None:
        now = ctx.now_ms()
        new = attachments.add_blob(session, by.feed_id, sha256, bytes=len(data), type=kind, stored_at=now)
        if new and kind != PDF:
            jobs.add(session, ctx, by.feed_id, "derive", {"sha256": sha256})
        said = {"slot": slot, "sha256": sha256, "type": kind, "bytes": str(len(data))}
        label = str(item["zh"])
        register.create_within(ctx, session, by, SCANS, said, label=label, subject_id=household_id, entity_id=made_id)
        detail = {"record": made_id, **said}
        thing = f"subject:{household_id}"
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "file-paper", thing, by.device_id, detail)])

    attempt(ctx, work)
    if not ctx.blobs.has(sha256):
        ctx.blobs.put(sha256, data)  # a purge took the bytes of a household that is gone, before our record named them
    return made_id


def open_scan(ctx: Context, by: Actor, household_id: str, scan_id: str) -> tuple[Scan, Iterator[bytes]]:
    """A filed paper as it came; who looked is on record first. Raises `not-found`, also once its time was over."""
    with ctx.db.write() as session:
        access.require(session, by, Action.REVIEW, household_id)
        row = household_record.entity(session, by.feed_id, scan_id)
        if row is None or row.deleted or row.dataset != SCANS or row.subject_id != household_id:
            raise NotFound
        found = of(row)
        if not _is_kept(session, by.feed_id, found):
            raise NotFound
        views.note(session, ctx, by, household_id, {"scan": row.label})
    return found, ctx.blobs.stream(found.sha256)


def take_out(ctx: Context, by: Actor, household_id: str, scan_id: str, reason: str) -> None:
    """Take a paper out of its item: it was the wrong one. Its bytes and who filed it stay. Raises `not-found`."""
    with ctx.db.read() as session:
        access.require(session, by, Action.REVIEW, household_id)
        row = household_record.entity(session, by.feed_id, scan_id)
        if row is None or row.deleted or row.dataset != SCANS or row.subject_id != household_id:
            raise NotFound
    register.delete(ctx, by, scan_id, seen_version=row.version, reason=reason)


def of_subject(session: Session, feed_id: str, household_id: str) -> Sequence[Scan]:
    """The papers that are in a household's file, the oldest first; none whose bytes went when their time was over."""
    members = household_record.members(session, feed_id, household_id)
    papers = [of(row) for row in members if row.dataset == SCANS]
    return [paper for paper in papers if _is_kept(session, feed_id, paper)]


def of(row: EntityRow) -> Scan:
    """A record as a paper."""
    said = row.properties
    return Scan(row.id, str(said.get("slot")), str(said.get("sha256")), str(said.get("type")))


def _is_kept(session: Session, feed_id: str, paper: Scan) -> bool:
    return attachments.blob(session, feed_id, paper.sha256) is not None


def _type(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return PDF
    picture = media.sniff(data[:32])
    return picture.type if picture is not None and picture.type in _TYPES else None
