"""A photo crosses a link that breaks, in pieces, and is believed only when it is whole."""

import base64
import hashlib
import io
import os
import shutil
from dataclasses import replace

import pytest
from PIL import Image
from werkzeug import formparser

from fieldsvc.problems import OffsetMismatch
from fieldsvc.store.tables import JobRow
from tests.api.photo_world import UPLOADS, PhotoWorld, sha256, together


def jpeg(colour: str = "red", size: tuple[int, int] = (1600, 1200)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 30).convert("RGB").save(out, "JPEG", quality=40)
    return out.getvalue() + colour.encode()


@pytest.fixture
def world(tmp_path):
    return PhotoWorld(tmp_path)


@pytest.fixture
def photo(world):
    data = jpeg()
    world.visit_names(data)
    return data


def test_a_photo_sent_in_pieces_arrives_whole_and_is_served(world, photo):
    begun = world.begin(photo)
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "0")
    where = begun.headers["Location"]
    for start in range(0, len(photo), 50_000):
        sent = world.send(where, start, photo[start : start + 50_000])
        assert sent.status_code == 204
    assert int(sent.headers["Upload-Offset"]) == len(photo)
    assert world.photo(photo).data == photo
    assert world.state(photo) == "present"
    assert list((world.ctx.settings.data_folder / "blobs" / "parts").rglob("*.*")) == []


def test_a_small_photo_may_travel_with_its_creation(world, photo):
    sent = world.begin(photo, data=photo, headers={"Content-Type": "application/offset+octet-stream"})
    assert int(sent.headers["Upload-Offset"]) == len(photo)
    assert world.photo(photo).data == photo


def test_a_lost_answer_to_the_creation_leaks_no_second_upload(world, photo):
    assert world.begin(photo).headers["Location"] == world.begin(photo).headers["Location"]


def test_the_same_bytes_are_not_sent_twice(world, photo):
    world.send(world.begin(photo).headers["Location"], 0, photo)
    again = world.begin(photo)
    assert int(again.headers["Upload-Offset"]) == len(photo)
    assert world.offset(again.headers["Location"]) == len(photo)
    assert world.client.head(again.headers["Location"], headers=world.west).status_code == 404


def test_a_digest_is_no_way_to_ask_what_others_have_photographed(world, photo):
    world.send(world.begin(photo).headers["Location"], 0, photo)
    stranger = world.begin(photo, who=world.west)
    assert stranger.headers["Upload-Offset"] == "0"
    unknown, forbidden = world.photo(b"nothing", who=world.west), world.photo(photo, who=world.west)
    assert (unknown.status_code, unknown.json["code"]) == (forbidden.status_code, forbidden.json["code"])


def test_another_persons_upload_and_no_upload_answer_alike(world, photo):
    where = world.begin(photo).headers["Location"]
    assert world.client.head(where, headers=world.west).status_code == 404
    assert world.client.head(f"{UPLOADS}/none", headers=world.west).status_code == 404


def test_a_piece_at_the_wrong_place_is_refused_and_changes_nothing(world, photo):
    where = world.begin(photo).headers["Location"]
    world.send(where, 0, photo[:1000])
    wrong = world.send(where, 500, photo[500:2000])
    assert (wrong.status_code, wrong.json["code"], wrong.json["offset"]) == (409, "offset-mismatch", 1000)
    assert world.offset(where) == 1000


def test_a_newer_connection_fences_the_older_one(world, photo):
    """The server still believes a broken link alive; the phone comes back on a new one."""
    from fieldsvc.problems import OffsetMismatch
    from fieldsvc.services import enrol, uploads

    where = world.begin(photo).headers["Location"]
    east = enrol.authenticate(world.ctx, world.east["Authorization"].removeprefix("Bearer "))
    old = uploads.begin_append(world.ctx, east, where.rsplit("/", 1)[1], 0)
    assert world.offset(where) == 0
    with pytest.raises(OffsetMismatch):
        uploads.append(world.ctx, old, photo[:1000])
    assert world.offset(where) == 0
    assert world.send(where, 0, photo).status_code == 204


def test_a_creation_that_broke_off_takes_nothing_from_the_one_that_came_after_it(world, photo):
    """The phone was back, and sending, before the server had noticed that its first link was gone."""
    from fieldsvc.services import enrol, uploads

    east = enrol.authenticate(world.ctx, world.east["Authorization"].removeprefix("Bearer "))
    wish = {"sha256": sha256(photo), "length": len(photo), "kind": "image/jpeg"}
    later = uploads.create(world.ctx, east, **wish)
    assert uploads.salvage(world.ctx, east, photo[:900], **wish).offset == 0
    assert uploads.append(world.ctx, later, photo[:500]) == 500
    assert uploads.salvage(world.ctx, east, photo[:900], **wish).offset == 500
    assert uploads.append(world.ctx, replace(later, offset=500), photo[500:]) == len(photo)
    assert uploads.salvage(world.ctx, east, photo[:900], **wish).offset == len(photo)


