"""A photo crosses a link that breaks, in pieces, and is believed only when it is whole."""

import base64
import hashlib
import os
import shutil
from dataclasses import replace

import pytest

from fieldsvc.problems import OffsetMismatch
from tests.api.photo_world import UPLOADS, PhotoWorld, jpeg, sha256


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
