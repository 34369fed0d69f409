"""Photos and papers of households that are gone go after their days, on either database, and nothing else does."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.blobs import BlobStore
from fieldsvc.blobs.folder import FolderStore
from fieldsvc.problems import NotFound
from fieldsvc.services import aside, backup, orphans, photos, published, purge
from fieldsvc.services.dossier import archive, scans
from fieldsvc.services.uploads import begin
from fieldsvc.store.purging import gone
from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    DerivativeRow,
    FormRow,
    FormVersionRow,
)
from tests.contract.later import NOTHING, deleted, later, photographed, whole
from tests.contract.place import Place
from tests.media.corpus import encoded
from tests.support.shipped import dataset


def test_photos_of_households_that_are_gone_stay_for_ever_unless_the_county_says_how_long(place: Place) -> None:
    home, kept = place.household(), place.household()
    both, own = photographed(place, home, b"seen at both doors"), photographed(place, home, b"the house that is gone")
    photographed(place, kept, b"another house")
    with place.ctx.db.write() as session:
        again = {"submission_id": f"visit of {kept}", "ref": "/data/photo", "subject_id": kept, "state": "present"}
        session.add(AttachmentRow(feed_id=place.feed_id, sha256=both, bytes=1, type="image/jpeg", **again))
    deleted(place, home)
    assert purge.look(later(place, 9000).ctx, place.office).photos == 0

    old = later(place, 9000, keep_evidence_days=3650)
    assert purge.carry_out(old.ctx, old.office).photos == 1

    assert not place.ctx.blobs.has(own)
    assert not place.ctx.blobs.has(hashlib.sha256(b"small" + b"the house that is gone").hexdigest())
    assert place.ctx.blobs.has(both)
    with place.ctx.db.read() as session:
        assert own not in session.scalars(select(BlobRow.sha256)).all()
    assert whole(place)


def test_the_smaller_pictures_go_with_their_photo_unless_something_else_is_made_of_the_same_bytes(place: Place) -> None:
    """The server makes them itself, and each is a file with a row of its own."""
    home, kept, photo, same = place.household(), place.household(), encoded("JPEG"), b"a picture that is shown twice"
    photographed(place, home, b"seen")
    digest = hashlib.sha256(photo).hexdigest()
    begin.keep(place.ctx, place.office, photo, sha256=digest, kind="image/jpeg")
    small, taken = hashlib.sha256(b"smallseen").hexdigest(), photographed(place, kept, b"smallseen")
    photos.derive(place.ctx, place.feed_id, {"sha256": digest})
    with place.ctx.db.write() as session:
        session.add(FormRow(id="drawn", title={}, subject_dataset="households", visit=True))
        session.flush()
        slot = {"submission_id": f"visit of {home}", "ref": "/data/room", "subject_id": home, "state": "present"}
        session.add(AttachmentRow(feed_id=place.feed_id, sha256=digest, bytes=1, type="image/jpeg", **slot))
        drawn = {"media": [hashlib.sha256(same).hexdigest()]}
        session.add(FormVersionRow(form_id="drawn", version="1", state="published", digest="", definition=drawn))
        made = set(session.scalars(select(DerivativeRow.blob_sha256).where(DerivativeRow.sha256 == digest)))
    shown = photographed(place, home, same)
    assert len(made) == 2
    assert all(place.ctx.blobs.has(name) for name in made)
    deleted(place, home)

    old = later(place, 9000, keep_evidence_days=3650)
    purge.carry_out(old.ctx, old.office)

    assert [name for name in (digest, *made) if place.ctx.blobs.has(name)] == []
    assert taken == small
    assert place.ctx.blobs.has(taken), "somebody's own photo"
    assert place.ctx.blobs.has(shown), "a picture of a form"
    with place.ctx.db.read() as session:
        assert {taken, hashlib.sha256(b"smallsmallseen").hexdigest()} == set(session.scalars(select(BlobRow.sha256)))
    assert whole(place)
    assert list(orphans.files(later(place, 2).ctx)) == []


def filed(place: Place, home: str, data: bytes) -> tuple[str, str]:
    """A signed paper that a desk filed for a household: its record and its digest."""
    shipped = dataset(scans.SCANS)
    published.publish_dataset(place.ctx, place.office, shipped, digest=shipped["version"])
    slot = str(next(iter(archive.slots()))["code"])
    return scans.file(place.ctx, place.office, home, slot, data), hashlib.sha256(data).hexdigest()


def test_what_a_desk_filed_for_a_household_that_is_there_stays_though_one_that_is_gone_had_it_too(place: Place) -> None:
    home, kept = place.household(), place.household()
    paper, taken_out = b"%PDF-1.4 signed by both", b"%PDF-1.4 filed in the wrong item"
    both, own = photographed(place, home, paper), photographed(place, home, b"the house that is gone")
    filed(place, kept, paper)
    wrong, still = filed(place, kept, taken_out)
    filed(place, home, taken_out)
    scans.take_out(place.ctx, place.office, kept, wrong, "the wrong item")
    emptied, nameless = filed(place, kept, b"%PDF-1.4 emptied by an earlier release")
    with place.ctx.db.write() as session:
        gone.empty(session, place.feed_id, [emptied])
    deleted(place, home)

    old = later(place, 9000, keep_evidence_days=3650)
    assert purge.carry_out(old.ctx, old.office).photos == 1

    assert [place.ctx.blobs.has(name) for name in (both, still, own)] == [True, True, False]
    with place.ctx.db.read() as session:
        smaller = hashlib.sha256(b"small" + paper).hexdigest()
        assert {both, smaller, still, nameless} == set(session.scalars(select(BlobRow.sha256)))
        assert [one.sha256 for one in scans.of_subject(session, place.feed_id, kept)] == [both]
    assert whole(place)


def test_papers_of_a_household_go_with_its_photos_also_one_that_was_taken_out_long_before(place: Place) -> None:
    home = place.household()
    record, signed = filed(place, home, b"%PDF-1.4 signed")
    wrong, blank = filed(place, home, b"%PDF-1.4 blank")
    scans.take_out(place.ctx, place.office, home, wrong, "the wrong one")
    soon = later(place, 2000, keep_evidence_days=3650)
    purge.carry_out(soon.ctx, soon.office)
    deleted(place, home)
    assert place.ctx.blobs.has(signed)
    assert place.ctx.blobs.has(blank)

    old = later(place, 4000, keep_evidence_days=3650)
    assert purge.look(old.ctx, old.office).photos == 2
    assert purge.carry_out(old.ctx, old.office).photos == 2

    assert not place.ctx.blobs.has(signed)
    assert not place.ctx.blobs.has(blank)
    assert purge.look(old.ctx, old.office) == NOTHING
    with place.ctx.db.read() as session:
        assert scans.of_subject(session, place.feed_id, home) == []
    with pytest.raises(NotFound):
        scans.open_scan(place.ctx, place.office, home, record)
    assert whole(place)


@dataclasses.dataclass
class Meanwhile:
    """The county's files, where something else happens first once: before one of them goes, or after one has come."""

    files: BlobStore
    before_delete: Callable[[], object] | None = None
    after_put: Callable[[], object] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.files, name)

    def delete(self, key: str) -> None:
        happens, self.before_delete = self.before_delete, None
        if happens is not None:
            happens()
        self.files.delete(key)

    def put(self, key: str, data: bytes) -> None:
        self.files.put(key, data)
        happens, self.after_put = self.after_put, None
        if happens is not None:
            happens()


