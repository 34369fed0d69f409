"""Writing the evidence about one subject into a package: what was sent, byte for byte, its photos, forms and log."""

from __future__ import annotations

import zipfile
from collections.abc import Set
from dataclasses import dataclass
from typing import IO, Any

import orjson
from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.dossier import scans
from fieldsvc.services.evidence import layout
from fieldsvc.services.packing import Package
from fieldsvc.store import audit, evidence
from fieldsvc.store.evidence import PhotoFound
from fieldsvc.store.tables import EntityRow, OperationRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into the package; `missing` photos are still on phones and named in it."""

    subject_id: str
    label: str
    sent: int
    photos: int
    missing: int


def label_of(ctx: Context, by: Actor, subject_id: str) -> str:
    """What the subject is called, for who may export it. Raises `not-found`."""
    with ctx.db.read() as session:
        access.require(session, by, Action.EXPORT, subject_id)
        found = evidence.subject(session, by.feed_id, subject_id)
        return found.label if found else ""


def export(ctx: Context, by: Actor, subject: str, target: IO[bytes], *, reason: str) -> Exported:
    """Write the package about a subject (its id, or a household's number). Nothing in it is masked.

    Needs the right to export there and a reason; both go on the audit log first. Raises `not-found`,
    `reason-missing`.
    """
    if not reason.strip():
        raise problems.ReasonMissing()
    now = ctx.now_ms()
    with ctx.db.write() as session:
        found = evidence.subject(session, by.feed_id, subject)
        if found is None:
            raise problems.NotFound()
        access.require(session, by, Action.EXPORT, found.id)
        detail = {"full": True, "reason": reason.strip()[:500]}
        entry = audit.Entry(now, by.person_id, "export-evidence", f"subject:{found.id}", by.device_id, detail)
        audit.append(session, by.feed_id, [entry])
        views.note(session, ctx, by, found.id, {"evidence": True})
    with ctx.db.read() as session, zipfile.ZipFile(target, "w") as archive:
        return _write(ctx, session, by, found, Package(archive), now)


def _write(ctx: Context, session: Session, by: Actor, subject: EntityRow, package: Package, now: int) -> Exported:
    feed_id = by.feed_id
    sent = evidence.operations(session, feed_id, subject.id)
    visits = evidence.submissions(session, feed_id, subject.id)
    photos = evidence.photos(session, feed_id, subject.id)
    for row in sent:
        package.put(layout.sent_path(row.id), "sent", iter([row.body]), packed=True)
    here = {photo.sha256: photo.type for photo in photos if photo.type is not None}
    for sha256, kind in here.items():
        package.put(layout.photo_path(sha256, kind), "photo", ctx.blobs.stream(sha256), packed=False)
    for form in evidence.forms(session, {(row.form_id, row.form_version) for row in visits.values()}):
        definition = iter([layout.canonical(form.definition)])
        package.put(layout.form_path(form.form_id, form.version), "form", definition, packed=True)
    held = {str(file["path"]) for file in package.files}
    filed = scans.of_subject(session, feed_id, subject.id)
    for sha256, kind in {paper.sha256: paper.type for paper in filed}.items():
        package.put(layout.paper_path(sha256, kind), "paper", ctx.blobs.stream(sha256), packed=False)
    log = evidence.log(session, feed_id, subject.id, sent)
    lines = [orjson.dumps({name: getattr(row, name) for name in audit.FIELDS}) + b"\n" for row in log]
    package.put(layout.LOG, "log", iter(lines), packed=True)
    head, feed = evidence.head(session, feed_id), evidence.feed(session, feed_id)
    people = {row.author_id for row in sent} | {row.actor_id for row in log if row.actor_id}
    manifest = {
        "format": layout.FORMAT,
        "version": layout.VERSION,
        "made_at": now,
        "made_by": {"id": by.person_id, "name": by.name},
        "feed": {"id": feed_id, "name": feed.name if feed else ""},
        "subject": {"id": subject.id, "dataset": subject.dataset, "label": subject.label},
        "people": evidence.people(session, people),
        "log_head": {"position": head.position, "hash": head.hash} if head else None,
        "sent": [_sent(row, visits.get(row.id), photos, held) for row in sent],
        "filed": [
            {"item": paper.slot, "sha256": paper.sha256, "path": layout.paper_path(paper.sha256, paper.type)}
            for paper in filed
        ],
        "files": sorted(package.files, key=lambda file: str(file["path"])),
    }
    sealed = layout.canonical(manifest)
    package.put(layout.MANIFEST, "manifest", iter([sealed]), packed=True)
    package.put(layout.SEAL, "seal", iter([f"{layout.sha256(sealed)}  {layout.MANIFEST}\n".encode()]), packed=True)
    missing = {photo.sha256 for photo in photos} - here.keys()
    return Exported(subject.id, subject.label, len(sent), len(here), len(missing))


def _sent(row: OperationRow, visit: SubmissionRow | None, photos: list[PhotoFound], held: Set[str]) -> dict[str, Any]:
    """What the manifest says of one thing that was sent; its form is in the package unless its definition was lost."""
    form = layout.form_path(visit.form_id, visit.form_version) if visit else None
    return {
        "id": row.id,
        "kind": row.kind,
        "path": layout.sent_path(row.id),
        "sha256": row.sha256,
        "author": row.author_id,
        "device": row.device_id,
        "received_at": row.received_at,
        "status": row.status,
        "form": form if form in held else None,
        "review": visit.review_state if visit else None,
        "photos": [
            {
                "ref": photo.ref,
                "sha256": photo.sha256,
                "path": layout.photo_path(photo.sha256, photo.type) if photo.type is not None else None,
                **({"capture": photo.capture} if photo.capture else {}),
            }
            for photo in photos
            if photo.submission_id == row.id
        ],
    }
