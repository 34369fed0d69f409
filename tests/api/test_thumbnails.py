"""What is seen of a photo: the thumbnail that was sent ahead, and the sizes the worker makes of the photo itself."""

import io

import pytest
from PIL import Image

from tests.api.photo_world import PhotoWorld, jpeg, sha256


@pytest.fixture
def world(tmp_path):
    return PhotoWorld(tmp_path)


@pytest.fixture
def photo(world):
    data = jpeg()
    world.visit_names(data)
    return data


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