def test_a_paper_that_is_filed_in_the_moment_its_bytes_are_purged_is_there(place: Place) -> None:
    home, kept = place.household(), place.household()
    both, other = b"%PDF-1.4 signed by both", b"%PDF-1.4 of both, too"
    digests = [photographed(place, home, data) for data in (both, other)]
    deleted(place, home)
    old = later(place, 9000, keep_evidence_days=3650)

    def with_files(files: Any) -> Place:
        return Place(dataclasses.replace(old.ctx, blobs=files), place.county)

    def purges() -> None:
        """Looks, and when it has looked and is about to delete, a desk files the same bytes and has them on record."""
        during = with_files(Meanwhile(place.ctx.blobs, before_delete=lambda: filed(place, kept, both)))
        purge.carry_out(during.ctx, during.office)

    # A desk files the other paper: when its bytes are kept and nothing names them yet, the purge comes and goes.
    filed(with_files(Meanwhile(place.ctx.blobs, after_put=purges)), kept, other)

    assert [place.ctx.blobs.has(digest) for digest in digests] == [True, True]
    assert whole(place)


@dataclasses.dataclass
class Deadly(Meanwhile):
    """The county's files, of which one is deleted by a process that ends there."""

    fatal: str = ""

    def delete(self, key: str) -> None:
        if key != self.fatal:
            return self.files.delete(key)
        super().delete(key)
        raise SystemExit