def test_two_creations_that_broke_off_and_are_kept_at_once_spoil_nothing_of_each_other(world, photo):
    """A server at its limit notices both cuts in the same moment, each with another beginning of the photo."""
    from fieldsvc.services import enrol, uploads

    east = enrol.authenticate(world.ctx, world.east["Authorization"].removeprefix("Bearer "))
    wish = {"sha256": sha256(photo), "length": len(photo), "kind": "image/jpeg"}
    others = [lambda: uploads.salvage(world.ctx, east, photo[:900], **wish)]

    class Slow(type(world.ctx.blobs)):
        """Between the first one's bytes and its offset, the other one is kept whole."""

        def put(self, key, data):
            super().put(key, data)
            if others:
                assert others.pop()().offset == 900

    slow = replace(world.ctx, blobs=Slow(world.ctx.blobs.root))
    with pytest.raises(OffsetMismatch):
        uploads.salvage(slow, east, photo[:500], **wish)

    where = world.begin(photo).headers["Location"]
    assert world.offset(where) == 900
    assert world.send(where, 900, photo[900:]).status_code == 204
    assert world.photo(photo).data == photo


def test_pieces_that_no_upload_names_are_dropped_a_day_later_and_no_others(world, photo):
    """A server that is killed between the bytes and the row leaves the bytes; nobody ever asks for them."""
    from fieldsvc.services import uploads

    where = world.begin(photo).headers["Location"]
    world.send(where, 0, photo[:1000])
    blobs, parts = world.ctx.blobs, world.ctx.blobs.root / "parts"
    (named,) = (path for path in parts.rglob("*") if path.is_file())
    left = f"parts/{where.rpartition('/')[2]}.000001000000001000000000001"
    unknown = "parts/01990000-0000-7000-8000-000000000001.000001000000000000000000001"
    fresh = "parts/01990000-0000-7000-8000-000000000002.000001000000000000000000001"
    for key in (left, unknown, fresh):
        blobs.put(key, b"half")
    half = blobs.root / "unfinished" / "0123456789abcdef.00000000"
    half.write_bytes(b"half a photo")
    for path in (named, half, *(blobs._path(key) for key in (left, unknown))):
        os.utime(path, ns=(0, (world.now - 2 * 86_400_000) * 1_000_000))
    os.utime(blobs._path(fresh), ns=(0, world.now * 1_000_000))

    assert uploads.tidy(world.ctx) == 2
    assert [blobs.has(key) for key in (left, unknown, fresh)] == [False, False, True]
    assert not half.exists()
    assert world.send(where, 1000, photo[1000:]).status_code == 204
    assert world.photo(photo).data == photo
    assert uploads.tidy(world.ctx) == 0


def test_a_damaged_piece_is_refused_by_its_checksum(world, photo):
    where = world.begin(photo).headers["Location"]
    good = "sha1 " + base64.b64encode(hashlib.sha1(photo[:9]).digest()).decode()
    refused = world.send(where, 0, photo[1:10], **{"Upload-Checksum": good})
    assert (refused.status_code, refused.json["code"]) == (460, "digest-mismatch")
    assert world.send(where, 0, photo[:9], **{"Upload-Checksum": good}).status_code == 204


def test_bytes_with_another_digest_are_never_linked(world, photo):
    where = world.begin(photo).headers["Location"]
    refused = world.send(where, 0, b"x" * len(photo))
    assert refused.json["code"] == "digest-mismatch"
    assert world.state(photo) == "missing"
    assert world.offset(where) == 0
    assert world.send(where, 0, photo).status_code == 204
    assert world.photo(photo).data == photo


def test_an_upload_whose_pieces_are_in_no_backup_begins_again(world, photo):
    where = world.begin(photo).headers["Location"]
    world.send(where, 0, photo[:1000])
    shutil.rmtree(world.ctx.settings.data_folder / "blobs" / "parts")
    refused = world.send(where, 1000, photo[1000:])
    assert (refused.status_code, refused.json["code"]) == (460, "digest-mismatch")
    assert world.offset(where) == 0
    assert world.send(where, 0, photo).status_code == 204
    assert world.photo(photo).data == photo


