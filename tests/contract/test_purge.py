"""What is kept no longer goes, on either database: who looked, what deleted records held, photos; nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from fieldsvc.blobs import BlobStore
from fieldsvc.problems import NotFound, PreconditionFailed
from fieldsvc.services import evidence, fsck, jobs, published, purge, views
from fieldsvc.services.dossier import archive, scans
from fieldsvc.services.imports import desk
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.purge import Due
from fieldsvc.store import import_lines
from fieldsvc.store.purging import gone
from fieldsvc.store.purging.views import EMPTIED
from fieldsvc.store.tables import (
    AttachmentRow,
    AuditRow,
    BlobRow,
    DatasetRow,
    DerivativeRow,
    EntityRow,
    EntityVersionRow,
    ExportRow,
    ImportFileRow,
    ImportLineRow,
    ImportRow,
    OperationRow,
)
from tests.contract.place import Place
from tests.imports.sheets_made import csv
from tests.support.shipped import dataset

DAY_MS = 24 * 3600 * 1000
NOTHING = Due(views=0, tombstones=0, photos=0, exports=0, imports=0)


def later(place: Place, days: int, **settings: Any) -> Place:
    """The same county so many days later."""
    ctx, moved = place.ctx, place.ctx.now_ms() + days * DAY_MS
    kept = dataclasses.replace(ctx.settings, **settings)
    return Place(dataclasses.replace(ctx, settings=kept, now_ms=lambda: moved), place.county)


def whole(place: Place) -> bool:
    """Whether neither `fsck` nor the check of evidence finds anything."""
    return [*fsck.check(place.ctx), *evidence.check(place.ctx)] == []


def looks(place: Place, home: str) -> None:
    with place.ctx.db.write() as session:
        views.note(session, place.ctx, place.office, home, {"properties": ["phone"]})


def photographed(place: Place, home: str, data: bytes) -> str:
    """A photo of a household with a smaller picture, both here whole; the photo's digest."""
    feed, sha256, small = place.feed_id, hashlib.sha256(data).hexdigest(), hashlib.sha256(b"small" + data).hexdigest()
    place.ctx.blobs.put(sha256, data)
    place.ctx.blobs.put(small, b"small" + data)
    with place.ctx.db.write() as session:
        known = {"bytes": len(data), "type": "image/jpeg"}
        session.add(BlobRow(feed_id=feed, sha256=sha256, stored_at=0, **known))
        session.add(DerivativeRow(feed_id=feed, sha256=sha256, kind="thumb", blob_sha256=small, bytes=1))
        slot = {"submission_id": f"visit of {home}", "ref": "/data/photo", "subject_id": home, "state": "present"}
        session.add(AttachmentRow(feed_id=feed, sha256=sha256, **slot, **known))
    return sha256


def deleted(place: Place, home: str) -> None:
    """The household is a tombstone from now on, with its values still in it."""
    with place.ctx.db.write() as session:
        session.execute(update(EntityRow).where(EntityRow.id == home).values(deleted=True))


def test_who_looked_goes_after_its_days_and_the_log_stays_whole(place: Place) -> None:
    home = place.household(phone="09990000001")
    east = place.cadre(home)
    looks(place, home)
    place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    assert purge.look(later(place, 999).ctx, place.office) == NOTHING
    old = later(place, 1001, keep_views_days=1000)
    looks(old, home)

    assert purge.look(old.ctx, old.office) == dataclasses.replace(NOTHING, views=1)
    assert purge.carry_out(old.ctx, old.office) == dataclasses.replace(NOTHING, views=1)

    assert purge.look(old.ctx, old.office) == NOTHING
    with place.ctx.db.read() as session:
        acts = session.scalars(select(AuditRow).order_by(AuditRow.position)).all()
    [emptied] = [row for row in acts if row.action == EMPTIED]
    assert (emptied.actor_id, emptied.device_id, emptied.thing, emptied.detail) == (None, None, "", None)
    assert {"push", "view", "purge"} <= {row.action for row in acts}, "what was written, and who looked since, stays"
    assert whole(place)


def test_what_phones_sent_of_looking_goes_with_it_and_nothing_else_they_sent(place: Place) -> None:
    home = place.household()
    east = place.cadre(home)
    shown = {"kind": "view", "entity": home, "properties": ["phone"]}
    place.push(east, place.edit(east, home, {}, **shown), place.edit(east, home, {"phone": "09990000002"}))
    old = later(place, 2000)
    purge.carry_out(old.ctx, old.office)
    with place.ctx.db.read() as session:
        assert set(session.scalars(select(OperationRow.kind).where(OperationRow.author_id == east.person_id))) == {
            "edit"
        }
    assert whole(place)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET action = 'emptied', thing = '', actor_id = NULL WHERE action = 'push'",
        "UPDATE audit SET hash = 'another' WHERE action = 'emptied'",
        "UPDATE audit SET action = 'view' WHERE action = 'emptied'",
    ],
)
def test_a_line_that_no_purge_has_emptied_is_named(place: Place, tampering: str) -> None:
    home = place.household()
    east = place.cadre(home)
    looks(place, home)
    place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    old = later(place, 2000)
    purge.carry_out(old.ctx, old.office)
    assert whole(place)
    with place.ctx.db.write() as session:
        session.execute(text(tampering))
    assert {broken.kind for broken in fsck.check(place.ctx)} == {"log"}


def test_a_second_purge_seals_what_the_first_had_emptied_too(place: Place) -> None:
    home = place.household()
    for days in (2000, 4000):
        looks(later(place, days - 2000), home)
        old = later(place, days)
        assert purge.carry_out(old.ctx, old.office).views == 1
    assert whole(place)