@pytest.mark.parametrize("is_filed", [True, False])
def test_a_purge_that_ends_in_that_moment_takes_nothing_with_it(place: Place, is_filed: bool) -> None:
    home, kept, paper = place.household(), place.household(), b"%PDF-1.4 signed by both"
    signed = photographed(place, home, paper)
    deleted(place, home)
    old = later(place, 9000, keep_evidence_days=3650)
    meanwhile = (lambda: filed(place, kept, paper)) if is_filed else None
    deadly: Any = Deadly(place.ctx.blobs, meanwhile, fatal=signed)
    with pytest.raises(SystemExit):
        purge.carry_out(dataclasses.replace(old.ctx, blobs=deadly), old.office)

    assert not place.ctx.blobs.has(signed)
    assert aside.settle(place.ctx) == 0  # that process may still be at it
    assert aside.settle(old.ctx) > 0
    assert place.ctx.blobs.has(signed) == is_filed
    assert aside.settle(old.ctx) == 0
    assert whole(place)


def test_a_photo_that_is_on_its_way_while_its_bytes_are_purged_is_there_an_hour_later(place: Place) -> None:
    home, photo = place.household(), b"\xff\xd8\xff\xe0 seen at both doors"
    digest = photographed(place, home, photo)
    deleted(place, home)
    old = later(place, 9000, keep_evidence_days=3650)
    # Its bytes are kept, and the purge comes and goes before its row is.
    during: Any = Meanwhile(place.ctx.blobs, after_put=lambda: purge.carry_out(old.ctx, old.office))
    ctx = dataclasses.replace(place.ctx, blobs=during)
    begin.keep(ctx, place.office, photo, sha256=digest, kind="image/jpeg", ahead=True)
    aside.settle(old.ctx)
    assert place.ctx.blobs.get(digest) == photo
    assert whole(place)


def test_what_lies_aside_goes_into_no_backup(place: Place, tmp_path: Path) -> None:
    home = place.household()
    photographed(place, home, b"the house that is gone")
    deleted(place, home)
    old = later(place, 9000, keep_evidence_days=3650)
    purge.carry_out(old.ctx, old.office)
    assert list(place.ctx.blobs.under("aside"))
    if isinstance(place.ctx.blobs, FolderStore):
        backup._copy_new_files(place.ctx.blobs.root, tmp_path / "copy")
        assert list((tmp_path / "copy").rglob("*/aside/*")) == []


def test_a_paper_that_came_after_a_household_was_gone_keeps_what_is_in_its_file(place: Place) -> None:
    home = place.household()
    photographed(place, home, b"the house that is gone")
    deleted(place, home)
    old = later(place, 9000, keep_evidence_days=3650)
    assert purge.look(old.ctx, old.office).photos == 1
    filed(later(place, 8000), home, b"%PDF-1.4 signed late")
    assert purge.look(old.ctx, old.office).photos == 0