def test_a_server_that_died_before_linking_finishes_when_asked(world, photo, monkeypatch):
    from fieldsvc.services.uploads import linking

    where = world.begin(photo).headers["Location"]
    with monkeypatch.context() as dying:
        dying.setattr(linking, "finish", lambda *_: None)
        world.send(where, 0, photo[:1000])
        world.send(where, 1000, photo[1000:])
    assert world.state(photo) == "missing"
    assert world.offset(where) == len(photo)
    assert world.state(photo) == "present"


def test_two_connections_that_join_the_pieces_at_once_leave_one_whole_photo(world, photo, monkeypatch):
    from fieldsvc.services.uploads import linking

    where = world.begin(photo).headers["Location"]
    with monkeypatch.context() as dying:
        dying.setattr(linking, "finish", lambda *_: None)
        world.send(where, 0, photo[:1000])
        world.send(where, 1000, photo[1000:])
    pieces, first = linking._pieces, [where.rpartition("/")[2]]

    def another_is_faster(ctx, keys):
        if first:
            linking.finish(ctx, first.pop())
        yield from pieces(ctx, keys)

    monkeypatch.setattr(linking, "_pieces", another_is_faster)
    assert world.offset(where) == len(photo)
    assert world.offset(where) == len(photo)
    assert world.photo(photo).data == photo


def test_an_upload_nobody_finished_expires_with_its_pieces(world, photo):
    from fieldsvc.services import uploads

    where = world.begin(photo).headers["Location"]
    world.send(where, 0, photo[:1000])
    world.now += 61 * 86_400_000
    assert world.client.head(where, headers=world.east).status_code == 410
    assert uploads.sweep(world.ctx) == 1
    assert list((world.ctx.settings.data_folder / "blobs" / "parts").rglob("*.*")) == []


def test_an_upload_can_be_ended(world, photo):
    where = world.begin(photo).headers["Location"]
    assert world.client.delete(where, headers=world.east).status_code == 204
    assert world.client.head(where, headers=world.east).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "x"}, 400),
        ({"Upload-Length": "99999999999"}, 413),
        ({"Upload-Metadata": "sha256 !!"}, 400),
        ({"Upload-Metadata": "sha256 eHl6"}, 400),
    ],
)
def test_a_creation_that_makes_no_sense_is_refused(world, photo, headers, status):
    assert world.begin(photo, headers=headers).status_code == status


def test_a_piece_larger_than_allowed_is_refused_before_it_is_read(world, photo):
    where = world.begin(photo).headers["Location"]
    too_much = world.send(where, 0, b"0" * (world.ctx.settings.upload_part_bytes + 1))
    assert too_much.status_code == 413


def test_the_server_says_which_tus_it_speaks(world):
    said = world.client.options(UPLOADS).headers
    assert said["Tus-Version"] == "1.0.0"
    assert "termination" in said["Tus-Extension"]


def test_what_comes_together_and_has_another_digest_is_left_out_and_goes_alone(world):
    whole, altered = jpeg("1", size=(80, 60)), jpeg("2", size=(80, 60))
    world.visit_names(whole, altered)
    parts = {
        sha256(whole): (io.BytesIO(whole), "1.jpg", "image/jpeg"),
        sha256(altered): (io.BytesIO(altered + b"!"), "2.jpg", "image/jpeg"),
        "door": (io.BytesIO(b"named by no digest"), "3.jpg", "image/jpeg"),
    }
    answer = world.client.post(f"{UPLOADS}/together", data=parts, headers=world.east)
    assert answer.json == {"stored": [sha256(whole)]}
    assert (world.state(whole), world.state(altered)) == ("present", "missing")
    assert world.begin(altered).headers["Upload-Offset"] == "0"


def test_what_comes_together_is_no_longer_than_one_piece_may_be_and_is_read_past_before_it_is_refused(world):
    large = bytes(world.ctx.settings.upload_part_bytes)
    sent = together([large])
    body, headers = io.BytesIO(sent["data"]), {**world.east, "Content-Length": str(len(sent["data"]))}
    answer = world.client.post(
        f"{UPLOADS}/together", input_stream=body, content_type=sent["content_type"], headers=headers
    )
    assert (answer.status_code, answer.json["code"]) == (413, "body-too-large")
    assert body.tell() >= len(large)


def test_at_most_twenty_files_come_together(world):
    answers = [
        world.client.post(f"{UPLOADS}/together", headers=world.east, **together(b"%d" % n for n in range(count)))
        for count in (20, 21)
    ]
    assert [answer.status_code for answer in answers] == [200, 413]


