"""Rows without the one they belong to, on either database: each is named, and what may come ahead is not."""

from __future__ import annotations

from sqlalchemy import delete, update

from fieldsvc.services import fsck
from fieldsvc.store.attachments import sent_ahead
from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    DerivativeRow,
    EffectRow,
    EntityRow,
    EntityVersionRow,
    FingerprintRow,
    OperationRow,
    SubmissionRow,
    UploadPartRow,
    UploadRow,
)
from tests.contract.later import photographed, visited
from tests.contract.place import Place

ELSEWHERE = "another feed"


def alone(place: Place) -> list[str]:
    """The rows without an owner, of which `fsck` says nothing else."""
    told = list(fsck.check(place.ctx))
    assert {one.kind for one in told} <= {"owner"}
    return [one.what for one in told]


def test_every_row_whose_owner_is_not_there_is_named_by_its_table(place: Place) -> None:
    feed, home = place.feed_id, place.household()
    east = place.cadre(home)
    place.push(east, place.edit(east, home, {"water": "tap"}))
    photo = photographed(place, home, b"a photo")
    assert alone(place) == []
    with place.ctx.db.write() as session:
        picture = {"sha256": "ab", "bytes": 1}
        slot = {"submission_id": "lost", "ref": "/data/photo", "type": "image/jpeg", "subject_id": home}
        session.add(AttachmentRow(feed_id=feed, **slot, **picture, state="missing"))
        session.add(DerivativeRow(feed_id=feed, sha256="cd", kind="thumb", blob_sha256=photo, bytes=1))
        session.add(FingerprintRow(feed_id=feed, sha256="cd", bits=1, band0=1, band1=1, band2=1, band3=1))
        session.add(UploadPartRow(upload_id="lost", offset=0, bytes=1, key="parts/lost"))
        version = {"entity_id": "lost", "version": 1, "properties": {}, "changed": [], "at": 1, "source": "office"}
        session.add(EntityVersionRow(feed_id=feed, **version))
        effect = {"operation_id": "lost", "ordinal": 0, "entity_id": home, "dataset": "households"}
        session.add(EffectRow(feed_id=feed, **effect, status="applied", changes={}))
    assert alone(place) == [
        "attachments lost /data/photo ab",
        "effects lost 0",
        "entity_versions lost 1",
        "derivatives cd thumb",
        "fingerprints cd",
        "upload_parts lost 0",
    ]


def test_what_a_visit_and_its_receipt_belong_to_is_missed_when_it_is_taken_out(place: Place) -> None:
    visit = visited(place, place.household())
    with place.ctx.db.write() as session:
        session.execute(delete(OperationRow).where(OperationRow.id == visit))
    assert alone(place) == [f"submissions {visit}"]
    again = place.household()
    visited(place, again)
    with place.ctx.db.write() as session:
        session.execute(update(OperationRow).values(author_id="nobody"))
    assert alone(place) == [f"submissions {visit}", f"operations visit of {again}"]


def test_a_namesake_in_another_feed_is_no_owner(place: Place) -> None:
    home = place.household()
    east = place.cadre(home)
    place.push(east, place.edit(east, home, {"water": "tap"}))
    photo = photographed(place, home, b"a photo")
    with place.ctx.db.write() as session:
        for table in (SubmissionRow, EntityRow, BlobRow):
            session.execute(update(table).values(feed_id=ELSEWHERE))
    told = {one.what for one in fsck.check(place.ctx) if one.kind == "owner"}
    assert {f"attachments visit of {home} /data/photo {photo}", f"entity_versions {home} 1"} <= told
    assert f"submissions visit of {home}" in told


def test_a_smaller_picture_that_was_sent_ahead_of_its_photo_belongs_to_the_visit_that_names_it(place: Place) -> None:
    photo = photographed(place, place.household(), b"a photo")
    with place.ctx.db.write() as session:
        session.execute(delete(BlobRow).where(BlobRow.sha256 == photo))
        session.execute(update(AttachmentRow).values(state="thumbnail"))
        session.execute(update(DerivativeRow).values(kind=sent_ahead(place.office.person_id)))
        session.add(UploadRow(id="1", **_begun(place, photo)))
        session.add(UploadPartRow(upload_id="1", offset=0, bytes=1, key="parts/1"))
    assert alone(place) == []


def _begun(place: Place, sha256: str) -> dict[str, object]:
    """An upload on its way."""
    who = {"feed_id": place.feed_id, "person_id": place.office.person_id}
    return {**who, "sha256": sha256, "bytes": 9, "type": "image/jpeg", "expires_at": 1, "created_at": 1}
