"""Files that nothing names, on either database: they are told with their size, and what is under way is not."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from pathlib import Path

import pytest
from sqlalchemy import update

from fieldsvc.blobs import open_store
from fieldsvc.services import fsck, orphans, uploads
from fieldsvc.services.exporting import orders
from fieldsvc.services.orphans import Orphan
from fieldsvc.services.uploads import begin
from fieldsvc.store.tables import ExportRow, FormRow, FormVersionRow, UploadPartRow, UploadRow
from tests.contract.later import later, photographed
from tests.contract.place import Place
from tests.support.seaweed import Seaweed

UPLOAD, ORDER = "0190-aaaa", "0190-bbbb"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def found(place: Place, days: int = 2) -> list[Orphan]:
    """What nothing names, looked for so many days later; in the order of its keys."""
    return sorted(orphans.find(later(place, days).ctx), key=lambda one: one.key)


def test_a_file_that_no_row_names_is_told_with_its_size_and_is_no_damage(place: Place) -> None:
    photographed(place, place.household(), b"a photo with a smaller one")
    left = b"written, and then the power was gone"
    place.ctx.blobs.put(digest(left), left)
    assert found(place) == [Orphan("file", digest(left), len(left))]
    assert list(fsck.check(place.ctx)) == []


def test_what_has_come_within_a_day_may_be_under_way(place: Place) -> None:
    place.ctx.blobs.put(digest(b"a photo"), b"a photo")
    place.ctx.blobs.put(f"parts/{UPLOAD}.000001", b"a piece")
    assert found(place, days=0) == []
    assert len(found(place, days=2)) == 2


def test_bytes_that_come_again_are_under_way_again(place: Place) -> None:
    """A phone sends what an earlier death left lying there: its time is that of the last writing."""
    left, week = b"left by an earlier death", 7 * 24 * 3600
    place.ctx.blobs.put(digest(left), left)
    [file] = (place.ctx.settings.data_folder / "blobs").rglob(digest(left))
    os.utime(file, (file.stat().st_mtime - week,) * 2)
    assert [one.key for one in found(place, days=0)] == [digest(left)]
    place.ctx.blobs.put(digest(left), left)
    assert found(place, days=0) == []


def test_a_photo_whose_visit_is_still_to_come_is_named(place: Place) -> None:
    photo = b"\xff\xd8\xff\xe0 sent before its visit"
    begin.keep(place.ctx, place.office, photo, sha256=digest(photo), kind="image/jpeg", ahead=True)
    assert found(place) == []


def test_the_pictures_of_every_version_of_a_form_are_named_and_missed_when_they_are_gone(place: Place) -> None:
    shown, draft = b"a drawing of a wall", b"a drawing of a roof"
    for data in (shown, draft):
        place.ctx.blobs.put(digest(data), data)
    with place.ctx.db.write() as session:
        session.add(FormRow(id="drawn", title={}, subject_dataset="households", visit=True))
        session.flush()
        for version, state, media in (("1", "published", [shown]), ("2", "draft", [shown, draft]), ("3", "draft", [])):
            known = {"media": [digest(data) for data in media]} if media else {}
            session.add(FormVersionRow(form_id="drawn", version=version, state=state, digest="", definition=known))
    assert found(place) == []
    place.ctx.blobs.delete(digest(draft))
    assert [(one.kind, one.what) for one in fsck.check(place.ctx)] == [("missing", digest(draft))]


def test_pieces_of_an_upload_that_is_not_there_are_told_and_those_of_one_on_its_way_are_not(place: Place) -> None:
    known, left = f"parts/{UPLOAD}.000001", f"parts/{UPLOAD}.000002"
    for key in (known, left):
        place.ctx.blobs.put(key, b"a piece")
    now, by = place.ctx.now_ms(), place.office
    with place.ctx.db.write() as session:
        row = {"id": UPLOAD, "feed_id": by.feed_id, "person_id": by.person_id, "sha256": "ab", "bytes": 9}
        session.add(UploadRow(**row, type="image/jpeg", expires_at=now + 1, created_at=now))
        session.add(UploadPartRow(upload_id=UPLOAD, offset=0, bytes=7, key=known))
    assert found(place) == [Orphan("piece", left, 7)]


@pytest.mark.parametrize("state", ["waiting", "making", "ready", "failed", "gone"])
def test_an_ordered_file_is_named_until_its_order_is_over(place: Place, state: str) -> None:
    """Its bytes are a copy of people's data, which was to be gone by then."""
    order = {"id": ORDER, "feed_id": place.feed_id, "by_id": place.office.person_id, "kind": "visits", "label": ""}
    with place.ctx.db.write() as session:
        session.add(ExportRow(**order, wanted={}, state=state, at=1, expires_at=1))
    place.ctx.blobs.put(f"exports/{ORDER}", b"a table")
    place.ctx.blobs.put("exports/" + digest(b"sums of a ledger, which the worker looks after"), b"{}")
    told = [] if state in ("waiting", "making", "ready") else [Orphan("order", f"exports/{ORDER}", 7)]
    assert found(place) == told
    with place.ctx.db.write() as session:
        session.execute(update(ExportRow).values(id="0190-cccc"))
    assert found(place) == [Orphan("order", f"exports/{ORDER}", 7)]


def test_the_worker_drops_ordered_files_and_pieces_that_nothing_names_and_no_other_file(place: Place) -> None:
    """After a backup was put back the orders of before are not there, and their files hold people's data."""
    keys = [f"exports/{ORDER}", f"parts/{UPLOAD}.000001", digest(b"a photo")]
    for key in keys:
        place.ctx.blobs.put(key, b"a photo")
    tomorrow = later(place, 2).ctx
    assert (orders.tidy(place.ctx), uploads.tidy(place.ctx)) == (0, 0), "they may be under way"
    assert (orders.tidy(tomorrow), uploads.tidy(tomorrow)) == (1, 1)
    assert [place.ctx.blobs.has(key) for key in keys] == [False, False, True]


def test_names_are_looked_up_some_at_a_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "_AT_A_TIME", 2)
    left = [b"left %d" % number for number in range(5)]
    for number, data in enumerate(left):
        place.ctx.blobs.put(digest(data), data)
        photographed(place, place.household(), b"a photo %d" % number)
    assert {one.key for one in found(place)} == {digest(data) for data in left}


def test_an_object_store_is_looked_through_in_the_same_way(place: Place, object_store: Seaweed, tmp_path: Path) -> None:
    """The bucket is shared with other tests, so this one looks for its own."""
    files = open_store(object_store.url(), tmp_path)
    there = Place(dataclasses.replace(place.ctx, blobs=files), place.county)
    named, left = os.urandom(20), os.urandom(30)
    photographed(there, there.household(), named)
    files.put(digest(left), left)
    piece = f"parts/{digest(left)[:12]}.000001"
    files.put(piece, b"a piece")
    mine = {digest(named), digest(left), piece}
    told = {one.key: (one.kind, one.bytes) for one in found(there) if one.key in mine}
    assert told == {digest(left): ("file", 30), piece: ("piece", 7)}
    assert not [one for one in found(there, days=0) if one.key in mine]