def test_a_deleted_record_loses_its_values_in_every_version_and_keeps_its_place(place: Place) -> None:
    home, kept = place.household(phone="09990000001"), place.household(phone="09990000003")
    east = place.cadre(home)
    place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    deleted(place, home)
    old = later(place, 2000)
    assert purge.carry_out(old.ctx, old.office).tombstones == 1
    with place.ctx.db.read() as session:
        values = session.scalars(select(EntityVersionRow.properties).where(EntityVersionRow.entity_id == home)).all()
        row = session.scalars(select(EntityRow).where(EntityRow.id == home)).one()
    assert (values, row.properties, row.label, row.deleted) == ([{}, {}], {}, "", True)
    assert place.record(kept)[1]["phone"] == "09990000003"
    assert whole(place)


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
        assert {both, still, nameless} == set(session.scalars(select(BlobRow.sha256)))
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


def test_a_paper_that_came_after_a_household_was_gone_keeps_what_is_in_its_file(place: Place) -> None:
    home = place.household()
    photographed(place, home, b"the house that is gone")
    deleted(place, home)
    old = later(place, 9000, keep_evidence_days=3650)
    assert purge.look(old.ctx, old.office).photos == 1
    filed(later(place, 8000), home, b"%PDF-1.4 signed late")
    assert purge.look(old.ctx, old.office).photos == 0


def test_orders_of_files_that_are_over_are_forgotten_and_one_that_may_be_fetched_is_not(place: Place) -> None:
    now, over, alive = place.ctx.now_ms(), "00000001", "00000002"
    place.ctx.blobs.put(f"exports/{over}", b"a table")
    with place.ctx.db.write() as session:
        for name, ends in ((over, now), (alive, now + 9000 * DAY_MS)):
            order = {"feed_id": place.feed_id, "by_id": place.office.person_id, "kind": "visits", "wanted": {}}
            session.add(ExportRow(id=name, label="", state="ready", at=now, expires_at=ends, **order))
    old = later(place, 100)
    assert purge.carry_out(old.ctx, old.office).exports == 1
    with place.ctx.db.read() as session:
        assert session.scalars(select(ExportRow.id)).all() == [alive]
    assert not place.ctx.blobs.has(f"exports/{over}")


def imported(place: Place) -> tuple[str, str]:
    """Two imports of one sheet: the first is written, of the second nobody has named the columns."""
    with place.ctx.db.write() as session:  # the stories' small record gives way to the one that ships
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    published.publish_dataset(place.ctx, place.office, dataset("households"), digest="shipped")
    sheet = csv(("户编号", "村代码", "户主姓名"), ("H1", "451000000000", "王一"), ("H2", "no code", "王二"))
    done, asked = (
        desk.upload(place.ctx, place.office, kind="households", source="county", data=sheet, filename="a.csv")
        for _ in range(2)
    )
    assert (
        desk.name_columns(place.ctx, place.office, done, list(desk.show(place.ctx, place.office, done).mapping)) == []
    )
    jobs.run_due(place.ctx, HANDLERS)
    desk.act(place.ctx, place.office, done, "start")
    jobs.run_due(place.ctx, HANDLERS)
    return done, asked


def test_what_an_imported_sheet_held_goes_after_its_days_and_it_is_taken_back_no_more(place: Place) -> None:
    done, asked = imported(place)
    assert purge.look(later(place, 300).ctx, place.office).imports == 0

    old = later(place, 400)
    assert purge.look(old.ctx, old.office) == dataclasses.replace(NOTHING, imports=2)
    assert purge.carry_out(old.ctx, old.office) == dataclasses.replace(NOTHING, imports=2)

    assert purge.look(old.ctx, old.office) == NOTHING
    shown = [desk.show(old.ctx, old.office, one) for one in (done, asked)]
    assert [(one.row.state, dict(one.counts)) for one in shown] == [("closed", {"new": 1, "error": 1}), ("dropped", {})]
    with place.ctx.db.read() as session:
        lines = session.scalars(select(ImportLineRow)).all()
        assert [(one.cells, one.key, one.before, one.after, one.said) for one in lines] == [
            ([], "", None, None, None)
        ] * 2
        assert session.scalars(select(ImportFileRow)).all() == []
        assert [row.headings for row in session.scalars(select(ImportRow))] == [
            [[heading, []] for heading in ("户编号", "村代码", "户主姓名")]
        ] * 2
    with pytest.raises(PreconditionFailed):
        desk.act(old.ctx, old.office, done, "undo")


def test_a_purge_that_ends_over_the_rows_of_a_sheet_has_said_so_and_the_next_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ends(Exception):
        """The moment at which the process is killed."""

    def ends(*_: object) -> None:
        raise Ends

    imported(place)
    old = later(place, 400)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(import_lines, "empty", ends)
        with pytest.raises(Ends):
            purge.carry_out(old.ctx, old.office)
    with place.ctx.db.read() as session:
        [said] = session.scalars(select(AuditRow.detail).where(AuditRow.action == "purge"))
    assert said["imports"] == 2

    assert purge.carry_out(old.ctx, old.office).imports == 1, "of one the rows are still there"
    assert purge.look(old.ctx, old.office) == NOTHING
    assert whole(place)


def test_where_nothing_is_over_nothing_is_written(place: Place) -> None:
    with place.ctx.db.read() as session:
        before = session.scalars(select(AuditRow.position)).all()
    assert purge.carry_out(place.ctx, place.office) == NOTHING
    with place.ctx.db.read() as session:
        assert session.scalars(select(AuditRow.position)).all() == before