def test_what_comes_together_needs_no_file_before_it_is_kept(world, monkeypatch):
    large = jpeg("1", size=(80, 60)) + bytes(600_000)
    world.visit_names(large)
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", lambda **_: pytest.fail("a file on the way"))
    answer = world.client.post(f"{UPLOADS}/together", headers=world.east, **together([large]))
    assert answer.json == {"stored": [sha256(large)]}


def test_what_comes_together_is_linked_in_one_order_however_it_was_sent(world):
    photos = sorted((jpeg(str(n), size=(80, 60)) for n in range(4)), key=sha256)
    world.visit_names(*photos)
    for sent in ([photos[1], photos[0]], [photos[2], photos[3]]):
        world.client.post(f"{UPLOADS}/together", headers=world.east, **together(sent))
    with world.ctx.db.read() as session:
        linked = [job.payload["sha256"] for job in session.query(JobRow).filter_by(kind="derive").order_by(JobRow.id)]
    assert linked == [sha256(photo) for photo in photos]


def test_thumbnails_of_several_photos_travel_in_one_request_and_are_seen_first(world):
    photos = [jpeg(str(n)) for n in range(3)]
    world.visit_names(*photos)
    small = jpeg("", size=(320, 240))
    parts = {sha256(photo): (io.BytesIO(small), "thumb.jpg", "image/jpeg") for photo in photos}
    answer = world.client.post("/api/v1/thumbnails", data=parts, headers=world.east)
    assert answer.status_code == 200, answer.json
    assert answer.json["stored"] == sorted(map(sha256, photos))
    assert world.photo(photos[0], "thumb").data == small
    assert world.photo(photos[0]).status_code == 404
    assert world.state(photos[0]) == "thumbnail"


def test_a_thumbnail_of_a_photo_nobody_named_is_not_kept(world):
    part = {sha256(b"unknown"): (io.BytesIO(jpeg(size=(32, 24))), "t.jpg", "image/jpeg")}
    assert world.client.post("/api/v1/thumbnails", data=part, headers=world.east).json["stored"] == []


def test_the_worker_makes_the_size_for_the_screen(world, photo):
    world.send(world.begin(photo).headers["Location"], 0, photo)
    assert world.worker_runs() == 1
    shown = world.photo(photo, "screen")
    assert max(Image.open(io.BytesIO(shown.data)).size) == 1024
    again = world.client.get(
        f"/api/v1/photos/{sha256(photo)}?size=screen", headers={**world.east, "If-None-Match": shown.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_worker_replaces_a_thumbnail_that_was_sent_ahead_by_one_of_the_photo_itself(world, photo):
    """A phone could send any small picture ahead; what the reviewer finds in the end is made of the evidence."""
    other = jpeg("", size=(64, 48))
    part = {sha256(photo): (io.BytesIO(other), "t.jpg", "image/jpeg")}
    world.client.post("/api/v1/thumbnails", data=part, headers=world.east)
    early = world.photo(photo, "thumb")
    assert (early.data, "immutable" in early.headers["Cache-Control"]) == (other, False)
    world.send(world.begin(photo).headers["Location"], 0, photo)
    world.worker_runs()
    shown = world.photo(photo, "thumb")
    assert Image.open(io.BytesIO(shown.data)).size == (320, 240)
    assert "immutable" in shown.headers["Cache-Control"]
    late = {sha256(photo): (io.BytesIO(other), "t.jpg", "image/jpeg")}
    world.client.post("/api/v1/thumbnails", data=late, headers=world.east)
    assert world.photo(photo, "thumb").data == shown.data


def test_a_thumbnail_keeps_nothing_but_the_picture(world, photo):
    plain = jpeg("", size=(64, 48))
    telling = plain[:2] + b"\xff\xe1\x00\x10Exif\0\0 at home" + plain[2:]
    part = {sha256(photo): (io.BytesIO(telling), "t.jpg", "image/jpeg")}
    assert world.client.post("/api/v1/thumbnails", data=part, headers=world.east).json["stored"] == [sha256(photo)]
    assert world.photo(photo, "thumb").data == plain


def test_a_file_that_is_no_picture_is_kept_and_harms_nobody(world):
    html = b"<script>alert(1)</script>" * 50
    world.visit_names(html)
    world.send(world.begin(html).headers["Location"], 0, html)
    assert world.worker_runs() == 1
    shown = world.photo(html)
    assert shown.data == html
    assert shown.mimetype == "application/octet-stream"
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert world.unshown(html) == "no-picture"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
